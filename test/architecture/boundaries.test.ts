import { existsSync } from "node:fs";
import { dirname, relative } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";

/** The house's own configuration; what needs the types of a whole program is off, since these files do not exist. */
const eslint = new ESLint({
  overrideConfig: [
    tseslint.configs.disableTypeChecked,
    { languageOptions: { parserOptions: { projectService: false } } },
  ],
});

const refusals = async (filePath: string, code: string): Promise<readonly string[]> => {
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? []).map((message) => message.ruleId ?? message.message);
};

/** Paths are from the root; anything else is the name of a package. */
const isPath = (source: string): boolean =>
  /^(core|adapters|lambdas|statemachines|infra|local|test)\//.test(source);

const importing = (from: string, source: string): string => {
  const path = relative(dirname(from), source);
  const specifier = isPath(source) ? (path.startsWith(".") ? path : `./${path}`) : source;
  return `import { x } from "${specifier}";\nexport const y = x;\n`;
};

interface Import {
  readonly room: string;
  readonly from: string;
  readonly source: string;
}

const step = "lambdas/judge/decide/step.ts";
const handler = "lambdas/judge/decide/handler.ts";
const clock = "local/cloud/clock.ts";

/** LINEAR's files stand for any wing's: a target must exist, or ESLint refuses it for that. */
const betweenWings: readonly Import[] = ["cluster", "kubernetes", "governance"].flatMap((wing) => [
  {
    room: "wings don't know each other's decisions",
    from: `core/decide/${wing}/x.ts`,
    source: "core/decide/linear/verdict.ts",
  },
  {
    room: "wings don't know each other's steps",
    from: `lambdas/${wing}/x/step.ts`,
    source: "lambdas/linear/guards.ts",
  },
  {
    room: "a step asks no other wing's decisions",
    from: `lambdas/${wing}/x/step.ts`,
    source: "core/decide/linear/verdict.ts",
  },
]);

/** A file of each room of the laptop, in the order of the rooms: none knows one that comes after it. */
const laptop = [
  "terminal/table.ts",
  "schemas/model.ts",
  "cloud/clock.ts",
  "wire/exchange.ts",
  "interpreter/json.ts",
  "platform/platform.ts",
  "lab/judge.ts",
  "demo/story.ts",
  "bench/cost.ts",
  "backtest/report/markup.ts",
  "backtest/market-run.ts",
  "training/fit.ts",
  "reconcile/compare.ts",
  "docs/markdown-table.ts",
  "mutants/mutant.ts",
  "main/demo.ts",
].map((file) => `local/${file}`);

const againstTheOrder: readonly Import[] = laptop.flatMap((file, position) =>
  laptop.slice(position + 1).map((source) => ({
    room: "a room of the laptop knows none after it",
    from: `${dirname(file)}/x.ts`,
    source,
  })),
);

