/**
 * The CloudFormation template that a customer applies: one role, which trusts those of our Lambda roles that stand
 * under the customer path, only with this account's ExternalId, and may do what our functions call and nothing else.
 * Each part of it is a managed policy, and all but the first can be left out by a parameter.
 */
import type { Account } from "../../core/model/account.ts";
import { managedByTag } from "../../core/model/tags.ts";
import { customerRoleName, customerRoleParts, isAlwaysThere } from "../access/customer-role.ts";
import type { Feature } from "../access/features.ts";
import type { RolePart, RoleStatement } from "../access/parts/part.ts";
import { readTrustedRolePattern, type RoleTrust } from "../access/role-path.ts";
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

const pascalCase = (feature: Feature): string =>
  `${feature.slice(0, 1).toUpperCase()}${feature.slice(1)}`;

const parameterOf = ({ feature }: RolePart): string => `Allow${pascalCase(feature)}`;
const conditionOf = ({ feature }: RolePart): string => `Allows${pascalCase(feature)}`;

const policyStatement = (statement: RoleStatement) => ({
  Sid: statement.sid,
  Effect: statement.effect ?? "Allow",
  Action: [...statement.actions],
  Resource: [...statement.resources],
  ...(statement.conditions === undefined ? {} : { Condition: statement.conditions }),
});

/** Without a name: CloudFormation can then replace it, and gives one that tells stack and part. */
const policyResource = (part: RolePart) => ({
  Type: "AWS::IAM::ManagedPolicy",
  ...(isAlwaysThere(part) ? {} : { Condition: conditionOf(part) }),
  Properties: {
    Description: `Spot Optimizer, ${part.feature}: ${part.purpose}`,
    Roles: [{ Ref: roleId }],
    PolicyDocument: {
      Version: "2012-10-17",
      Statement: part.statements.map(policyStatement),
    },
  },
});

const parameter = ({ purpose }: RolePart) => ({
  Type: "String",
  Description: purpose,
  AllowedValues: ["true", "false"],
  Default: "true",
});

const condition = (part: RolePart) => ({ "Fn::Equals": [{ Ref: parameterOf(part) }, "true"] });

/** A record with an entry for each part. */
const forEach = <Value>(
  parts: readonly RolePart[],
  nameOf: (part: RolePart) => string,
  make: (part: RolePart) => Value,
): Readonly<Record<string, Value>> =>
  Object.fromEntries(parts.map((part) => [nameOf(part), make(part)]));

/** The template as an object. */
export const roleTemplate = (
  input: TemplateInput,
  parts: readonly RolePart[] = customerRoleParts,
) => {
  const optional = parts.filter((part) => !isAlwaysThere(part));
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `Spot Optimizer: the role through which account ${input.account.accountId} is optimised`,
    Parameters: forEach(optional, parameterOf, parameter),
    Conditions: forEach(optional, conditionOf, condition),
    Resources: {
      [roleId]: roleResource(input),
      ...forEach(parts, ({ feature }) => `${pascalCase(feature)}Policy`, policyResource),
    },
    Outputs: {
      RoleArn: {
        Description: "The role that Spot Optimizer assumes",
        Value: { "Fn::GetAtt": [roleId, "Arn"] },
      },
    },
  };
};

/**
 * As YAML, without anchors and without folded lines: CloudFormation and people both read it. The writer is loaded when it is
 * needed: no other request waits for it.
 */
export const roleTemplateYaml = async (input: TemplateInput): Promise<string> => {
  const { stringify } = await import("yaml");
  return stringify(roleTemplate(input), { aliasDuplicateObjects: false, lineWidth: 0 });
};
