/** Policies of keys: those that KMS writes, and whom a policy lets in. Source: KMS developer guide, "Key policies". */
import { actionMatches, textLike } from "../iam/wildcards.ts";

export interface KeyCaller {
  readonly accountId: string;
  /** Of the user or role, and of its session. */
  readonly arns: readonly string[];
  /** Whether the IAM policies of its account let it use keys. */
  readonly hasIamPolicies: boolean;
}

interface KeyUse {
  readonly action: string;
  /** Through which service: `ec2.eu-west-1.amazonaws.com`. Absent: by itself. */
  readonly via?: string;
}

type Values = string | readonly string[];

interface Statement {
  readonly Effect: string;
  readonly Principal?: "*" | { readonly AWS?: Values };
  readonly Action: Values;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
}

const root = (accountId: string): string => `arn:aws:iam::${accountId}:root`;

const policyOf = (...statements: readonly Statement[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((each) => ({ ...each, Resource: "*" })),
  });

const everythingByIam = (accountId: string): Statement => ({
  Effect: "Allow",
  Principal: { AWS: root(accountId) },
  Action: "kms:*",
});

/** The one of a key that is made without another: the IAM policies of its account decide. */
export const defaultKeyPolicy = (accountId: string): string => policyOf(everythingByIam(accountId));

interface Place {
  readonly accountId: string;
  readonly region: string;
}

const throughEc2 = ({ accountId, region }: Place): Statement => ({
  Effect: "Allow",
  Principal: { AWS: "*" },
  Action: [
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncrypt*",
    "kms:GenerateDataKey*",
    "kms:CreateGrant",
    "kms:DescribeKey",
  ],
  Condition: {
    StringEquals: {
      "kms:CallerAccount": accountId,
      "kms:ViaService": `ec2.${region}.amazonaws.com`,
    },
  },
});

/** A key of the account's own that is open to all of it through EC2. */
export const openKeyPolicy = (place: Place): string =>
  policyOf(throughEc2(place), everythingByIam(place.accountId));

/** Of `aws/ebs`: all of the account that may use EBS, through EC2 alone. */
export const managedKeyPolicy = (place: Place): string =>
  policyOf(throughEc2(place), {
    Effect: "Allow",
    Principal: { AWS: root(place.accountId) },
    Action: ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"],
  });

const list = (values: Values | undefined): readonly string[] =>
  values === undefined ? [] : typeof values === "string" ? [values] : values;

const isMeant = (principal: string, { accountId, arns, hasIamPolicies }: KeyCaller): boolean =>
  principal === "*" ||
  arns.includes(principal) ||
  (hasIamPolicies && [accountId, root(accountId)].includes(principal));

const keyOf = (name: string, { accountId }: KeyCaller, { via }: KeyUse): string | undefined =>
  ({
    "kms:CallerAccount": accountId,
    "kms:ViaService": via,
    "kms:GrantIsForAWSResource": String(via !== undefined),
  })[name];

/** The operators that key policies of EBS are written with; any other never holds. */
const holds = (operator: string, wanted: readonly string[], found: string): boolean =>
  ["StringEquals", "Bool"].includes(operator)
    ? wanted.includes(found)
    : operator === "StringLike" && wanted.some((pattern) => textLike(pattern, found));

const meets = ({ Condition = {} }: Statement, caller: KeyCaller, use: KeyUse): boolean =>
  Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([name, values]) => {
      const found = keyOf(name, caller, use);
      return found !== undefined && holds(operator, list(values), found);
    }),
  );

/** Denials are not part of these policies. */
export const letsIn = (policy: string, caller: KeyCaller, use: KeyUse): boolean => {
  const { Statement: statements } = JSON.parse(policy) as {
    readonly Statement: readonly Statement[];
  };
  return statements.some((statement) => {
    const { Effect, Principal, Action } = statement;
    const principals = typeof Principal === "string" ? [Principal] : list(Principal?.AWS);
    return (
      Effect === "Allow" &&
      principals.some((each) => isMeant(each, caller)) &&
      list(Action).some((pattern) => actionMatches(pattern, use.action)) &&
      meets(statement, caller, use)
    );
  });
};
