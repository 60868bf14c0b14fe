// Strict types, and who may import whom (docs/architecture.md). The environment, clocks and dice have their rooms.
import boundaries from "eslint-plugin-boundaries";
import tseslint from "typescript-eslint";

/** First match wins: narrow rooms before wide ones. */
const rooms = [
  ["core-errors", "core/errors.ts"],
  ["core", "core/**/*.ts"],
  ["store-schema", "adapters/store/schema.ts"],
  ["onnx", "adapters/onnx/**/*.ts"],
  ["adapters", "adapters/**/*.ts"],
  ["access", "lambdas/{access,customer-role,placeholder}.ts"],
  ["environment", "lambdas/runtime/environment.ts"],
  ["handler", "lambdas/*/handler.ts"],
  ["lambdas", "lambdas/**/*.ts"],
  ["statemachines", "statemachines/**/*.ts"],
  ["infra", "infra/**/*.ts"],
  ["local", "local/**/*.ts"],
  ["test", "test/**/*.ts"],
].map(([category, pattern]) => ({ category, pattern }));

const may = (from, ...to) => ({
  from: { file: { categories: from } },
  allow: { to: { file: { categories: { anyOf: to } } } },
});
const mayUse = (from, ...sources) => ({
  from: { file: { categories: from } },
  allow: { to: { module: { origin: ["external", "core"], source: sources } } },
});

const product = rooms.map(({ category }) => category).filter((room) => room !== "test");
const domain = ["core", "core-errors"];
const lambda = ["lambdas", "environment", "access"];

const imports = [
  may("core", ...domain),
  mayUse("core", "zod"),
  may("adapters", ...domain, "adapters", "store-schema"),
  mayUse("adapters", "@aws-sdk/*", "@smithy/*", "zod", "node:*"),
  may("onnx", ...domain),
  mayUse("onnx", "onnxruntime-web"),
  may("access", "access", "core"),
  may("environment", "core-errors"),
  mayUse("environment", "zod"),
  may("lambdas", ...domain, "adapters", "onnx", ...lambda),
  mayUse(
    "lambdas",
    "@aws-sdk/*",
    "@aws-lambda-powertools/*",
    "@hono/*",
    "hono",
    "zod",
    "yaml",
    "aws-lambda",
    "node:*",
  ),
  may("handler", ...domain, "adapters", ...lambda),
  mayUse("handler", "@aws-sdk/*", "@aws-lambda-powertools/*", "hono", "aws-lambda", "node:*"),
  may("statemachines", "core-errors", "statemachines"),
  may("infra", "infra", "statemachines", "access", "environment", "store-schema"),
  mayUse("infra", "aws-cdk-lib", "constructs", "cdk-nag", "zod", "esbuild", "node:*"),
  may("local", ...product),
  mayUse("local", "**"),
  may("test", ...product, "test"),
  mayUse("test", "**"),
];

const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: "The environment is read in lambdas/runtime and infra only.",
};
const noClockNorDice = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: "Time is passed in.",
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: "Time is passed in.",
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: "Randomness is passed in.",
  },
];

export default tseslint.config(
  { ignores: ["node_modules/", "dist/", "cdk.out/", ".local/", "coverage/", "**/*.js"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { boundaries },
    settings: {
      "boundaries/files": rooms,
      "boundaries/files-single-match": true,
      "import/resolver": { node: { extensions: [".ts", ".js"] } },
    },
    rules: {
      "boundaries/dependencies": [
        "error",
        {
          default: "disallow",
          checkAllOrigins: true,
          checkUnknownLocals: true,
          policies: imports,
        },
      ],
      complexity: ["error", 10],
      "max-params": ["error", 3],
      "no-console": "error",
      "no-restricted-syntax": ["error", noEnvironment],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
    },
  },
  {
    files: ["core/**", "lambdas/*/**", "adapters/**", "statemachines/**", "local/cloud/**"],
    ignores: ["lambdas/runtime/make-handler.ts", "lambdas/*/handler.ts"],
    rules: { "no-restricted-syntax": ["error", noEnvironment, ...noClockNorDice] },
  },
  {
    files: ["lambdas/runtime/environment.ts", "infra/app.ts", "local/main/**", "test/**"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    // A fixture judges many things in a row, and sends what a request is made of.
    files: ["test/**"],
    rules: { complexity: "off", "max-params": "off" },
  },
);