const refused: readonly Import[] = [
  ...betweenWings,
  ...againstTheOrder,
  { room: "core has no files", from: "core/decide/x.ts", source: "node:fs" },
  { room: "core has no SDK", from: "core/decide/x.ts", source: "@aws-sdk/client-ec2" },
  { room: "core has no adapters", from: "core/decide/x.ts", source: "adapters/aws/sts.ts" },
  { room: "core has no steps", from: "core/decide/x.ts", source: step },
  { room: "core's errors stand alone", from: "core/errors.ts", source: "core/policy/policy.ts" },
  {
    room: "the model has no decisions",
    from: "core/model/x.ts",
    source: "core/decide/offers/need.ts",
  },
  {
    room: "offers know no mode",
    from: "core/decide/offers/x.ts",
    source: "core/decide/linear/travelling-parts.ts",
  },
  {
    room: "what every switch asks knows no mode",
    from: "core/decide/switch/x.ts",
    source: "core/decide/linear/verdict.ts",
  },
  {
    room: "adapters decide nothing for steps",
    from: "adapters/aws/x.ts",
    source: "lambdas/runtime/step.ts",
  },
  { room: "adapters have no web framework", from: "adapters/aws/x.ts", source: "hono" },
  { room: "only onnx has the ONNX runtime", from: "adapters/aws/x.ts", source: "onnxruntime-web" },
  { room: "a step has no ONNX runtime", from: step, source: "onnxruntime-web" },
  { room: "onnx has no SDK", from: "adapters/onnx/x.ts", source: "@aws-sdk/client-ec2" },
  {
    room: "the table's schema imports nothing",
    from: "adapters/store/schema.ts",
    source: "adapters/store/keys.ts",
  },
  {
    room: "the runtime is wiring and nothing else",
    from: "lambdas/runtime/x.ts",
    source: "lambdas/evaluation/perform.ts",
  },
  {
    room: "the runtime decides nothing",
    from: "lambdas/runtime/x.ts",
    source: "core/decide/switch/health.ts",
  },
  {
    room: "the life of an evaluation knows no mode",
    from: "lambdas/evaluation/x.ts",
    source: "lambdas/linear/guards.ts",
  },
  {
    room: "judging steps know no mode",
    from: "lambdas/judge/x/step.ts",
    source: "lambdas/linear/guards.ts",
  },
  { room: "a step has no handler", from: step, source: handler },
  { room: "a step has no other handler", from: step, source: "lambdas/judge/scrape/handler.ts" },
  { room: "a step has no access list", from: step, source: "lambdas/access/functions.ts" },
  { room: "a step has no workflow", from: step, source: "statemachines/linear.ts" },
  { room: "a step has no CDK", from: step, source: "aws-cdk-lib" },
  { room: "the API runs no step", from: "lambdas/api/x.ts", source: "lambdas/linear/guards.ts" },
  { room: "the product has no laptop", from: step, source: clock },
  { room: "a handler has no laptop", from: handler, source: clock },
  { room: "the domain has no laptop", from: "core/decide/x.ts", source: clock },
  { room: "adapters have no laptop", from: "adapters/aws/x.ts", source: clock },
  { room: "infra has no laptop", from: "infra/stack.ts", source: clock },
  {
    room: "infra has no adapters but the schema",
    from: "infra/stack.ts",
    source: "adapters/store/keys.ts",
  },
  { room: "infra has no steps", from: "infra/stack.ts", source: step },
  { room: "infra has no SDK", from: "infra/stack.ts", source: "@aws-sdk/client-ec2" },
  {
    room: "a workflow has no domain but its errors",
    from: "statemachines/linear.ts",
    source: "core/policy/policy.ts",
  },
  { room: "a workflow has no packages", from: "statemachines/linear.ts", source: "zod" },
  { room: "the simulated cloud has no SDK calls", from: clock, source: "adapters/aws/sts.ts" },
  {
    room: "the simulated cloud has no decisions",
    from: clock,
    source: "core/decide/offers/need.ts",
  },
  { room: "the wire has no product", from: "local/wire/x.ts", source: "core/model/account.ts" },
  { room: "the schemas have no product", from: "local/schemas/x.ts", source: "core/errors.ts" },
  { room: "the training has no steps", from: "local/training/x.ts", source: step },
  { room: "nothing imports a test", from: clock, source: "test/docs/pages.ts" },
];

const allowed: readonly Import[] = [
  { room: "core with zod", from: "core/decide/x.ts", source: "zod" },
  { room: "core with itself", from: "core/decide/x.ts", source: "core/model/account.ts" },
  { room: "core with its errors", from: "core/decide/x.ts", source: "core/errors.ts" },
  {
    room: "a wing with what is on offer",
    from: "core/decide/cluster/x.ts",
    source: "core/decide/offers/choice.ts",
  },
  {
    room: "the one table of judges with the wings",
    from: "core/decide/x.ts",
    source: "core/decide/linear/verdict.ts",
  },
  { room: "adapters with the SDK", from: "adapters/aws/x.ts", source: "@aws-sdk/client-ec2" },
  { room: "onnx with its runtime", from: "adapters/onnx/x.ts", source: "onnxruntime-web/wasm" },
  { room: "adapters with the domain", from: "adapters/aws/x.ts", source: "core/model/account.ts" },
  { room: "a step with adapters", from: step, source: "adapters/aws/sts.ts" },
  { room: "a step with the runtime", from: step, source: "lambdas/runtime/context.ts" },
  { room: "a step with the evaluation", from: step, source: "lambdas/evaluation/perform.ts" },
  {
    room: "a step with its wing's decisions",
    from: "lambdas/linear/x/step.ts",
    source: "core/decide/linear/verdict.ts",
  },
  { room: "a handler with its step", from: handler, source: step },
  {
    room: "infra with the table's schema",
    from: "infra/stack.ts",
    source: "adapters/store/schema.ts",
  },
  {
    room: "infra with the list of functions",
    from: "infra/stack.ts",
    source: "lambdas/access/functions.ts",
  },
  {
    room: "infra with the workflows",
    from: "infra/stack.ts",
    source: "statemachines/workflows.ts",
  },
  {
    room: "infra with the functions' variables",
    from: "infra/constructs/x.ts",
    source: "lambdas/runtime/environment.ts",
  },
  {
    room: "the customer's role with the tags",
    from: "lambdas/access/customer-role.ts",
    source: "core/model/tags.ts",
  },
  { room: "infra with the CDK", from: "infra/stack.ts", source: "aws-cdk-lib/aws-iam" },
  {
    room: "a workflow with the error names",
    from: "statemachines/linear.ts",
    source: "core/errors.ts",
  },
  { room: "the platform with everything", from: "local/platform/x.ts", source: handler },
  { room: "the wire with the cloud", from: "local/wire/x.ts", source: clock },
  {
    room: "the cloud with the schemas",
    from: "local/cloud/ec2/x.ts",
    source: "local/schemas/model.ts",
  },
  {
    room: "the backtest with its report",
    from: "local/backtest/x.ts",
    source: "local/backtest/report/markup.ts",
  },
  { room: "a command with its room", from: "local/main/x.ts", source: "local/demo/story.ts" },
  { room: "a test with the laptop", from: "test/x.ts", source: clock },
];

