/**
 * The CloudFormation template that a customer applies: rules that forward events to our bus (event-forwarding.ts), and one role, which trusts those of our Lambda roles that stand
 * under the customer path, only with this account's ExternalId, and may do what our functions call and nothing else.
 * Each part of it is a managed policy, and all but the first can be left out by a parameter; so can statements by an option.
 */
import type { Account } from "../../core/model/account.ts";
import { managedByTag } from "../../core/model/tags.ts";
import { customerRoleName, customerRoleParts, isAlwaysThere } from "../access/customer-role.ts";
import type { RolePart, RoleStatement } from "../access/parts/part.ts";
import { readTrustedRolePattern, type RoleTrust } from "../access/role-path.ts";
import { eventForwarding } from "./event-forwarding.ts";
import { recycleBinRules } from "./recycle-bin.ts";
import {
  choiceOf,
  condition,
  conditionOf,
  forEach,
  optionsOf,
  parameter,
  parameterOf,
  pascalCase,
} from "./template-choices.ts";
import { ApiProblem } from "./problem.ts";

/** Role chaining allows one hour at most. */
const sessionSeconds = 3600;

export const customerRoleArn = (accountId: string): string =>
  `arn:aws:iam::${accountId}:role/${customerRoleName}`;

/** The role's name within the template. */
const roleId = "SpotOptimizerRole";

export interface TemplateInput {
  readonly account: Pick<Account, "accountId" | "externalId">;
  /** As `trustedRolePattern` writes it. */
  readonly trustedRolePattern: string;
  /** ARN of the bus to which events are forwarded. */
  readonly eventBusArn: string;
}

/** The principal is our account: a principal's ARN takes no wildcards. The condition leaves only the roles under the path. */
const trustPolicy = ({ externalId }: TemplateInput["account"], trust: RoleTrust) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "SpotOptimizer",
      Effect: "Allow",
      Principal: { AWS: trust.principal },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "sts:ExternalId": externalId },
        ArnLike: { "aws:PrincipalArn": trust.pattern },
      },
    },
  ],
});

/** @throws ApiProblem when the pattern is not our customer path: an open trust is never written */
const requireTrust = ({ trustedRolePattern }: TemplateInput): RoleTrust => {
  const trust = readTrustedRolePattern(trustedRolePattern);
  if (trust !== undefined) return trust;
  throw new ApiProblem(
    "internal-error",
    "The trusted role pattern is not a customer path of our account, so no role template can be made. Deploy the stack again.",
  );
};

const roleResource = (input: TemplateInput) => ({
  Type: "AWS::IAM::Role",
  Properties: {
    RoleName: customerRoleName,
    Description: "Assumed by Spot Optimizer, with the ExternalId of this account",
    MaxSessionDuration: sessionSeconds,
    AssumeRolePolicyDocument: trustPolicy(input.account, requireTrust(input)),
    Tags: [{ Key: managedByTag.key, Value: managedByTag.value }],
  },
});

const statementOf = (statement: RoleStatement) => ({
  Sid: statement.sid,
  Effect: statement.effect ?? "Allow",
  Action: [...statement.actions],
  Resource: [...statement.resources],
  ...(statement.conditions === undefined ? {} : { Condition: statement.conditions }),
});

/** An item that a choice leaves out of a list. */
const nothing = { Ref: "AWS::NoValue" } as const;

const policyStatement = (statement: RoleStatement) => {
  const written = statementOf(statement);
  if (statement.where === undefined) return written;
  const { option, allowed } = statement.where;
  const branches = allowed ? [written, nothing] : [nothing, written];
  return { "Fn::If": [conditionOf({ name: option }), ...branches] };
};

/** IAM takes 6,144 characters, white space aside; what encloses the statements takes some of them. (IAM user guide, "IAM and AWS STS quotas".) */
const mostCharacters = 6_000;

/** A part that IAM would not take as one policy, as several. */
const policiesOf = (part: RolePart): readonly RolePart[] => {
  const policies: RoleStatement[][] = [[]];
  let length = 0;
  for (const statement of part.statements) {
    const more = JSON.stringify(statementOf(statement)).length + 1;
    if (length + more > mostCharacters) {
      policies.push([]);
      length = 0;
    }
    policies.at(-1)?.push(statement);
    length += more;
  }
  return policies.map((statements) => ({ ...part, statements }));
};

/** `LinearPolicy`, and `LinearPolicy2` for what does not fit into that. */
const policyResources = (
  parts: readonly RolePart[],
): Readonly<Record<string, ReturnType<typeof policyResource>>> =>
  Object.fromEntries(
    parts.flatMap((part) =>
      policiesOf(part).map((policy, index) => [
        `${pascalCase(part.feature)}Policy${index === 0 ? "" : String(index + 1)}`,
        policyResource(policy),
      ]),
    ),
  );

