/** A customer applies our role template to an account of the simulated cloud, as CloudFormation would. */
import { parse } from "yaml";
import * as z from "zod";
import { customerRoleParts } from "../../lambdas/access/customer-role.ts";
import { choiceOf, optionsOf, parameterOf } from "../../lambdas/api/template-choices.ts";
import type { Cloud } from "../cloud/dispatch.ts";
import { statementSchema } from "../cloud/iam/permissions.ts";
import type { Statement } from "../cloud/iam/policy.ts";
import { applyBins, binRuleSchema } from "./customer-bins.ts";
import { applyEvents, eventResourceSchemas } from "./customer-events.ts";
import type { Platform } from "./platform.ts";

const listOf = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const reference = z.strictObject({ Ref: z.string() });

const roleSchema = z.strictObject({
  Type: z.literal("AWS::IAM::Role"),
  Properties: z.strictObject({
    RoleName: z.string(),
    Description: z.string(),
    MaxSessionDuration: z.int(),
    Tags: z.array(z.unknown()),
    AssumeRolePolicyDocument: z.object({
      Statement: z.tuple([
        z.object({
          Principal: z.strictObject({ AWS: listOf }),
          // Strict, so that a condition which the simulated STS doesn't weigh is not passed over.
          Condition: z.strictObject({
            StringEquals: z.strictObject({ "sts:ExternalId": z.string() }),
            ArnLike: z.strictObject({ "aws:PrincipalArn": z.string() }),
          }),
        }),
      ]),
    }),
  }),
});

/** `Fn::If`: the condition, the statement where it holds, and the one where it does not. */
const branchSchema = z.union([
  statementSchema,
  z.strictObject({ Ref: z.literal("AWS::NoValue") }).transform(() => undefined),
]);
const chosenSchema = z
  .strictObject({ "Fn::If": z.tuple([z.string(), branchSchema, branchSchema]) })
  .transform(({ "Fn::If": [condition, then, otherwise] }) => ({ condition, then, otherwise }));
const policyStatementSchema = z.union([
  chosenSchema,
  statementSchema.transform((statement) => ({ condition: undefined, then: statement })),
]);

const policySchema = z.strictObject({
  Type: z.literal("AWS::IAM::ManagedPolicy"),
  Condition: z.string().optional(),
  Properties: z.strictObject({
    Description: z.string(),
    Roles: z.array(reference),
    PolicyDocument: z.object({ Statement: z.array(policyStatementSchema) }),
  }),
});

const templateSchema = z.object({
  Parameters: z.record(
    z.string(),
    z.object({ Default: z.string(), AllowedValues: z.array(z.string()).optional() }),
  ),
  Conditions: z.record(
    z.string(),
    z.strictObject({ "Fn::Equals": z.tuple([reference, z.string()]) }),
  ),
  Resources: z.record(
    z.string(),
    z.union([roleSchema, policySchema, binRuleSchema, ...eventResourceSchemas]),
  ),
});
type Template = z.infer<typeof templateSchema>;
type Policy = z.infer<typeof policySchema>;

/** By the parameter's name; the template's default where one is not given. */
export type TemplateParameters = Readonly<Record<string, string>>;

/** Chosen is what is left out otherwise: nothing here is anybody's but the simulation's. */
export const everyPart: TemplateParameters = Object.fromEntries(
  [...customerRoleParts.map(choiceOf), ...optionsOf(customerRoleParts)]
    .filter(({ isOptIn }) => isOptIn === true)
    .map((choice) => [parameterOf(choice), "true"]),
);

/** @throws Error as CloudFormation refuses: unknown parameters, values that are not allowed */
const parameterValues = (
  { Parameters }: Template,
  given: TemplateParameters,
): Map<string, string> => {
  const unknown = Object.keys(given).filter((name) => !(name in Parameters));
  if (unknown.length > 0) throw new Error(`The template has no parameter ${unknown.join(", ")}.`);
  return new Map(
    Object.entries(Parameters).map(([name, { Default, AllowedValues }]) => {
      const value = given[name] ?? Default;
      if (AllowedValues?.includes(value) === false) throw new Error(`${name} can't be ${value}.`);
      return [name, value];
    }),
  );
};

/** @throws Error when the template names a condition that it doesn't have */
const holds = ({ Conditions }: Template, name: string, values: Map<string, string>): boolean => {
  const condition = Conditions[name];
  if (condition === undefined) throw new Error(`The template has no condition ${name}.`);
  const [{ Ref }, wanted] = condition["Fn::Equals"];
  return values.get(Ref) === wanted;
};