describe("who may import whom", () => {
  it.each(refused)("$room: $from must not import $source", async ({ from, source }) => {
    expect(await refusals(from, importing(from, source))).toEqual(["boundaries/dependencies"]);
  });

  it.each(allowed)("$room: $from may import $source", async ({ from, source }) => {
    expect(await refusals(from, importing(from, source))).toEqual([]);
  });

  it.each([...refused, ...allowed].filter(({ source }) => isPath(source)))(
    "$source exists, so that the rule and not its absence decides",
    ({ source }) => {
      expect(existsSync(new URL(`../../${source}`, import.meta.url))).toBe(true);
    },
  );

  it("types are imports too", async () => {
    const code = 'import type { X } from "../../adapters/aws/sts.ts";\nexport type Y = X;\n';
    expect(await refusals("core/decide/x.ts", code)).toEqual(["boundaries/dependencies"]);
  });

  it("re-exports are imports too", async () => {
    const code = 'export { x } from "../../../local/cloud/clock.ts";\n';
    expect(await refusals("lambdas/judge/decide/step.ts", code)).toEqual([
      "boundaries/dependencies",
    ]);
  });
});

describe("a new folder", () => {
  it("is given a room before it holds code", async () => {
    expect(await refusals("local/x/x.ts", "export const x = 1;\n")).toEqual([
      "boundaries/no-unknown-files",
    ]);
  });
});

describe("environment, clock and dice", () => {
  it.each([
    { from: "lambdas/judge/decide/step.ts", code: "export const x = process.env;\n" },
    { from: "core/decide/x.ts", code: "export const x = Date.now();\n" },
    { from: "core/decide/x.ts", code: "export const x = new Date();\n" },
    { from: "lambdas/judge/decide/step.ts", code: "export const x = Math.random();\n" },
    { from: "local/cloud/sts/service.ts", code: "export const x = Date.now();\n" },
  ])("$from must not say $code", async ({ from, code }) => {
    expect(await refusals(from, code)).toEqual(["no-restricted-syntax"]);
  });

  it.each([
    { from: "lambdas/runtime/environment.ts", code: "export const x = process.env;\n" },
    { from: "lambdas/runtime/make-handler.ts", code: "export const x = new Date();\n" },
    { from: "core/decide/x.ts", code: "export const x = new Date(0);\n" },
  ])("$from may say $code", async ({ from, code }) => {
    expect(await refusals(from, code)).toEqual([]);
  });
});

describe("the family of an error", () => {
  it.each(["core/decide/x.ts", "lambdas/linear/roll-back/step.ts", "test/core/x.test.ts"])(
    "is not told from the beginning of its name in %s",
    async (from) => {
      const code = 'export const x = (name: string) => name.startsWith("Broken");\n';
      expect(await refusals(from, code)).toEqual(["no-restricted-syntax"]);
    },
  );
});

describe("zod", () => {
  it("is imported as a namespace, so that a bundle carries only what is used", async () => {
    const code = 'import { z } from "zod";\nexport const x = z.string();\n';
    expect(await refusals("core/model/x.ts", code)).toEqual(["no-restricted-syntax"]);
  });
});
