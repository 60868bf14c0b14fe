/**
 * Reads in a key's policy whether somebody may use the key at all. What stands in the policy can only be ruled out here, never
 * proved: conditions and denials are left to KMS. So a key is called closed to somebody only where no statement can mean him.
 * Sources: KMS developer guide, "Key policies", "Default key policy"; IAM user guide, "AWS JSON policy elements: Principal".
 */
import * as z from "zod";

/** AWS's role for Spot has no permission of its own on any key: a policy that leaves it to IAM leaves it out. */
export interface KeyUser {
  /** ARN of the role. */
  readonly roleArn: string;
  /** Whether the IAM policies of its account may give it the use of a key. */
  readonly hasIamPolicies: boolean;
}

const oneOrMore = z.union([z.string(), z.array(z.string())]);

const policySchema = z.object({
  Statement: z.union([
    z.record(z.string(), z.unknown()),
    z.array(z.record(z.string(), z.unknown())),
  ]),
});

const statementSchema = z.object({
  Effect: z.string(),
  Principal: z.union([z.string(), z.record(z.string(), oneOrMore)]).optional(),
  NotPrincipal: z.unknown().optional(),
  Action: oneOrMore.optional(),
});
type Statement = z.infer<typeof statementSchema>;

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

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

const wildcard = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "i",
  );

const allowsUse = (action: Statement["Action"]): boolean =>
  // Without one there is NotAction, which may mean any of them.
  action === undefined ||
  list(action).some((pattern) => usesOfKey.some((use) => wildcard(pattern).test(use)));

const mayLetIn = (statement: Statement, user: KeyUser): boolean => {
  if (statement.Effect !== "Allow" || !allowsUse(statement.Action)) return false;
  const { Principal: principal } = statement;
  if (principal === undefined) return statement.NotPrincipal !== undefined;
  if (typeof principal === "string") return principal === "*";
  return list(principal["AWS"]).some((each) => meansUser(each, user));
};

/** Undefined: it is not a policy as KMS writes them, and tells nothing. */
const statementsOf = (policy: string): readonly Statement[] | undefined => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(policy);
  } catch {
    return undefined;
  }
  const document = policySchema.safeParse(parsed);
  if (!document.success) return undefined;
  const statements = [document.data.Statement]
    .flat()
    .map((each) => statementSchema.safeParse(each));
  return statements.every(({ success }) => success)
    ? statements.flatMap(({ data }) => data ?? [])
    : undefined;
};

export type PolicyReading = "MAY_LET_IN" | "LEAVES_OUT" | "UNREADABLE";

export const readKeyPolicyFor = (policy: string, user: KeyUser): PolicyReading => {
  const statements = statementsOf(policy);
  if (statements === undefined) return "UNREADABLE";
  return statements.some((each) => mayLetIn(each, user)) ? "MAY_LET_IN" : "LEAVES_OUT";
};
