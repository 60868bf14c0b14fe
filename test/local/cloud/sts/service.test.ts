import { DescribeInstancesCommand, StopInstancesCommand } from "@aws-sdk/client-ec2";
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type Credentials,
  GetCallerIdentityCommand,
} from "@aws-sdk/client-sts";
import { describe, expect, it } from "@jest/globals";
import type { AccessKey, Role } from "../../../../local/cloud/iam/identities.ts";
import { type Fixture, createFixture, refusalOf, startMs } from "../cloud-fixture.ts";

const customerAccount = "444455556666";

interface Customer extends Fixture {
  readonly role: Role;
  /** One of our Lambda functions: the session of the role that the customer trusts. */
  readonly ours: AccessKey;
  readonly assume: (change?: Partial<AssumeRoleCommandInput>) => AssumeRoleCommand;
}

const createCustomer = (): Customer => {
  const fixture = createFixture({
    ec2: {
      DescribeInstances: (call: { caller: { accountId: string } }) => ({
        Reservations: [{ OwnerId: call.caller.accountId }],
      }),
      StopInstances: () => ({ StoppingInstances: [] }),
    },
  });
  const { identities } = fixture.cloud;
  const own = identities.addRole({
    accountId: identities.ownAccountId,
    name: "Launch",
    trustedPrincipals: [],
    allow: ["sts:AssumeRole"],
  });
  const role = identities.addRole({
    accountId: customerAccount,
    name: "SpotOptimizer",
    trustedPrincipals: [own.arn],
    externalId: "external-1",
    allow: ["ec2:*"],
    maxSessionSeconds: 7200,
  });
  return {
    ...fixture,
    role,
    ours: identities.openSession({ roleArn: own.arn, sessionName: "function" }),
    assume: (change = {}) =>
      new AssumeRoleCommand({
        RoleArn: role.arn,
        RoleSessionName: "eval-1",
        ExternalId: "external-1",
        ...change,
      }),
  };
};

const keyOf = (credentials: Credentials | undefined): AccessKey => ({
  accessKeyId: credentials?.AccessKeyId ?? "",
  secretAccessKey: credentials?.SecretAccessKey ?? "",
  sessionToken: credentials?.SessionToken ?? "",
});

