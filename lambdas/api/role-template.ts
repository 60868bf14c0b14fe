/**
 * The CloudFormation template that a customer applies: one role, which trusts our Lambda roles and nobody else,
 * only with this account's ExternalId, and may do what our functions call and nothing else.
 */
import { stringify } from "yaml";
import type { Account } from "../../core/model/account.ts";
import { managedByTag } from "../../core/model/tags.ts";
import { customerRoleName, customerRoleStatements } from "../access/customer-role.ts";
import { ApiProblem } from "./problem.ts";

/** Role chaining allows one hour at most. */
const sessionSeconds = 3600;

export const customerRoleArn = (accountId: string): string =>
  `arn:aws:iam::${accountId}:role/${customerRoleName}`;

const pascalCase = (name: string): string =>
  `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`.replaceAll(/[^A-Za-z0-9]/g, "");

export interface TemplateInput {
  readonly account: Pick<Account, "accountId" | "externalId">;
  readonly trustedPrincipalArns: readonly string[];
}

const trustPolicy = ({ account, trustedPrincipalArns }: TemplateInput) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "SpotOptimizer",
      Effect: "Allow",
      Principal: { AWS: [...trustedPrincipalArns] },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "sts:ExternalId": account.externalId } },
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

/** The template as an object. Throws a problem when no principal is configured: an open trust is never written. */
export const roleTemplate = (input: TemplateInput) => {
  if (input.trustedPrincipalArns.length === 0) {
    throw new ApiProblem(
      "internal-error",
      "No trusted principal is configured, so no role template can be made. Deploy the stack again.",
    );
  }
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
          AssumeRolePolicyDocument: trustPolicy(input),
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