/** The policies that are made and attached to the role. */
const policiesOf = (template: Template, roleId: string, values: Map<string, string>): Policy[] =>
  Object.values(template.Resources)
    .filter((resource) => resource.Type === "AWS::IAM::ManagedPolicy")
    .filter(({ Condition }) => Condition === undefined || holds(template, Condition, values))
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }) => Ref === roleId));

const statementsOf = (template: Template, policy: Policy, values: Map<string, string>) =>
  policy.Properties.PolicyDocument.Statement.flatMap((chosen): Statement | readonly Statement[] => {
    if (chosen.condition === undefined) return chosen.then;
    return (holds(template, chosen.condition, values) ? chosen.then : chosen.otherwise) ?? [];
  });

const roleId = "SpotOptimizerRole";

/** The ExternalId is all in which two templates of one product differ, and takes no part in their reading. */
const externalIdLine = /("?sts:ExternalId"?: *)(\S+)/;
const placeholder = "external-id";
const read = new Map<string, Template>();

/** What the policies of a template come to, by its parameters. */
const chosen = new WeakMap<Template, Map<string, readonly Statement[]>>();

const chosenStatements = (
  template: Template,
  parameters: TemplateParameters,
): readonly Statement[] => {
  const values = parameterValues(template, parameters);
  const byValues = chosen.get(template) ?? new Map<string, readonly Statement[]>();
  chosen.set(template, byValues);
  const name = JSON.stringify([...values]);
  const statements =
    byValues.get(name) ??
    policiesOf(template, roleId, values).flatMap((policy) =>
      statementsOf(template, policy, values),
    );
  byValues.set(name, statements);
  return statements;
};

/** Reading YAML takes longer than a whole verdict, so what was read once is kept. Throws ZodError when it is not ours. */
const readTemplate = (yaml: string): Template => {
  const text = yaml.replace(externalIdLine, `$1${placeholder}`);
  const kept = read.get(text) ?? templateSchema.parse(parse(text));
  read.set(text, kept);
  return kept;
};

/** As we give them out. To YAML it is text as it stands: reading that took a twentieth of the opening of an account. */
const plainId = /^[a-z]+(-[a-z0-9]+)+$/;

const externalIdOf = (yaml: string, written: string): string => {
  if (written !== placeholder) return written;
  const [, , found = ""] = externalIdLine.exec(yaml) ?? [];
  return plainId.test(found) ? found : z.string().parse(parse(found));
};

/** What of it stands in each region: what forwards events, and the rules of the Recycle Bin. Throws as `applyRoleTemplate` does. */
export const applyEventTemplate = (
  platform: Pick<Platform, "cloud" | "ec2" | "eventBridge" | "queues">,
  applied: {
    readonly accountId: string;
    readonly region: string;
    readonly yaml: string;
    readonly parameters?: TemplateParameters;
  },
): void => {
  const template = readTemplate(applied.yaml);
  const values = parameterValues(template, applied.parameters ?? {});
  const { accountId, region } = applied;
  const regional = {
    accountId,
    region,
    resources: template.Resources,
    holds: (name: string) => holds(template, name, values),
  };
  applyEvents(platform, regional);
  applyBins(platform.ec2.control, regional);
};

/** @returns the role's ARN. Throws ZodError when the template is not ours, Error when parameters don't fit it. */
export const applyRoleTemplate = (
  cloud: Pick<Cloud, "identities">,
  applied: {
    readonly accountId: string;
    readonly yaml: string;
    readonly parameters?: TemplateParameters;
  },
): string => {
  const template = readTemplate(applied.yaml);
  const role = roleSchema.parse(template.Resources[roleId]).Properties;
  const [trust] = role.AssumeRolePolicyDocument.Statement;
  return cloud.identities.addRole({
    accountId: applied.accountId,
    name: role.RoleName,
    trustedPrincipals: trust.Principal.AWS,
    externalId: externalIdOf(applied.yaml, trust.Condition.StringEquals["sts:ExternalId"]),
    principalArnLike: trust.Condition.ArnLike["aws:PrincipalArn"],
    maxSessionSeconds: role.MaxSessionDuration,
    statements: chosenStatements(template, applied.parameters ?? {}),
  }).arn;
};
