// Strict types, and who may import whom (docs/architecture.md). The environment, clocks and dice have their rooms.
import boundaries from "eslint-plugin-boundaries";
import tseslint from "typescript-eslint";

/** One per mode, and governance. They don't know each other; what two of them need has a room of its own. */
const wings = ["linear", "cluster", "kubernetes", "governance"];

/** The rooms of the laptop in their order: a room knows some of those before it. */
const laptop = [
  "terminal",
  "loopback",
  "plot",
  "console",
  "cli",
  "schemas",
  "cloud",
  "wire",
  "interpreter",
  "platform",
  "kube",
  "lab",
  "demo",
  "bench",
  "backtest/report",
  "backtest",
  "training",
  "reconcile",
  "operations",
  "docs",
  "chaos",
  "property",
  "restarts",
  "narration",
  "mutants",
  "main",
];
const local = (...names) => names.map((name) => `local/${name}`);

/** First match wins: narrow rooms before wide ones. */
const rooms = [
  ["core-errors", "core/errors.ts"],
  ["partition", "core/model/partition.ts"],
  ...wings.map((wing) => [`decide-${wing}`, `core/decide/${wing}/**/*.ts`]),
  ["decide-offers", "core/decide/offers/**/*.ts"],
  ["decide-switch", "core/decide/switch/**/*.ts"],
  ["decide-models", "core/decide/models/**/*.ts"],
  ["decide-fleet", "core/decide/fleet/**/*.ts"],
  ["decide", "core/decide/*.ts"],
  ["decide-waste", "core/waste/**/*.ts"],
  ["core", "core/**/*.ts"],
  ["store-schema", "adapters/store/schema.ts"],
  ["onnx", "adapters/onnx/**/*.ts"],
  ["adapters", "adapters/**/*.ts"],
  ["access", "lambdas/access/**/*.ts"],
  ["environment", "lambdas/runtime/environment.ts"],
  ["handler", "lambdas/{*,*/*}/handler.ts"],
  ["runtime", "lambdas/runtime/**/*.ts"],
  ["evaluation", "lambdas/evaluation/**/*.ts"],
  ["record", "lambdas/judge/record/**/*.ts"],
  ["judge", "lambdas/judge/**/*.ts"],
  ...wings.map((wing) => [wing, `lambdas/${wing}/**/*.ts`]),
  ["fleet", "lambdas/fleet/**/*.ts"],
  ["schedule", "lambdas/schedule/**/*.ts"],
  ["interruption", "lambdas/interruption/**/*.ts"],
  ["enforce", "lambdas/enforce/**/*.ts"],
  ["waste", "lambdas/waste/**/*.ts"],
  ["notice", "lambdas/notice/**/*.ts"],
  ["ledger", "lambdas/ledger/**/*.ts"],
  ["api", "lambdas/api/**/*.ts"],
  ["statemachines", "statemachines/**/*.ts"],
  ["infra", "infra/**/*.ts"],
  ["console", "console/**/*.{ts,tsx}"],
  ...local(...laptop).map((room) => [room, `${room}/**/*.ts`]),
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

const product = rooms
  .map(({ category }) => category)
  .filter((room) => room !== "test" && !room.startsWith("local/"));
const domain = ["core", "core-errors", "partition"];
/** Decisions that any mode may ask for. */
const shared = [...domain, "decide-offers", "decide-switch", "decide-models"];
const decisions = [...shared, "decide", "decide-waste", ...wings.map((wing) => `decide-${wing}`)];
const wiring = ["adapters", "onnx", "runtime", "environment"];
const lambdaPackages = ["@aws-sdk/*", "@aws-lambda-powertools/*", "zod", "aws-lambda", "node:*"];
const lambdaRooms = [
  "runtime",
  "evaluation",
  "judge",
  "record",
  ...wings,
  "fleet",
  "schedule",
  "interruption",
  "enforce",
  "waste",
  "notice",
  "ledger",
];

const imports = [
  may("core", ...domain),
  may("decide-offers", ...domain, "decide-offers"),
  may("decide-switch", ...domain, "decide-offers", "decide-models", "decide-switch"),
  may("decide-models", ...domain, "decide-models"),
  ...wings.map((wing) => may(`decide-${wing}`, ...shared, `decide-${wing}`)),
  may("decide", ...decisions),
  may("decide-waste", ...domain, "decide-switch", "decide-waste"),
  // Subjects of all modes, judged through the one table.
  may("decide-fleet", ...decisions, "decide-fleet"),
  ...decisions
    .map((room) => mayUse(room, "zod"))
    .filter(({ from }) => from.file.categories !== "core-errors"),
  may("adapters", ...domain, "adapters", "store-schema"),
  mayUse("adapters", "@aws-sdk/*", "@kubernetes/client-node", "@smithy/*", "zod", "node:*"),
  may("onnx", ...domain),
  mayUse("onnx", "onnxruntime-web"),
  may("access", "access", "core"),
  may("environment", "core-errors", "partition"),
  mayUse("environment", "zod"),
  may("runtime", ...domain, "adapters", "runtime", "environment"),
  may("evaluation", ...shared, ...wiring, "evaluation"),
  may("judge", ...shared, "decide", ...wiring, "evaluation", "judge"),
  // What each mode adds to the record of how its evaluation ended.
  may("record", ...shared, ...wiring, "evaluation", "judge", "record", ...wings),
  ...wings.map((wing) =>
    may(wing, ...shared, `decide-${wing}`, ...wiring, "evaluation", "judge", wing),
  ),
  // A place read once for all that is judged of it.
  may("fleet", ...decisions, "decide-fleet", ...wiring, "evaluation", "judge", ...wings, "fleet"),
  // And what the janitor does for each.
  may(
    "schedule",
    ...decisions,
    "decide-fleet",
    ...wiring,
    "evaluation",
    "judge",
    ...wings,
    "fleet",
    "schedule",
  ),
  may("enforce", ...shared, ...wiring, "evaluation", "fleet", "schedule", "enforce"),
  may("ledger", ...shared, ...wiring, "fleet", "schedule", "ledger"),
  may("waste", ...shared, "decide-waste", ...wiring, "evaluation", "fleet", "schedule", "waste"),
  may("notice", ...domain, ...wiring, "schedule", "notice"),
  may("interruption", ...decisions, ...wiring, "evaluation", "interruption"),
  may("api", ...decisions, "decide-fleet", ...wiring, "access", "evaluation", "judge", "api"),
  ...lambdaRooms.map((room) => mayUse(room, ...lambdaPackages)),
  mayUse("api", ...lambdaPackages, "@hono/*", "hono", "yaml"),
  may(
    "handler",
    "adapters",
    "runtime",
    "environment",
    "judge",
    "record",
    ...wings,
    "schedule",
    "interruption",
    "enforce",
    "waste",
    "notice",
    "ledger",
    "api",
  ),
  mayUse("handler", "@aws-sdk/*", "@aws-lambda-powertools/*", "hono", "aws-lambda", "node:*"),
  may("statemachines", "core-errors", "statemachines"),
  may("infra", "infra", "statemachines", "access", "environment", "store-schema", "partition"),
  mayUse("infra", "aws-cdk-lib", "constructs", "cdk-nag", "zod", "esbuild", "typescript", "node:*"),
  ...local(...laptop).flatMap((room) => [may(room, room), mayUse(room, "**")]),
  // It talks to any API, a deployed one too: it knows the document of the API and nothing of what is behind it.
  may("local/cli", ...local("terminal", "loopback", "console")),
  // A page: it knows the API by its document, and of the product nothing that runs.
  may("console", "console", ...local("cli")),
  mayUse("console", "preact", "preact/*", "@preact/signals", "@observablehq/plot"),
  may("local/cloud", ...domain, ...local("schemas")),
  may("local/wire", ...local("loopback", "schemas", "cloud")),
  // The workflows that the page draws.
  may("local/console", "access", "statemachines", ...local("plot")),
  may("local/interpreter", "adapters", "statemachines", ...local("cloud")),
  may("local/platform", ...product, ...local("loopback", "cloud", "wire", "interpreter")),
  may("local/kube", ...product, ...local("loopback", "cloud", "wire")),
  may("local/lab", ...product, ...local("cloud", "interpreter", "platform")),
  may(
    "local/demo",
    ...product,
    ...local("terminal", "cli", "cloud", "interpreter", "platform", "lab"),
  ),
  may(
    "local/bench",
    ...product,
    ...local("terminal", "cloud", "kube", "interpreter", "platform", "lab"),
  ),
  may("local/chaos", ...product, ...local("cloud", "platform", "lab")),
  may("local/property", ...product, ...local("cloud", "platform", "lab")),
  may("local/restarts", ...product, ...local("schemas", "cloud", "platform")),
  may("local/narration", ...product, ...local("terminal", "cloud", "interpreter", "platform")),
  may("local/backtest/report", ...local("terminal", "plot")),
  may("local/backtest", ...decisions, ...local("terminal", "cloud", "backtest/report")),
  may("local/training", ...decisions, ...local("terminal", "backtest")),
  may("local/reconcile", ...domain, ...local("terminal")),
  may("local/operations", ...product, ...local("terminal", "cli")),
  may("local/docs", ...product, ...local("terminal", "cli", "bench", "demo")),
  may("local/main", ...product, ...local(...laptop)),
  may("test", ...product, ...local(...laptop), "test"),
  mayUse("test", "**"),
];

/** Lines of code: blank ones and comments are not counted. */
const atMost = (max) => ["error", { max, skipBlankLines: true, skipComments: true }];

const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: "The environment is read in lambdas/runtime and infra only.",
};
const zodAsNamespace = {
  selector: "ImportDeclaration[source.value='zod'] > ImportSpecifier[imported.name='z']",
  message: 'Write import * as z from "zod": a bundle then carries only what is used.',
};
const familyByFunction = {
  selector:
    "CallExpression[callee.property.name='startsWith'] > Literal[value=/^(Retryable|Stale|Broken)/]",
  message: "Ask familyOf of core/errors.ts.",
};
const noTableOfCharacters = {
  selector: "Property[key.name='unit'][value.value=/^binary/]",
  message:
    "Take anyCharacter of test/any-character.ts: fast-check's table of all takes a second, and 120 MB.",
};
/** What is restricted in every file. */
const everywhere = [zodAsNamespace, familyByFunction, noTableOfCharacters];
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
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { boundaries },
    settings: {
      "boundaries/files": rooms,
      "boundaries/files-single-match": true,
      "import/resolver": { node: { extensions: [".ts", ".tsx", ".js"] } },
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
      "boundaries/no-unknown-files": "error",
      complexity: ["error", 10],
      "max-lines": atMost(300),
      "max-lines-per-function": atMost(60),
      "max-params": ["error", 3],
      "no-console": "error",
      "no-restricted-syntax": ["error", noEnvironment, ...everywhere],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
    },
  },
  // The console is Lambda's log.
  { files: ["lambdas/runtime/log.ts"], rules: { "no-console": "off" } },
  {
    files: ["core/**", "lambdas/**", "adapters/**", "statemachines/**", "local/cloud/**"],
    ignores: [
      "lambdas/runtime/make-handler.ts",
      "lambdas/runtime/throttles.ts",
      "lambdas/**/handler.ts",
    ],
    rules: { "no-restricted-syntax": ["error", noEnvironment, ...everywhere, ...noClockNorDice] },
  },
  {
    files: ["lambdas/runtime/environment.ts", "infra/app.ts", "local/main/**", "test/**"],
    rules: { "no-restricted-syntax": ["error", ...everywhere] },
  },
  {
    // Closures over one state that are still to be split, of 88 lines and more.
    files: ["local/cloud/iam/identities.ts"],
    rules: { "max-lines-per-function": atMost(100) },
  },
  // Generated from the API's document.
  { files: ["local/cli/api/schema.ts"], rules: { "max-lines": "off" } },
  {
    // A fixture judges many things in a row, and sends what a request is made of. A suite is one function.
    files: ["test/**"],
    rules: {
      complexity: "off",
      "max-lines": "off",
      "max-lines-per-function": "off",
      "max-params": "off",
    },
  },
);
