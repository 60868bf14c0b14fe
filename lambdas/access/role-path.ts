/**
 * Under which IAM path a function's role stands. A customer's role trusts the path of the functions that assume
 * customers' roles, and not each of them by name (docs/decisions/0015-trust-by-role-path.md).
 */
import type { FunctionName } from "./functions.ts";
import type { FunctionAccess } from "./grants.ts";

/** Unique in the account whatever the path, as IAM wants role names. */
export const functionRoleName = (stage: string, name: FunctionName): string =>
  `spot-optimizer-${stage}-${name}`;

const pathOf = (stage: string, part: "customer" | "own"): string =>
  `/spot-optimizer/${stage}/${part}/`;

/** `customer` for functions that assume customers' roles, `own` for the rest. */
export const functionRolePath = (stage: string, { own }: Pick<FunctionAccess, "own">): string =>
  pathOf(stage, own.includes("sts:AssumeRole") ? "customer" : "own");

/** `principal` is our account, `pattern` its roles that customers trust. */
export interface RoleTrust {
  readonly principal: string;
  readonly pattern: string;
}

const trustedForm =
  /^(?<account>arn:aws:iam::\d{12}):role\/spot-optimizer\/[a-z][a-z0-9-]*\/customer\/\*$/;

/** Undefined unless the pattern is as `trustedRolePattern` writes it: anything else could trust more. */
export const readTrustedRolePattern = (pattern: string): RoleTrust | undefined => {
  const account = trustedForm.exec(pattern)?.groups?.["account"];
  return account === undefined ? undefined : { principal: `${account}:root`, pattern };
};

/** For `ArnLike aws:PrincipalArn`: every role under the stage's customer path of our account. */
export const trustedRolePattern = (of: {
  readonly partition: string;
  readonly accountId: string;
  readonly stage: string;
}): string => `arn:${of.partition}:iam::${of.accountId}:role${pathOf(of.stage, "customer")}*`;
