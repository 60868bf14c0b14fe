import { describe, expect, it } from "@jest/globals";
import {
  countsStill,
  identify,
  identifyByTrust,
  isSamePerson,
  type IamIdentity,
} from "../../../core/approval/caller.ts";
import type { ApprovalSettings } from "../../../core/model/approval-settings.ts";

const own = "111122223333";
const sso = { kind: "SSO_ROLE", id: "AROASSOREADER00000001" } as const;
const otherSso = { kind: "SSO_ROLE", id: "AROASSOADMIN000000002" } as const;
const role = { kind: "ROLE", id: "AROAOPERATOR000000003" } as const;
const user = { kind: "USER", id: "AIDAADALOVELACE000004" } as const;
const cognito = { kind: "COGNITO", id: "eu-central-1:11111111-2222-3333" } as const;
const approvers: ApprovalSettings["approvers"] = [sso, otherSso, role, user, cognito];

const session = (roleId: string, name: string): IamIdentity => ({
  kind: "IAM",
  accountId: own,
  caller: `${roleId}:${name}`,
  userArn: `arn:aws:sts::${own}:assumed-role/Role/${name}`,
});

const ofIdentityCenter = (roleId: string, name: string): IamIdentity => ({
  ...session(roleId, name),
  userArn: `arn:aws:sts::${own}:assumed-role/AWSReservedSSO_Reader_0123456789abcdef/${name}`,
});

const found = (identity: IamIdentity) => identify(identity, approvers, own);

const ada = { ...session("", "ada"), caller: user.id, userArn: `arn:aws:iam::${own}:user/x/ada` };

describe("a person", () => {
  it("is an IAM user by his unique id", () => {
    expect(found(ada)).toEqual({
      caller: { name: ada.userArn, keys: [`user:${user.id}`, "name:ada"] },
      as: user,
    });
    expect(found({ ...ada, caller: "AIDAMADEANEW000000005" }).as).toBeUndefined();
  });

  it("is one in two permission sets of IAM Identity Center, however he spells his name", () => {
    const one = found(ofIdentityCenter(sso.id, "Grace@example.com"));
    const other = found(ofIdentityCenter(otherSso.id, "grace@EXAMPLE.com"));
    expect(one.as).toEqual(sso);
    expect(isSamePerson(one.caller, other.caller)).toBe(true);
  });

  it("is another one in the same permission set", () => {
    const one = found(ofIdentityCenter(sso.id, "grace"));
    expect(isSamePerson(one.caller, found(ofIdentityCenter(sso.id, "alan")).caller)).toBe(false);
  });

  it("is one in every session of another role, since anybody names his sessions", () => {
    const one = found(session(role.id, "botocore-session-1773732261"));
    const other = found(session(role.id, "botocore-session-1773739999"));
    expect(one.as).toEqual(role);
    expect(isSamePerson(one.caller, other.caller)).toBe(true);
  });

  it("is likely one who bears the same name as a user, in a role, and from a header", () => {
    const callers = [
      found(ada),
      found(session(role.id, "ada")),
      found(ofIdentityCenter(sso.id, "Ada")),
      identify({ kind: "LOCAL", name: "ADA" }, [], own),
    ].map(({ caller }) => caller);
    for (const one of callers) {
      for (const other of callers) expect(isSamePerson(one, other)).toBe(true);
    }
  });

  it("of Cognito is known by his identity, and not by the role that all share", () => {
    const one = {
      ...session(role.id, "CognitoIdentityCredentials"),
      cognitoIdentityId: cognito.id,
    };
    const other = { ...one, cognitoIdentityId: "eu-central-1:99999999-2222-3333" };
    expect(found(one).as).toEqual(cognito);
    expect(found(other).as).toBeUndefined();
    expect(isSamePerson(found(one).caller, found(other).caller)).toBe(false);
  });
});

describe("who comes by a role that is listed", () => {
  const trusting = (statement: object) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "sts:AssumeRole", ...statement },
    });
  const users = { Principal: { AWS: `arn:aws:iam::${own}:root` } };
  const named = trusting({
    ...users,
    Condition: { StringEquals: { "sts:RoleSessionName": "${aws:username}" } },
  });
  const inRole = (name: string, trustPolicy: string, roleId: string = role.id) =>
    identifyByTrust(
      { ...found(session(role.id, name)), as: role },
      { role: { roleId, trustPolicy }, accountId: own },
    );

  it("is the user whose name his session bears, where the trust holds it to that", () => {
    const [one, other] = [inRole("Ada", named), inRole("grace", named)];
    expect(one).toMatchObject({ as: role, caller: { keys: ["name:ada"] } });
    expect(one).not.toHaveProperty("because");
    expect(isSamePerson(one.caller, other.caller)).toBe(false);
    expect(isSamePerson(one.caller, found(ada).caller)).toBe(true);
    // Who has asked in a session of that role is known by his name too.
    expect(isSamePerson(found(session(role.id, "grace")).caller, one.caller)).toBe(false);
    expect(isSamePerson(found(session(role.id, "ada")).caller, one.caller)).toBe(true);
  });

  it("is one person with all others where he names his session himself, and is told why", () => {
    const one = inRole("ada", trusting(users));
    expect(one).toEqual({
      ...found(session(role.id, "ada")),
      because:
        "Role Role counts as one person: statement 1 of its trust policy does not hold sts:RoleSessionName to ${aws:username}.",
    });
  });

  it("approves nothing where machines come by it, or where IAM no longer has it", () => {
    const service = inRole("x", trusting({ Principal: { Service: "ec2.amazonaws.com" } }));
    expect(service.as).toBeUndefined();
    expect(service.because).toContain("lets in ec2.amazonaws.com");
    expect(inRole("ada", named, "AROAMADEANEW000000009").as).toBeUndefined();
    const gone = { role: undefined, accountId: own };
    expect(identifyByTrust({ ...found(session(role.id, "ada")), as: role }, gone)).toEqual({
      caller: found(session(role.id, "ada")).caller,
      because: `Role Role (${role.id}) was deleted.`,
    });
  });
});

describe("who may never approve", () => {
  it.each([
    ["root", { ...ada, caller: own, userArn: `arn:aws:iam::${own}:root` }],
    ["a federated user", { ...ada, userArn: `arn:aws:sts::${own}:federated-user/ada` }],
    ["another account's", { ...ada, accountId: "999988887777" }],
    ["one whose account is not told", { kind: "IAM", userArn: ada.userArn, caller: user.id }],
    [
      "AWS's own role",
      {
        ...session(role.id, "x"),
        userArn: `arn:aws:sts::${own}:assumed-role/AWSServiceRoleForSupport/x`,
      },
    ],
    [
      "another role that is listed as one of IAM Identity Center",
      session(sso.id, "grace@example.com"),
    ],
    ["a role on no list", session("AROANOTLISTED0000009", "ada")],
  ] as const satisfies readonly (readonly [string, IamIdentity])[])("%s", (_who, identity) => {
    expect(found(identity).as).toBeUndefined();
  });
});

describe("who sits at a laptop", () => {
  it("is nobody who may approve until he names himself", () => {
    expect(identify({ kind: "LOCAL" }, approvers, own)).toEqual({
      caller: { name: "local", keys: ["local"] },
    });
  });
});

describe("a vote", () => {
  it("counts as long as its voter is on the list", () => {
    expect(countsStill(role, approvers)).toBe(true);
    expect(countsStill(role, [user])).toBe(false);
    expect(countsStill({ kind: "LOCAL", id: "ada" }, [])).toBe(true);
  });
});
