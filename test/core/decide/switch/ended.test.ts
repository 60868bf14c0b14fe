import { describe, expect, it } from "@jest/globals";
import { endedByAccount } from "../../../../core/decide/switch/ended.ts";
import type { InstanceHealth } from "../../../../core/model/instance.ts";
import { readRefusalSentence } from "../../../../core/model/aws-refusal.ts";

const ended = (stateReason?: string): InstanceHealth => ({
  instanceId: "i-1",
  state: "terminated",
  system: "unknown",
  instance: "unknown",
  attachedEbs: "unknown",
  ...(stateReason === undefined ? {} : { stateReason }),
});
const key = "arn:aws:kms:us-east-1:444455556666:key/one";
const context = { accountId: "444455556666", kmsKeyIds: [key] };

describe("an instance that ended by its owner or his account", () => {
  it.each([
    ["Client.InternalError", "EC2 could not start it", `aws kms create-grant --key-id ${key}`],
    ["Client.VolumeLimitExceeded", "quota of EBS storage", "Service Quotas"],
    ["Client.InvalidSnapshot.NotFound", "a snapshot of its image", "who deletes snapshots"],
    ["Client.InstanceInitiatedShutdown", "its own operating system", "boot scripts"],
    ["Client.UserInitiatedShutdown", "we did not", "who called TerminateInstances"],
    ["Client.Novelty", "a cause that lies in the account", "StateReason"],
  ])("%s is named with its remedy", (code, what, remedy) => {
    const found = endedByAccount(ended(code), context);
    expect(found?.sentence).toContain(what);
    expect(found?.nextStep).toContain(remedy);
    // So that the attempt is remembered by its code, whatever the id.
    expect(readRefusalSentence(found?.sentence ?? "")).toMatchObject({
      action: "RunInstances",
      code,
      resource: "i-1",
    });
  });

  it("names the role that a grant goes to, for each key", () => {
    const other = `${key}-2`;
    const found = endedByAccount(ended("Client.InternalError"), {
      ...context,
      kmsKeyIds: [key, other],
    });
    expect(found?.nextStep.match(/--grantee-principal \S+/g)).toEqual(
      Array.from(
        { length: 2 },
        () =>
          "--grantee-principal arn:aws:iam::444455556666:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot",
      ),
    );
    expect(found?.nextStep).toContain(other);
  });

  it("without a key that is known of says where to look", () => {
    const found = endedByAccount(ended("Client.InternalError"), { ...context, kmsKeyIds: [] });
    expect(found?.nextStep).toContain("CloudTrail");
  });

  it.each([undefined, "Server.SpotInstanceTermination", "Server.InternalError"])(
    "is not one that EC2 ended: %s",
    (code) => {
      expect(endedByAccount(ended(code), context)).toBeUndefined();
    },
  );
});
