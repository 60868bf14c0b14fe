import {
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  GetEbsEncryptionByDefaultCommand,
  RunInstancesCommand,
  StopInstancesCommand,
} from "@aws-sdk/client-ec2";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { updateAccount } from "../../../adapters/store/accounts.ts";
import { addToMessage, noticeIdOf, updateMessage } from "../../../adapters/store/messages.ts";
import { keepSpotEvent } from "../../../adapters/store/spot-events.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import type { Notice } from "../../../core/model/notice.ts";
import { spotEventSchema } from "../../../core/model/spot-event.ts";
import { withFailure, withSent } from "../../../core/notice/repetition.ts";
import { customerActions } from "../../../lambdas/access/functions.ts";
import { splitActions } from "../../../lambdas/api/dry-run.ts";
import type { VerificationJson } from "../../../lambdas/api/schemas/verification.ts";
import { apiUnderTest, labAccount, type ApiUnderTest } from "./api-under-test.ts";

const path = `/accounts/${labAccount.account_id}`;

const refusal = (code: string): Error => Object.assign(new Error(code), { name: code });

const session = {
  Credentials: {
    AccessKeyId: "ASIAEXAMPLE",
    SecretAccessKey: "secret",
    SessionToken: "token",
    Expiration: new Date("2026-03-01T13:00:00Z"),
  },
};

