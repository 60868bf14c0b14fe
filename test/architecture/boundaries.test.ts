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

const importing = (source: string): string =>
  `import { x } from "${source}";\nexport const y = x;\n`;

interface Import {
  readonly room: string;
  readonly from: string;
  readonly source: string;
}

const refused: readonly Import[] = [
  { room: "core has no files", from: "core/decide/x.ts", source: "node:fs" },
  { room: "core has no SDK", from: "core/decide/x.ts", source: "@aws-sdk/client-ec2" },
  { room: "core has no adapters", from: "core/decide/x.ts", source: "../../adapters/aws/sts.ts" },
  { room: "core has no steps", from: "core/decide/x.ts", source: "../../lambdas/decide/step.ts" },
  { room: "core's errors stand alone", from: "core/errors.ts", source: "./policy.ts" },
  {
    room: "adapters decide nothing for steps",
    from: "adapters/aws/x.ts",
    source: "../../lambdas/runtime/step.ts",
  },
  { room: "adapters have no web framework", from: "adapters/aws/x.ts", source: "hono" },
  { room: "only onnx has the ONNX runtime", from: "adapters/aws/x.ts", source: "onnxruntime-web" },
  { room: "a step has no ONNX runtime", from: "lambdas/decide/step.ts", source: "onnxruntime-web" },
  { room: "onnx has no SDK", from: "adapters/onnx/x.ts", source: "@aws-sdk/client-ec2" },
  {
    room: "the table's schema imports nothing",
    from: "adapters/store/schema.ts",
    source: "./keys.ts",
  },
  { room: "a step has no handler", from: "lambdas/decide/step.ts", source: "./handler.ts" },
  {
    room: "a step has no other handler",
    from: "lambdas/decide/step.ts",
    source: "../launch/handler.ts",
  },
  {
    room: "a step has no workflow",
    from: "lambdas/decide/step.ts",
    source: "../../statemachines/linear.ts",
  },
  { room: "a step has no CDK", from: "lambdas/decide/step.ts", source: "aws-cdk-lib" },
  {
    room: "the product has no laptop",
    from: "lambdas/decide/step.ts",
    source: "../../local/clock.ts",
  },
  {
    room: "a handler has no laptop",
    from: "lambdas/decide/handler.ts",
    source: "../../local/clock.ts",
  },
  { room: "the domain has no laptop", from: "core/decide/x.ts", source: "../../local/clock.ts" },
  { room: "adapters have no laptop", from: "adapters/aws/x.ts", source: "../../local/clock.ts" },
  { room: "infra has no laptop", from: "infra/stack.ts", source: "../local/clock.ts" },
  {
    room: "infra has no adapters but the schema",
    from: "infra/stack.ts",
    source: "../adapters/store/keys.ts",
  },
  { room: "infra has no steps", from: "infra/stack.ts", source: "../lambdas/decide/step.ts" },
  { room: "infra has no SDK", from: "infra/stack.ts", source: "@aws-sdk/client-ec2" },
  {
    room: "a workflow has no domain but its errors",
    from: "statemachines/linear.ts",
    source: "../core/policy.ts",
  },
  { room: "a workflow has no packages", from: "statemachines/linear.ts", source: "zod" },
  { room: "nothing imports a test", from: "local/clock.ts", source: "../test/setup/x.ts" },
];

const allowed: readonly Import[] = [
  { room: "core with zod", from: "core/decide/x.ts", source: "zod" },
  { room: "core with itself", from: "core/decide/x.ts", source: "../model/account.ts" },
  { room: "core with its errors", from: "core/decide/x.ts", source: "../errors.ts" },
  { room: "adapters with the SDK", from: "adapters/aws/x.ts", source: "@aws-sdk/client-ec2" },
  { room: "onnx with its runtime", from: "adapters/onnx/x.ts", source: "onnxruntime-web/wasm" },
  {
    room: "adapters with the domain",
    from: "adapters/aws/x.ts",
    source: "../../core/model/account.ts",
  },
  {
    room: "a step with adapters",
    from: "lambdas/decide/step.ts",
    source: "../../adapters/aws/sts.ts",
  },
  {
    room: "a step with the runtime",
    from: "lambdas/decide/step.ts",
    source: "../runtime/evaluation-step.ts",
  },
  { room: "a handler with its step", from: "lambdas/decide/handler.ts", source: "./step.ts" },
  {
    room: "infra with the table's schema",
    from: "infra/stack.ts",
    source: "../adapters/store/schema.ts",
  },
  { room: "infra with the access list", from: "infra/stack.ts", source: "../lambdas/access.ts" },
  {
    room: "infra with the workflows",
    from: "infra/stack.ts",
    source: "../statemachines/linear.ts",
  },
  {
    room: "infra with the functions' variables",
    from: "infra/constructs/x.ts",
    source: "../../lambdas/runtime/environment.ts",
  },
  {
    room: "the customer's role with the tags",
    from: "lambdas/customer-role.ts",
    source: "../core/model/tags.ts",
  },
  { room: "infra with the CDK", from: "infra/stack.ts", source: "aws-cdk-lib/aws-iam" },
  {
    room: "a workflow with the error names",
    from: "statemachines/linear.ts",
    source: "../core/errors.ts",
  },
  {
    room: "the laptop with everything",
    from: "local/clock.ts",
    source: "../lambdas/decide/handler.ts",
  },
];

describe("who may import whom", () => {
  it.each(refused)("$room: $from must not import $source", async ({ from, source }) => {
    expect(await refusals(from, importing(source))).toEqual(["boundaries/dependencies"]);
  });

  it.each(allowed)("$room: $from may import $source", async ({ from, source }) => {
    expect(await refusals(from, importing(source))).toEqual([]);
  });

  it("types are imports too", async () => {
    const code = 'import type { X } from "../../adapters/aws/sts.ts";\nexport type Y = X;\n';
    expect(await refusals("core/decide/x.ts", code)).toEqual(["boundaries/dependencies"]);
  });

  it("re-exports are imports too", async () => {
    const code = 'export { x } from "../../local/clock.ts";\n';
    expect(await refusals("lambdas/decide/step.ts", code)).toEqual(["boundaries/dependencies"]);
  });
});

describe("environment, clock and dice", () => {
  it.each([
    { from: "lambdas/decide/step.ts", code: "export const x = process.env;\n" },
    { from: "core/decide/x.ts", code: "export const x = Date.now();\n" },
    { from: "core/decide/x.ts", code: "export const x = new Date();\n" },
    { from: "lambdas/decide/step.ts", code: "export const x = Math.random();\n" },
    { from: "local/cloud/sts.ts", code: "export const x = Date.now();\n" },
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
