import { describe, expect, it } from "@jest/globals";
import { readKeyPolicyFor } from "../../../../core/decide/switch/key-access.ts";
import { spotRoleArn } from "../../../../core/decide/switch/spot-role.ts";

const accountId = "444455556666";
const root = `arn:aws:iam::${accountId}:root`;
const spot = { roleArn: spotRoleArn(accountId), hasIamPolicies: false };
const ours = { roleArn: `arn:aws:iam::${accountId}:role/SpotOptimizerRole`, hasIamPolicies: true };

interface Statement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string;
  readonly Condition?: unknown;
}
const policyOf = (...statements: readonly Statement[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((each) => ({
      Effect: "Allow",
      ...(each.NotAction === undefined ? { Action: "kms:*" } : {}),
      Resource: "*",
      ...each,
    })),
  });

describe("a key's policy", () => {
  it("that leaves the key to IAM leaves AWS's role for Spot out, which has no permission there, and not ours", () => {
    const policy = policyOf({ Principal: { AWS: root } });
    expect(readKeyPolicyFor(policy, spot)).toBe("LEAVES_OUT");
    expect(readKeyPolicyFor(policy, ours)).toBe("MAY_LET_IN");
  });

  it.each<readonly [string, Statement]>([
    ["names it", { Principal: { AWS: spot.roleArn } }],
    ["names it among others", { Principal: { AWS: ["arn:aws:iam::1:role/x", spot.roleArn] } }],
    ["names everybody", { Principal: "*" }],
    ["names everybody in the other way", { Principal: { AWS: "*" } }],
    [
      "names everybody under a condition, which is left to KMS",
      { Principal: { AWS: "*" }, Condition: { StringEquals: { "kms:CallerAccount": accountId } } },
    ],
    ["names everybody but somebody", { NotPrincipal: { AWS: "arn:aws:iam::1:root" } }],
    ["names what it may not do", { Principal: { AWS: spot.roleArn }, NotAction: "kms:Delete*" }],
    ["allows a part of it", { Principal: { AWS: spot.roleArn }, Action: ["kms:GenerateData*"] }],
    [
      "spells the action otherwise",
      { Principal: { AWS: spot.roleArn }, Action: "KMS:creategrant" },
    ],
  ])("lets the role in, as far as it tells, where it %s", (_how, statement) => {
    expect(readKeyPolicyFor(policyOf({ Principal: { AWS: root } }, statement), spot)).toBe(
      "MAY_LET_IN",
    );
  });

  it.each<readonly [string, Statement]>([
    ["denies", { Effect: "Deny", Principal: { AWS: spot.roleArn } }],
    [
      "lets it only look",
      { Principal: { AWS: spot.roleArn }, Action: ["kms:Describe*", "kms:List*"] },
    ],
    ["names another role", { Principal: { AWS: `${spot.roleArn}2` } }],
    ["names a service", { Principal: { Service: "logs.amazonaws.com" } }],
    ["names another account", { Principal: { AWS: "arn:aws:iam::1:root" } }],
  ])("leaves the role out where it %s", (_how, statement) => {
    expect(readKeyPolicyFor(policyOf(statement), spot)).toBe("LEAVES_OUT");
  });

  it.each([
    ["the role", ours.roleArn],
    ["a session of it", `arn:aws:sts::${accountId}:assumed-role/SpotOptimizerRole/evl-1`],
    ["the account by its id", accountId],
  ])("lets our role in that names %s", (_what, AWS) => {
    expect(readKeyPolicyFor(policyOf({ Principal: { AWS } }), ours)).toBe("MAY_LET_IN");
  });

  it("of one statement is read like others", () => {
    const policy = { Statement: { Effect: "Allow", Principal: "*", Action: "kms:*" } };
    expect(readKeyPolicyFor(JSON.stringify(policy), spot)).toBe("MAY_LET_IN");
  });

  it.each(["", "no JSON", "[]", "{}", '{"Statement":[{"Effect":1}]}'])(
    "that is not one is told as such: %s",
    (policy) => {
      expect(readKeyPolicyFor(policy, spot)).toBe("UNREADABLE");
    },
  );
});