describe("AssumeRole", () => {
  it("gives keys that act in the customer's account for an hour", async () => {
    const { assume, ec2, ours, sts } = createCustomer();
    const answer = await sts(ours).send(assume());
    expect(answer.Credentials?.Expiration).toEqual(new Date(startMs + 3_600_000));
    const key = keyOf(answer.Credentials);
    expect(await sts(key).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: customerAccount,
      Arn: `arn:aws:sts::${customerAccount}:assumed-role/SpotOptimizer/eval-1`,
      UserId: answer.AssumedRoleUser?.AssumedRoleId,
    });
    const seen = await ec2(key).send(new DescribeInstancesCommand({}));
    expect(seen.Reservations).toEqual([{ OwnerId: customerAccount }]);
  });

  it.each([
    ["without the ExternalId", { ExternalId: undefined }],
    ["with a wrong ExternalId", { ExternalId: "external-2" }],
    ["of a role that doesn't exist", { RoleArn: `arn:aws:iam::${customerAccount}:role/Nobody` }],
  ])("%s is AccessDenied, in the same words", async (_, change) => {
    const { assume, ours, sts } = createCustomer();
    const refusal = await refusalOf(sts(ours).send(assume(change)));
    expect(refusal).toMatchObject({ code: "AccessDenied", status: 403 });
    expect(refusal.message).toMatch(/^User: \S+ is not authorized to perform: sts:AssumeRole on/);
    expect(refusal.message).not.toContain("external");
  });

  it("is denied to whom the role doesn't trust, be it with the right ExternalId", async () => {
    const { assume, cloud, sts } = createCustomer();
    const key = cloud.identities.addUser({ accountId: "777788889999", name: "eve" });
    expect((await refusalOf(sts(key).send(assume()))).code).toBe("AccessDenied");
  });

  it("is denied to a caller whose own permissions lack it", async () => {
    const { assume, cloud, sts } = createCustomer();
    const role = cloud.identities.addRole({
      accountId: cloud.identities.ownAccountId,
      name: "Launch",
      trustedPrincipals: [],
    });
    const key = cloud.identities.openSession({ roleArn: role.arn, sessionName: "function" });
    expect((await refusalOf(sts(key).send(assume()))).message).toContain("sts:AssumeRole");
  });

  it("trusts a whole account by its root", async () => {
    const { assume, cloud, role, sts } = createCustomer();
    const root = `arn:aws:iam::${cloud.identities.ownAccountId}:root`;
    cloud.identities.changeRole(role.arn, { trustedPrincipals: [root], externalId: undefined });
    const answer = await sts().send(assume({ ExternalId: undefined }));
    expect(answer.Credentials?.AccessKeyId).toMatch(/^ASIA.{16}$/);
  });

  it("shows a session of a role under a path without the path, as AWS does", async () => {
    const { cloud, sts } = createCustomer();
    const { ownAccountId } = cloud.identities;
    const { arn } = cloud.identities.addRole({
      accountId: ownAccountId,
      name: "Scrape",
      path: "/team/customer/",
      trustedPrincipals: [],
    });
    expect(arn).toBe(`arn:aws:iam::${ownAccountId}:role/team/customer/Scrape`);
    const key = cloud.identities.openSession({ roleArn: arn, sessionName: "function" });
    expect(await sts(key).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: `arn:aws:sts::${ownAccountId}:assumed-role/Scrape/function`,
    });
  });

  it("knows one role of a name in an account, whatever the path", () => {
    const { identities } = createCustomer().cloud;
    const again = { accountId: identities.ownAccountId, name: "Launch", trustedPrincipals: [] };
    expect(() => identities.addRole({ ...again, path: "/other/" })).toThrow("is taken by");
    expect(identities.addRole(again).path).toBe("/");
  });

  describe("of a role that trusts a path of our account", () => {
    const createTrustingPath = () => {
      const customer = createCustomer();
      const { identities } = customer.cloud;
      const root = `arn:aws:iam::${identities.ownAccountId}:root`;
      identities.changeRole(customer.role.arn, {
        trustedPrincipals: [root],
        principalArnLike: `arn:aws:iam::${identities.ownAccountId}:role/product/prod/customer/*`,
      });
      const sessionUnder = (path: string, accountId = identities.ownAccountId): AccessKey => {
        const { arn } = identities.addRole({
          accountId,
          name: "Scrape",
          path,
          trustedPrincipals: [],
          allow: ["sts:AssumeRole"],
        });
        return identities.openSession({ roleArn: arn, sessionName: "function" });
      };
      return { ...customer, sessionUnder };
    };

    it("is granted to roles under that path", async () => {
      const { assume, sessionUnder, sts } = createTrustingPath();
      const answer = await sts(sessionUnder("/product/prod/customer/")).send(assume());
      expect(answer.Credentials?.AccessKeyId).toMatch(/^ASIA/);
    });

    it("is denied even to roles under that path without the ExternalId", async () => {
      const { assume, sessionUnder, sts } = createTrustingPath();
      const key = sessionUnder("/product/prod/customer/");
      const refusal = await refusalOf(sts(key).send(assume({ ExternalId: undefined })));
      expect(refusal.code).toBe("AccessDenied");
    });

    it.each([
      ["the other path of the stage", "/product/prod/own/"],
      ["the path of another stage", "/product/staging/customer/"],
      ["a stage whose name begins alike", "/product/prod-2/customer/"],
      ["another letter case", "/product/prod/Customer/"],
      ["the path further down", "/x/product/prod/customer/"],
      ["no path", "/"],
    ])("is denied to %s, in the same words as ever", async (_, path) => {
      const { assume, role, sessionUnder, sts } = createTrustingPath();
      const refusal = await refusalOf(sts(sessionUnder(path)).send(assume()));
      expect(refusal).toMatchObject({ code: "AccessDenied", status: 403 });
      expect(refusal.message).toMatch(/^User: \S+ is not authorized to perform: sts:AssumeRole on/);
      expect(refusal.message).toContain(role.arn);
      expect(refusal.message).not.toContain("customer/*");
    });

    it("is denied to the path of another account", async () => {
      const { assume, sessionUnder, sts } = createTrustingPath();
      const key = sessionUnder("/product/prod/customer/", "777788889999");
      expect((await refusalOf(sts(key).send(assume()))).code).toBe("AccessDenied");
    });

    it("is denied to a user of our account", async () => {
      const { assume, sts } = createTrustingPath();
      expect((await refusalOf(sts().send(assume()))).code).toBe("AccessDenied");
    });
  });

  it.each([
    ["a chained session longer than an hour", 3601, "role chaining"],
    ["less than 15 minutes", 899, "between 900"],
    ["more than 12 hours", 43_201, "between 900"],
  ])("refuses %s", async (_, seconds, words) => {
    const { assume, ours, sts } = createCustomer();
    const refusal = await refusalOf(sts(ours).send(assume({ DurationSeconds: seconds })));
    expect(refusal.code).toBe("ValidationError");
    expect(refusal.message).toContain(words);
  });

  it("lets a user, who isn't chained, have up to the role's longest session", async () => {
    const { assume, cloud, role, sts } = createCustomer();
    const { ownAccountId } = cloud.identities;
    cloud.identities.changeRole(role.arn, { trustedPrincipals: [ownAccountId] });
    const answer = await sts().send(assume({ DurationSeconds: 7200 }));
    expect(answer.Credentials?.Expiration).toEqual(new Date(startMs + 7_200_000));
    const refusal = await refusalOf(sts().send(assume({ DurationSeconds: 7201 })));
    expect(refusal.message).toContain("MaxSessionDuration");
  });

  it("narrows the session by its policy, never widens it", async () => {
    const { assume, ec2, ours, sts } = createCustomer();
    const policy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["ec2:Describe*", "s3:*"], Resource: "*" }],
    };
    const answer = await sts(ours).send(assume({ Policy: JSON.stringify(policy) }));
    const client = ec2(keyOf(answer.Credentials));
    await client.send(new DescribeInstancesCommand({}));
    const stop = new StopInstancesCommand({ InstanceIds: ["i-0123456789abcdef0"] });
    expect((await refusalOf(client.send(stop))).code).toBe("UnauthorizedOperation");
  });

  it.each([
    ["not JSON", "{", "MalformedPolicyDocument"],
    ["without an effect", '{"Statement":[{"Action":"*"}]}', "MalformedPolicyDocument"],
    ["longer than 2,048 characters", " ".repeat(2049), "PackedPolicyTooLarge"],
  ])("refuses a session policy that is %s", async (_, policy, code) => {
    const { assume, ours, sts } = createCustomer();
    expect((await refusalOf(sts(ours).send(assume({ Policy: policy })))).code).toContain(code);
  });

  it("refuses a session name with characters that an ARN can't hold", async () => {
    const { assume, ours, sts } = createCustomer();
    const refusal = await refusalOf(sts(ours).send(assume({ RoleSessionName: "a/b" })));
    expect(refusal.code).toBe("ValidationError");
  });

  it("leaves no ExternalId in the journal", async () => {
    const { assume, cloud, ours, sts } = createCustomer();
    await sts(ours).send(assume());
    expect(JSON.stringify(cloud.journal)).not.toContain("external-1");
  });
});
