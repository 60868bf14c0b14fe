/** The stack as CloudFormation sees it, with a stub for each bundle, and what cdk-nag says of it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { DISABLE_CREATION_STACK_TRACES } from "aws-cdk-lib/cx-api";
import { AwsSolutionsChecks } from "cdk-nag";
import * as z from "zod";
import { readConfig } from "../../infra/config.ts";
import { SpotOptimizerStack } from "../../infra/stack.ts";
import { functionNames } from "../../lambdas/access/functions.ts";

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
});
export type Resource = z.infer<typeof resourceSchema>;

const stubBundles = (folder: string): string => {
  for (const name of functionNames) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, "handler.cjs"), "exports.handler = () => {};\n");
  }
  return folder;
};

const featureFlags = (): Record<string, unknown> =>
  z
    .object({ context: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(readFileSync(new URL("../../cdk.json", import.meta.url), "utf8"))).context;

const reportSchema = z.object({
  pluginReports: z.array(
    z.object({
      pluginName: z.string(),
      conclusion: z.string(),
      violations: z.array(z.object({ ruleName: z.string() })),
      suppressedViolations: z.array(z.object({ ruleName: z.string() })),
    }),
  ),
});
type NagReport = z.infer<typeof reportSchema>;

/** Variables of the deployment, as in infra/config.ts. */
type Variables = Readonly<Record<string, string>>;

const withStack = <Result>(
  { variables, isValidated }: { readonly variables: Variables; readonly isValidated: boolean },
  read: (made: { app: App; stack: SpotOptimizerStack; outdir: string }) => Result,
): Result => {
  const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-infra-"));
  try {
    const outdir = join(folder, "out");
    const app = new App({
      // Nobody reads where in our code each part was made.
      context: { ...featureFlags(), [DISABLE_CREATION_STACK_TRACES]: true },
      outdir,
      // Nor what the console of CloudFormation and the makers of CDK are told.
      treeMetadata: false,
      analyticsReporting: false,
      builtinCloudFormationValidation: isValidated,
    });
    const stack = new SpotOptimizerStack(app, "SpotOptimizer", {
      config: readConfig(variables),
      bundles: stubBundles(join(folder, "bundles")),
    });
    return read({ app, stack, outdir });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** To be compared with another: CloudFormation's rules are held against what `synthesise` makes. */
export const templateOf = (variables: Variables = {}): Template =>
  withStack({ variables, isValidated: false }, ({ stack }) => Template.fromStack(stack));

export interface Synthesised {
  readonly template: Template;
  readonly nag: NagReport;
  /** CloudFormation refuses to delete it. */
  readonly isProtected: boolean;
}

export const synthesise = (variables: Variables = {}): Synthesised =>
  withStack({ variables, isValidated: true }, ({ app, stack, outdir }) => {
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
    const report: unknown = JSON.parse(
      readFileSync(join(outdir, "validation-report.json"), "utf8"),
    );
    return {
      template: Template.fromStack(stack),
      nag: reportSchema.parse(report),
      isProtected: stack.terminationProtection,
    };
  });

export const resourcesOf = (template: Template, type: string): Readonly<Record<string, Resource>> =>
  z.record(z.string(), resourceSchema).parse(template.findResources(type));
