import { beforeEach, describe, expect, it } from "@jest/globals";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import {
  assumeRole,
  createCredentialCache,
  tryWithoutExternalId,
  type AssumeRoleInput,
} from "../../../adapters/aws/sts.ts";
import { awsError, metadata, thrownBy } from "./aws-error.ts";

const sts = new STSClient({ region: "eu-central-1" });
const mock = mockClient(sts);
const roleArn = "arn:aws:iam::123456789012:role/SpotOptimizer";
const start = new Date("2026-01-01T00:00:00Z");
const minutes = (count: number): Date => new Date(start.getTime() + count * 60_000);

const input = (change: Partial<AssumeRoleInput> = {}): AssumeRoleInput => ({
  roleArn,
  externalId: "an-external-id-1234",
  sessionName: "evl-0000000001",
  now: start,
  ...change,
});

const session = (token: string, expiresAt: Date): object => ({
  $metadata: metadata(),
  Credentials: {
    AccessKeyId: "AKID",
    SecretAccessKey: "secret",
    SessionToken: token,
    Expiration: expiresAt,
  },
});

beforeEach(() => {
  mock.reset();
});

describe("assumeRole", () => {
  it("asks for one hour with the ExternalId, under the evaluation's name", async () => {
    mock.on(AssumeRoleCommand).resolves(session("t1", minutes(60)));
    await expect(assumeRole(sts, input())).resolves.toEqual({
      accessKeyId: "AKID",
      secretAccessKey: "secret",
      sessionToken: "t1",
      expiresAt: minutes(60),
    });
    expect(mock.commandCalls(AssumeRoleCommand)[0]?.args[0].input).toStrictEqual({
      RoleArn: roleArn,
      RoleSessionName: "evl-0000000001",
      ExternalId: "an-external-id-1234",
      DurationSeconds: 3600,
    });
  });

  it("narrows the session by a policy if one is given", async () => {
    mock.on(AssumeRoleCommand).resolves(session("t1", minutes(60)));
    await assumeRole(sts, input({ policy: "{}" }));
    expect(mock.commandCalls(AssumeRoleCommand)[0]?.args[0].input.Policy).toBe("{}");
  });

  it("a refusal names the role and never the ExternalId", async () => {
    mock
      .on(AssumeRoleCommand)
      .rejects(awsError("AccessDenied", { status: 403, message: "no: an-external-id-1234" }));
    const error = await thrownBy(() => assumeRole(sts, input()));
    expect(error).toMatchObject({ name: "BrokenPermission", resource: roleArn });
    expect(String(error) + String((error as Error).cause)).not.toContain("an-external-id-1234");
  });

  it("an answer without credentials is not taken for a session", async () => {
    mock.on(AssumeRoleCommand).resolves({ $metadata: metadata() });
    await expect(assumeRole(sts, input())).rejects.toMatchObject({ name: "BrokenFacts" });
  });

  it("a session that ended before now shows that a clock is wrong", async () => {
    mock.on(AssumeRoleCommand).resolves(session("t1", minutes(-1)));
    await expect(assumeRole(sts, input())).rejects.toMatchObject({
      name: "BrokenFacts",
      message: expect.stringContaining("clock"),
    });
  });
});

