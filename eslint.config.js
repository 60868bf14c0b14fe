// Strict types, and who may import whom (docs/architecture.md). `process.env`, clocks and randomness have their rooms.
import boundaries from "eslint-plugin-boundaries";
import tseslint from "typescript-eslint";

const noClockNorDice = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: "Time is passed in: `now`.",
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: "Time is passed in: `now`.",
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: "Randomness is passed in.",
  },
];

const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: "The environment is read in lambdas/runtime and infra/config only.",
};

const may = (from, ...to) => ({
  from: { type: from },
  allow: { to: { type: to } },
});
const mayUse = (from, ...modules) => ({
  from: { type: from },
  allow: { dependency: { source: modules } },
});

export default tseslint.config(
  { ignores: ["node_modules", "dist", "cdk.out", ".local", "coverage"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      complexity: ["error", 10],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "max-params": ["error", 3],
      "no-console": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "no-restricted-syntax": ["error", noEnvironment],
    },
  },
);
export { boundaries, may, mayUse, noClockNorDice };
