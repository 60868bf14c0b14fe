/**
 * Reads in a key's policy whether somebody may use the key at all. What stands in the policy can only be ruled out here, never
 * proved: conditions and denials are left to KMS. So a key is called closed to somebody only where no statement can mean him.
 * Sources: KMS developer guide, "Key policies", "Default key policy"; IAM user guide, "AWS JSON policy elements: Principal".
 */
import { listed, namesAny, readPolicy, type PolicyStatement } from "../../model/iam-policy.ts";

/** AWS's role for Spot has no permission of its own on any key: a policy that leaves it to IAM leaves it out. */
export interface KeyUser {
  /** ARN of the role. */
  readonly roleArn: string;
  /** Whether the IAM policies of its account may give it the use of a key. */
  readonly hasIamPolicies: boolean;
}

const accountOf = (arn: string): string => arn.split(":")[4] ?? "";

const roleNameOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

/** `arn:aws:iam::…:root` and the bare id mean the account: its IAM policies decide. */
const meansAccount = (principal: string, accountId: string): boolean =>
  principal === accountId || principal === `arn:aws:iam::${accountId}:root`;

const isSessionOf = (principal: string, roleArn: string): boolean =>
  principal.startsWith(`arn:aws:sts::${accountOf(roleArn)}:assumed-role/${roleNameOf(roleArn)}/`);

const meansUser = (principal: string, { roleArn, hasIamPolicies }: KeyUser): boolean =>
  principal === "*" ||
  principal === roleArn ||
  isSessionOf(principal, roleArn) ||
  (hasIamPolicies && meansAccount(principal, accountOf(roleArn)));

/** Of EBS volumes and their snapshots. Source: EBS user guide, "Required IAM permissions for encryption". */
const usesOfKey = [
  "kms:CreateGrant",
  "kms:Decrypt",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

const allowsUse = (action: PolicyStatement["Action"]): boolean =>
  // Without one there is NotAction, which may mean any of them.
  action === undefined || namesAny(listed(action), usesOfKey);

const mayLetIn = (statement: PolicyStatement, user: KeyUser): boolean => {
  if (statement.Effect !== "Allow" || !allowsUse(statement.Action)) return false;
  const { Principal: principal } = statement;
  if (principal === undefined) return statement.NotPrincipal !== undefined;
  if (typeof principal === "string") return principal === "*";
  return listed(principal["AWS"]).some((each) => meansUser(each, user));
};

export type PolicyReading = "MAY_LET_IN" | "LEAVES_OUT" | "UNREADABLE";

export const readKeyPolicyFor = (policy: string, user: KeyUser): PolicyReading => {
  const document = readPolicy(policy);
  if (document === undefined) return "UNREADABLE";
  return document.statements.some((each) => mayLetIn(each, user)) ? "MAY_LET_IN" : "LEAVES_OUT";
};