/** Without a name: CloudFormation can then replace it, and gives one that tells stack and part. */
const policyResource = (part: RolePart) => ({
  Type: "AWS::IAM::ManagedPolicy",
  ...(isAlwaysThere(part) ? {} : { Condition: conditionOf(choiceOf(part)) }),
  Properties: {
    Description: `Spot Optimizer, ${part.feature}: ${part.purpose}`,
    Roles: [{ Ref: roleId }],
    PolicyDocument: {
      Version: "2012-10-17",
      Statement: part.statements.map(policyStatement),
    },
  },
});

/** Of the part by which waste is deleted, where there is one: what it deletes can come back. In each region. */
const binSections = (parts: readonly RolePart[]) => {
  const choices = parts.filter(({ feature }) => feature === "waste").map(choiceOf);
  const [choice] = choices;
  return {
    Parameters: forEach(choices, parameterOf, parameter),
    Conditions: forEach(choices, conditionOf, condition),
    Resources: choice === undefined ? {} : recycleBinRules(conditionOf(choice)),
  };
};

/** What is the same for every customer: what stands before `Resources`, and in it beside the role. */
const sharedOf = (eventBusArn: string, parts: readonly RolePart[]) => {
  const optional = parts.filter((part) => !isAlwaysThere(part)).map(choiceOf);
  const choices = [...optional, ...optionsOf(parts)];
  const forwarding = eventForwarding(eventBusArn);
  return {
    before: {
      Parameters: { ...forEach(choices, parameterOf, parameter), ...forwarding.Parameters },
      Conditions: { ...forEach(choices, conditionOf, condition), ...forwarding.Conditions },
    },
    beside: {
      ...policyResources(parts),
      ...binSections(parts).Resources,
      ...forwarding.Resources,
    },
  };
};

const headOf = ({ account }: TemplateInput) => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Description: `Spot Optimizer: the role through which account ${account.accountId} is optimised`,
});

const outputs = {
  RoleArn: {
    Description: "The role that Spot Optimizer assumes",
    Value: { "Fn::GetAtt": [roleId, "Arn"] },
  },
};

/** The template as an object. */
export const roleTemplate = (
  input: TemplateInput,
  parts: readonly RolePart[] = customerRoleParts,
) => {
  const { before, beside } = sharedOf(input.eventBusArn, parts);
  return {
    ...headOf(input),
    ...before,
    Resources: { [roleId]: roleResource(input), ...beside },
    Outputs: outputs,
  };
};

/**
 * What a customer applies in each further region of an account: what forwards events, and the rules of the Recycle Bin, without the role, which
 * an account has once.
 */
export const regionTemplate = (
  { account, eventBusArn }: Omit<TemplateInput, "trustedRolePattern">,
  parts: readonly RolePart[] = customerRoleParts,
) => {
  const bins = binSections(parts);
  const forwarding = eventForwarding(eventBusArn);
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `Spot Optimizer: a further region of account ${account.accountId}`,
    Parameters: { ...bins.Parameters, ...forwarding.Parameters },
    Conditions: { ...bins.Conditions, ...forwarding.Conditions },
    Resources: { ...bins.Resources, ...forwarding.Resources },
  };
};

/** The most of a template. */
let written:
  { readonly eventBusArn: string; readonly choices: string; readonly policies: string } | undefined;

/** Without anchors and without folded lines: CloudFormation and people both read it. The writer is loaded when it is needed. */
const yamlWriter = async (): Promise<(value: unknown) => string> => {
  const { stringify } = await import("yaml");
  return (value) => stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });
};

export const regionTemplateYaml = async (
  input: Omit<TemplateInput, "trustedRolePattern">,
): Promise<string> => (await yamlWriter())(regionTemplate(input));

/** As YAML. */
export const roleTemplateYaml = async (input: TemplateInput): Promise<string> => {
  const write = await yamlWriter();
  const role = write({ Resources: { [roleId]: roleResource(input) } });
  if (written?.eventBusArn !== input.eventBusArn) {
    const { before, beside } = sharedOf(input.eventBusArn, customerRoleParts);
    const policies = write({ Resources: beside }).replace(/^Resources:\n/, "");
    written = { eventBusArn: input.eventBusArn, choices: write(before), policies };
  }
  const { choices, policies } = written;
  return [write(headOf(input)), choices, role, policies, write({ Outputs: outputs })].join("");
};
