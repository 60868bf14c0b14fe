import { describe, expect, it } from "@jest/globals";
import { assumersOf } from "../../../core/approval/role-trust.ts";

const accountId = "111122223333";
const root = `arn:aws:iam::${accountId}:root`;
const ownName = "${aws:username}";

/** A statement that holds each session to its user's name. */
const pinned = (change: object = {}) => ({
  Effect: "Allow",
  Principal: { AWS: root },
  Action: "sts:AssumeRole",
  Condition: { StringEquals: { "sts:RoleSessionName": ownName } },
  ...change,
});

const policyOf = (...statements: readonly object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

const kindOf = (...statements: readonly object[]) =>
  assumersOf(policyOf(...statements), accountId).kind;

describe("sessions are users by their names", () => {
  it.each([
    ["StringEquals", {}],
    ["as IAM's guide writes it", { Condition: { StringLike: { "sts:RoleSessionName": ownName } } }],
    [
      "in any spelling, beside other conditions",
      {
        Condition: {
          Bool: { "aws:MultiFactorAuthPresent": "true" },
          StringEqualsIgnoreCase: { "sts:rolesessionname": ["${aws:UserName}"] },
        },
      },
    ],
    ["for users who are named", { Principal: { AWS: [`arn:aws:iam::${accountId}:user/x/ada`] } }],
    ["for an account that is named by its id", { Principal: { AWS: accountId } }],
    ["with tags of the session", { Action: ["sts:AssumeRole", "sts:TagSession"] }],
  ])("%s", (_how, change) => {
    expect(kindOf(pinned(change))).toBe("NAMED_USERS");
  });

  it("whatever a statement says that lets nobody in, and one that denies", () => {
    const others = [
      { Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:TagSession" },
      { Effect: "Deny", Principal: "*", Action: "sts:AssumeRole" },
    ];
    expect(kindOf(pinned(), ...others)).toBe("NAMED_USERS");
  });
});

describe("all sessions of a role are one person", () => {
  const condition = (operator: string, value: unknown, key = "sts:RoleSessionName") => ({
    Condition: { [operator]: { [key]: value } },
  });

  it.each([
    ["without a condition", { Condition: undefined }],
    ["with another one", condition("StringEquals", "id-1", "sts:ExternalId")],
    ["where a name is given", condition("StringEquals", "operators")],
    ["where another is good too", condition("StringEquals", [ownName, "operators"])],
    ["where it only begins so", condition("StringLike", "${aws:username}*")],
    ["where there is a default", condition("StringEquals", "${aws:username, 'nobody'}")],
    ["where another variable stands", condition("StringEquals", "${aws:userid}")],
    ["where who names none is let in", condition("StringEqualsIfExists", ownName)],
    ["of a set", condition("ForAllValues:StringEquals", ownName)],
    ["by its opposite", condition("StringNotEquals", ownName)],
    ["with a condition that is not one", { Condition: "StringEquals" }],
    ["for everybody", { Principal: "*" }],
    ["for everybody of AWS", { Principal: { AWS: "*" } }],
    ["for all but some", { Principal: undefined, NotPrincipal: { AWS: root } }],
    ["for another account's users", { Principal: { AWS: "arn:aws:iam::999988887777:root" } }],
    ["for both accounts'", { Principal: { AWS: [root, "999988887777"] } }],
    ["for a user who was deleted", { Principal: { AWS: "AIDAADALOVELACE000004" } }],
    [
      "of the company's SAML provider, which names them",
      {
        Principal: { Federated: `arn:aws:iam::${accountId}:saml-provider/corp` },
        Action: "sts:AssumeRoleWithSAML",
      },
    ],
  ])("%s", (_how, change) => {
    const assumers = assumersOf(policyOf(pinned(change)), accountId);
    expect(assumers.kind).toBe("ONE_PERSON");
    expect(assumers).toMatchObject({
      because: expect.stringMatching(/^statement 1 of its trust policy /),
    });
  });

  it("where another statement lets them in otherwise, which is named", () => {
    const open = { Sid: "Emergency", ...pinned({ Condition: undefined, Action: "sts:*" }) };
    expect(assumersOf(policyOf(pinned(), open), accountId)).toEqual({
      kind: "ONE_PERSON",
      because:
        "statement Emergency of its trust policy does not hold sts:RoleSessionName to ${aws:username}",
    });
    const notAction = pinned({ Condition: {}, Action: undefined, NotAction: "sts:TagSession" });
    expect(kindOf(pinned(), notAction)).toBe("ONE_PERSON");
  });

  it.each([undefined, "2008-10-17"])("where version %s knows no variables", (Version) => {
    const policy = JSON.stringify({ Version, Statement: pinned() });
    expect(assumersOf(policy, accountId).kind).toBe("ONE_PERSON");
  });

  it("where nobody is let in by now", () => {
    expect(kindOf({ Effect: "Deny", Principal: "*", Action: "sts:AssumeRole" })).toBe("ONE_PERSON");
  });
});

describe("who comes by a role is not a person for sure", () => {
  const github = `arn:aws:iam::${accountId}:oidc-provider/token.actions.githubusercontent.com`;
  const byToken = { Condition: undefined, Action: "sts:AssumeRoleWithWebIdentity" };

  it.each([
    ["a pipeline's", { ...byToken, Principal: { Federated: github } }, github],
    ["an app's", { ...byToken, Principal: { Federated: "accounts.google.com" } }, "google"],
    ["a service's", { Principal: { Service: ["codebuild.amazonaws.com"] } }, "codebuild"],
    [
      "a service's beside users",
      { Principal: { AWS: root, Service: "ec2.amazonaws.com" } },
      "ec2.amazonaws.com",
    ],
    ["everybody's tokens", { ...byToken, Principal: "*" }, "anybody's tokens"],
    [
      "all tokens but one's",
      { ...byToken, Principal: undefined, NotPrincipal: { Federated: github } },
      "anybody's tokens",
    ],
  ])("%s", (_whose, change, named) => {
    for (const statements of [[pinned(change)], [pinned(), pinned(change)]]) {
      const assumers = assumersOf(policyOf(...statements), accountId);
      expect(assumers.kind).toBe("NOT_PERSONS");
      expect(assumers).toMatchObject({ because: expect.stringContaining(named) });
    }
  });

  it.each(["", "[]", '{"Statement": 1}', '{"Statement": [{"Effect": 1}]}'])(
    "where nobody can read the policy: %s",
    (policy) => {
      expect(assumersOf(policy, accountId).kind).toBe("NOT_PERSONS");
    },
  );
});
