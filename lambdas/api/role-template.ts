/**
 * The CloudFormation template that a customer applies: one role, which trusts those of our Lambda roles that stand
 * under the customer path, only with this account's ExternalId, and may do what our functions call and nothing else.
 */
import { stringify } from "yaml";
import type { Account } from "../../core/model/account.ts";
import { managedByTag } from "../../core/model/tags.ts";
import { customerRoleName, customerRoleStatements } from "../access/customer-role.ts";
import { readTrustedRolePattern, type RoleTrust } from "../access/role-path.ts";
import { ApiProblem } from "./problem.ts";

/** Role chaining allows one hour at most. */
const sessionSeconds = 3600;

export const customerRoleArn = (accountId: string): string =>
  `arn:aws:iam::${accountId}:role/${customerRoleName}`;

const pascalCase = (name: string): string =>
  `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`.replaceAll(/[^A-Za-z0-9]/g, "");

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

const permissions = () => ({
  Version: "2012-10-17",
  Statement: customerRoleStatements().map((statement) => ({
    Sid: pascalCase(statement.sid),
    Effect: statement.effect ?? "Allow",
    Action: [...statement.actions],
    Resource: [...statement.resources],
    ...(statement.conditions === undefined ? {} : { Condition: statement.conditions }),
  })),
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

/** The template as an object. */
export const roleTemplate = (input: TemplateInput) => {
  const trust = requireTrust(input);
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `Spot Optimizer: the role through which account ${input.account.accountId} is optimised`,
    Resources: {
      SpotOptimizerRole: {
        Type: "AWS::IAM::Role",
        Properties: {
          RoleName: customerRoleName,
          Description: "Assumed by Spot Optimizer, with the ExternalId of this account",
          MaxSessionDuration: sessionSeconds,
          AssumeRolePolicyDocument: trustPolicy(input.account, trust),
          Policies: [{ PolicyName: "SpotOptimizer", PolicyDocument: permissions() }],
          Tags: [{ Key: managedByTag.key, Value: managedByTag.value }],
        },
      },
    },
    Outputs: {
      RoleArn: {
        Description: "The role that Spot Optimizer assumes",
        Value: { "Fn::GetAtt": ["SpotOptimizerRole", "Arn"] },
      },
    },
  };
};

/** As YAML, without anchors and without folded lines: CloudFormation and people both read it. */
export const roleTemplateYaml = (input: TemplateInput): string =>
  stringify(roleTemplate(input), { aliasDuplicateObjects: false, lineWidth: 0 });