describe("verify", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = apiUnderTest();
    await api.send("POST", "/accounts", labAccount);
    api.ec2.onAnyCommand().rejects(refusal("DryRunOperation"));
    api.ec2
      .on(GetEbsEncryptionByDefaultCommand, {}, true)
      .resolves({ EbsEncryptionByDefault: false });
    const ownSnapshots = { OwnerIds: ["self"], MaxResults: 1000 };
    api.ec2.on(DescribeSnapshotsCommand, ownSnapshots, true).resolves({ Snapshots: [] });
    api.sts
      .on(AssumeRoleCommand)
      .callsFake((input: { ExternalId?: string }) =>
        input.ExternalId === undefined ? Promise.reject(refusal("AccessDenied")) : session,
      );
  });

  const verify = async (): Promise<VerificationJson> => {
    const answer = await api.send("POST", `${path}/verify`);
    expect(answer.status).toBe(200);
    return answer.body;
  };
  const status = async (): Promise<unknown> =>
    ((await api.send("GET", path)).body as { status: string }).status;

  it("makes the account ACTIVE when every proof passes", async () => {
    const verification = await verify();
    expect(verification.verified).toBe(true);
    expect(verification.checks.map((check) => check.outcome)).toEqual([
      "PASSED",
      "PASSED",
      "PASSED",
    ]);
    expect(verification.features.map(({ feature, missing }) => [feature, missing])).toEqual([
      ["read", []],
      ["linear", []],
      ["cluster", []],
      ["kubernetes", []],
      ["events", []],
      ["waste", []],
      ["enforce", []],
      ["notices", []],
    ]);
    expect(verification.status).toBe("ACTIVE");
    expect(await status()).toBe("ACTIVE");
  });

  it("says for each region whether an event has come the whole way, and what is not proved", async () => {
    const [none] = (await verify()).events;
    expect(none).toMatchObject({ status: "NONE_YET" });
    expect(none?.message).toContain("send-spot-instance-interruptions");
    const { account_id: accountId } = labAccount;
    const region = none?.region;
    const at = api.context.now().toISOString();
    const receivedAt = new Date(Date.parse(at) + 2_000).toISOString();
    const told = { accountId, region, at, receivedAt, instanceId: "i-0123456789abcdef0" };
    for (const event of [
      { ...told, kind: "REBALANCE_RECOMMENDATION", at: new Date(Date.parse(at) - 1).toISOString() },
      { ...told, kind: "INTERRUPTION_WARNING", action: "terminate" },
    ]) {
      await keepSpotEvent(api.table, spotEventSchema().parse(event));
    }
    const { verified, events, features } = await verify();
    expect(verified).toBe(true);
    expect(features.find(({ feature }) => feature === "events")).toMatchObject({
      status: events.length === 1 ? "GRANTED" : "UNPROVED",
      unproved: events.slice(1).map((each) => ({ region: each.region, reason: each.message })),
    });
    expect(events[0]).toMatchObject({ status: "ARRIVED", at: receivedAt });
    expect(events[0]?.message).toContain("An interruption warning");
    expect(events[0]?.message).toContain("2 s after it happened");
    expect(events.slice(1).every(({ status: each }) => each === "NONE_YET")).toBe(true);
  });

  it("takes for the proof of notices that a topic has taken one, and has refused none since", async () => {
    const notices = async () =>
      (await verify()).features.find(({ feature }) => feature === "notices");
    const { account_id: accountId } = labAccount;
    expect(await notices()).toMatchObject({ status: "UNPROVED" });
    expect((await notices())?.unproved[0]?.reason).toContain(`/accounts/${accountId}/notices/test`);
    const test: Notice = {
      kind: "TEST",
      accountId: accountIdSchema.parse(accountId),
      error: "TEST",
      resource: accountId,
      sentence: "A test.",
      figures: {},
      nextStep: "Nothing.",
      path: "/notices",
      at: api.context.now().toISOString(),
    };
    const noticeId = noticeIdOf(test);
    const message = await addToMessage(api.table, noticeId, [{ key: "1", notice: test }]);
    const sent = { as: message, at: test.at, messageId: "m-1" };
    await updateMessage(api.table, noticeId, (stored) => withSent(stored, "SNS", sent));
    expect(await notices()).toMatchObject({ status: "GRANTED", unproved: [] });
    const refused = {
      at: new Date(Date.parse(test.at) + 1).toISOString(),
      error: "Publish: AuthorizationError.",
    };
    await updateMessage(api.table, noticeId, (stored) => withFailure(stored, "SNS", refused));
    expect(await notices()).toMatchObject({ status: "UNPROVED" });
    expect((await notices())?.unproved[0]?.reason).toContain("AuthorizationError");
  });

  it("reports a role that can be assumed without the ExternalId as a failure", async () => {
    api.sts.on(AssumeRoleCommand).resolves(session);
    const verification = await verify();
    expect(verification.verified).toBe(false);
    expect(verification.checks).toContainEqual(
      expect.objectContaining({ outcome: "FAILED", code: "external_id_not_enforced" }),
    );
    expect(await status()).toBe("PENDING");
  });

  it("asks for no permission when the role can't be assumed", async () => {
    api.sts.on(AssumeRoleCommand).rejects(refusal("AccessDenied"));
    const verification = await verify();
    expect(verification.checks.map((check) => [check.outcome, check.code])).toEqual([
      ["FAILED", "role_not_assumable"],
      ["PASSED", undefined],
      ["SKIPPED", undefined],
    ]);
    expect(verification.features.map(({ status }) => status)).toEqual([
      "SKIPPED",
      "SKIPPED",
      "SKIPPED",
      "SKIPPED",
      "UNPROVED",
      "SKIPPED",
      "SKIPPED",
      "SKIPPED",
    ]);
    expect(api.ec2.calls()).toHaveLength(0);
    expect(await status()).toBe("PENDING");
  });

  it("lists each permission that EC2 refuses, with its region, under its feature", async () => {
    api.ec2.on(DescribeInstancesCommand).rejects(refusal("UnauthorizedOperation"));
    const verification = await verify();
    expect(verification.verified).toBe(false);
    const [read, linear] = verification.features;
    expect(read).toMatchObject({
      feature: "read",
      status: "INCOMPLETE",
      missing: [{ action: "ec2:DescribeInstances", region: "eu-central-1" }],
    });
    expect(read?.missing).toHaveLength(1);
    expect(linear).toMatchObject({ feature: "linear", missing: [] });
    expect(verification.checks).toContainEqual(
      expect.objectContaining({
        outcome: "FAILED",
        code: "permissions_missing",
        message: expect.stringContaining("missing of read:"),
      }),
    );
    expect(await status()).toBe("PENDING");
  });

  it("says of a region that the account has not enabled that it is closed, and of no permission that it is missing", async () => {
    api.ec2.onAnyCommand().rejects(refusal("AuthFailure"));
    const verification = await verify();
    expect(verification.verified).toBe(false);
    expect(verification.checks).toContainEqual(
      expect.objectContaining({
        outcome: "FAILED",
        code: "region_not_enabled",
        message: expect.stringContaining("aws account enable-region --region-name eu-central-1"),
      }),
    );
    expect(await status()).toBe("PENDING");
  });

  it("asks a region of another partition, which an older version took, for nothing", async () => {
    await updateAccount(api.table, accountIdSchema.parse(labAccount.account_id), (account) => ({
      ...account,
      regions: ["cn-north-1"],
    }));
    const verification = await verify();
    expect(verification.checks).toContainEqual(
      expect.objectContaining({
        code: "region_not_enabled",
        message: expect.stringContaining("cn-north-1 is not of partition aws"),
      }),
    );
    expect(api.ec2.calls()).toHaveLength(0);
  });

  it("says which permissions could not be proved", async () => {
    const unproved = (await verify()).features.map((grant) => ({
      feature: grant.feature,
      actions: grant.unproved.map(({ action }) => action),
    }));
    expect(unproved).toEqual([
      {
        feature: "read",
        actions: expect.arrayContaining(["elasticloadbalancing:DescribeTargetHealth"]),
      },
      {
        feature: "linear",
        actions: expect.arrayContaining([
          "elasticloadbalancing:RegisterTargets",
          "ec2:DeregisterImage",
        ]),
      },
      {
        feature: "cluster",
        actions: expect.arrayContaining(["autoscaling:AttachInstances"]),
      },
      {
        feature: "kubernetes",
        actions: expect.arrayContaining(["eks:UpdateNodegroupConfig"]),
      },
      { feature: "events", actions: ["events:PutEvents"] },
      {
        feature: "waste",
        actions: expect.arrayContaining(["ec2:DeleteVolume", "backup:ListProtectedResources"]),
      },
      {
        feature: "enforce",
        actions: [
          "ecs:DescribeClusters",
          "ecs:DescribeContainerInstances",
          "ecs:ListClusters",
          "ecs:ListContainerInstances",
          "sns:Publish",
          "ec2:StopInstances",
          "ec2:TerminateInstances",
        ],
      },
      { feature: "notices", actions: ["sns:Publish"] },
    ]);
  });

  it("sends nothing but dry runs to EC2, and reads what the first evaluations need not ask again", async () => {
    await verify();
    const sent = api.ec2.calls().map(({ args: [command] }) => command);
    const called = sent.filter(({ input }) => !("DryRun" in input && input.DryRun === true));
    expect(sent.length - called.length).toBeGreaterThan(5);
    expect(called.map(({ constructor }) => constructor)).toEqual([
      GetEbsEncryptionByDefaultCommand,
      DescribeSnapshotsCommand,
    ]);
    expect(api.ec2.commandCalls(RunInstancesCommand)).toHaveLength(0);
    expect(api.ec2.commandCalls(StopInstancesCommand)).toHaveLength(0);
  });

  it("leaves a DISABLED account disabled", async () => {
    await api.send("PATCH", path, { status: "DISABLED" });
    expect((await verify()).status).toBe("DISABLED");
    expect(await status()).toBe("DISABLED");
  });

  it("answers 503 when STS doesn't, because that proves nothing", async () => {
    api.sts.on(AssumeRoleCommand).rejects(refusal("Throttling"));
    const answer = await api.send("POST", `${path}/verify`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("2");
    expect(await status()).toBe("PENDING");
  });

  it("takes no body but an empty one", async () => {
    expect((await api.send("POST", `${path}/verify`, {})).status).toBe(200);
    const refused = await api.send("POST", `${path}/verify`, { external_id: "mine" });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ errors: [{ field: "external_id" }] });
  });

  it("never shows the ExternalId", async () => {
    const [, call] = api.sts.commandCalls(AssumeRoleCommand);
    const text = JSON.stringify(await verify());
    expect(call).toBeUndefined();
    const [assumed] = api.sts.commandCalls(AssumeRoleCommand);
    expect(text).not.toContain(String(assumed?.args[0].input.ExternalId));
  });
});

describe("the permissions to try", () => {
  const all = (isEnrolled: boolean) => splitActions({ subject: {}, isEnrolled });

  it.each([true, false])("are every action of the list, once (enrolled: %s)", (isEnrolled) => {
    const { provable, boundToTags } = all(isEnrolled);
    expect([...provable, ...boundToTags].sort()).toEqual([...customerActions].sort());
  });

  it("are not tried on an instance without the tag that the role asks for", () => {
    expect(all(false).boundToTags).toContain("ec2:StopInstances");
    expect(all(true).provable).toContain("ec2:StopInstances");
  });

  it("never include what the role allows on our own resources only", () => {
    expect(all(true).boundToTags).toContain("ec2:DeleteSnapshot");
  });
});