describe("the credential cache", () => {
  it("hands out a session until 5 minutes before its end, then assumes the role again", async () => {
    mock
      .on(AssumeRoleCommand)
      .resolvesOnce(session("first", minutes(60)))
      .resolvesOnce(session("second", minutes(120)));
    const cache = createCredentialCache();
    const tokenAt = async (minute: number): Promise<string> =>
      (await cache.get(sts, input({ now: minutes(minute) }))).sessionToken;
    await expect(tokenAt(0)).resolves.toBe("first");
    await expect(tokenAt(54.9)).resolves.toBe("first");
    await expect(tokenAt(55)).resolves.toBe("second");
    expect(mock.commandCalls(AssumeRoleCommand)).toHaveLength(2);
  });

  it("parallel questions share one call", async () => {
    mock.on(AssumeRoleCommand).resolves(session("t", minutes(60)));
    const cache = createCredentialCache();
    await Promise.all([cache.get(sts, input()), cache.get(sts, input())]);
    expect(mock.commandCalls(AssumeRoleCommand)).toHaveLength(1);
  });

  it.each([
    ["session name", { sessionName: "evl-0000000002" }],
    ["role", { roleArn: `${roleArn}2` }],
    ["policy", { policy: "{}" }],
    ["ExternalId", { externalId: "another-external-id" }],
  ])("another %s is another session", async (_what, change) => {
    mock.on(AssumeRoleCommand).resolves(session("t", minutes(60)));
    const cache = createCredentialCache();
    await cache.get(sts, input());
    await cache.get(sts, input(change));
    expect(mock.commandCalls(AssumeRoleCommand)).toHaveLength(2);
  });

  it("knows the open session of a name without its role, until it is forgotten or ends", async () => {
    mock.on(AssumeRoleCommand).resolves(session("t", minutes(60)));
    const cache = createCredentialCache();
    const { sessionName, now } = input();
    expect(cache.kept(sessionName, now)).toBeUndefined();
    const opened = await cache.get(sts, input());
    expect(await cache.kept(sessionName, now)).toBe(opened);
    expect(cache.kept("evl-0000000002", now)).toBeUndefined();
    expect(cache.kept(sessionName, minutes(55))).toBeUndefined();
    await cache.get(sts, input());
    cache.forget(roleArn);
    expect(cache.kept(sessionName, now)).toBeUndefined();
  });

  it("forgets every session of a role, and those of no other", async () => {
    mock.on(AssumeRoleCommand).resolves(session("t", minutes(60)));
    const cache = createCredentialCache();
    await cache.get(sts, input());
    await cache.get(sts, input({ roleArn: `${roleArn}2` }));
    cache.forget(roleArn);
    await cache.get(sts, input());
    await cache.get(sts, input({ roleArn: `${roleArn}2` }));
    expect(mock.commandCalls(AssumeRoleCommand)).toHaveLength(3);
  });

  it("a failure is not kept", async () => {
    mock
      .on(AssumeRoleCommand)
      .rejectsOnce(awsError("Throttling"))
      .resolvesOnce(session("t", minutes(60)));
    const cache = createCredentialCache();
    await expect(cache.get(sts, input())).rejects.toMatchObject({ name: "RetryableThrottled" });
    await expect(cache.get(sts, input())).resolves.toMatchObject({ sessionToken: "t" });
  });
});

describe("the proof that the ExternalId is needed", () => {
  const ask = (): Promise<unknown> => tryWithoutExternalId(sts, { roleArn, sessionName: "verify" });

  it("sends no ExternalId, for the shortest session", async () => {
    mock.on(AssumeRoleCommand).rejects(awsError("AccessDenied", { status: 403 }));
    await expect(ask()).resolves.toEqual({ kind: "DENIED" });
    expect(mock.commandCalls(AssumeRoleCommand)[0]?.args[0].input).toStrictEqual({
      RoleArn: roleArn,
      RoleSessionName: "verify",
      DurationSeconds: 900,
    });
  });

  it("being let in is told without the credentials", async () => {
    mock.on(AssumeRoleCommand).resolves(session("t", minutes(15)));
    await expect(ask()).resolves.toEqual({ kind: "ASSUMED" });
  });

  it.each([
    ["Throttling", 400, "RetryableThrottled"],
    ["ServiceUnavailable", 503, "RetryableUnavailable"],
    ["ExpiredToken", 403, "RetryableCredentials"],
    ["InvalidClientTokenId", 403, "BrokenPermission"],
  ])("%s proves nothing and is thrown", async (code, status, name) => {
    mock.on(AssumeRoleCommand).rejects(awsError(code, { status }));
    await expect(ask()).rejects.toMatchObject({ name });
  });
});
