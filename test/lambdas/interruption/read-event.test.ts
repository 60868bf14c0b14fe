import { describe, expect, it } from "@jest/globals";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { readEvent } from "../../../lambdas/interruption/receive/read-event.ts";

const now = new Date("2026-03-02T10:00:03Z");
const instanceId = "i-0123456789abcdef0";

const envelope = (of: object) => ({
  version: "0",
  id: "12345678-1234-1234-1234-123456789012",
  account: "444455556666",
  time: "2026-03-02T10:00:00Z",
  region: "eu-central-1",
  // Spelled in several ways: not looked at.
  resources: ["arn:aws:ec2:eu-central-1a:instance/i-0ffffffffffffffff"],
  ...of,
});
const warning = envelope({
  source: "aws.ec2",
  "detail-type": "EC2 Spot Instance Interruption Warning",
  detail: { "instance-id": instanceId, "instance-action": "hibernate" },
});
const read = (event: unknown, at = now) => readEvent(JSON.stringify(event), at);

/** What is wrong with it. */
const refusal = (body: string): string => {
  try {
    readEvent(body, now);
  } catch (error) {
    if (error instanceof SpotOptimizerError) return `${error.name}: ${error.message}`;
    throw error;
  }
  return "read";
};

describe("an event", () => {
  const head = {
    accountId: "444455556666",
    region: "eu-central-1",
    at: "2026-03-02T10:00:00.000Z",
    receivedAt: "2026-03-02T10:00:03.000Z",
  };

  it.each<readonly [object, object]>([
    [warning, { kind: "INTERRUPTION_WARNING", instanceId, action: "hibernate" }],
    [
      envelope({
        source: "aws.ec2",
        "detail-type": "EC2 Instance Rebalance Recommendation",
        detail: { "instance-id": instanceId },
      }),
      { kind: "REBALANCE_RECOMMENDATION", instanceId },
    ],
    [
      envelope({
        source: "aws.ec2",
        "detail-type": "EC2 Instance State-change Notification",
        detail: { "instance-id": instanceId, state: "terminated" },
      }),
      { kind: "STATE_CHANGE", instanceId, state: "terminated" },
    ],
    [
      envelope({
        source: "aws.autoscaling",
        "detail-type": "EC2 Instance-terminate Lifecycle Action",
        detail: {
          LifecycleActionToken: "t-1",
          AutoScalingGroupName: "web",
          LifecycleHookName: "drain",
          EC2InstanceId: instanceId,
          LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        },
      }),
      { kind: "TERMINATE_HOOK", instanceId, asgName: "web", hookName: "drain", token: "t-1" },
    ],
    [
      envelope({
        source: "aws.fis",
        "detail-type": "FIS Experiment State Change",
        detail: {
          "experiment-id": "EXP1",
          "new-state": { status: "running", reason: "x" },
          "old-state": { status: "initiating" },
        },
      }),
      { kind: "FIS_EXPERIMENT", experimentId: "EXP1", status: "running" },
    ],
  ])("is read from its detail, account, region and time: %#", (event, told) => {
    expect(read(event)).toEqual({ ...head, ...told });
  });

  it.each([
    ["ten minutes, when its own clock says", "2026-03-02T09:50:00Z", "2026-03-02T10:00:00.000Z"],
    ["a year, a quarter of an hour from now", "2025-03-02T10:00:00Z", "2025-03-02T10:15:00.000Z"],
  ])("of a clock ahead of our own by %s has happened", (_, ours, at) => {
    expect(read(warning, new Date(ours)).at).toBe(at);
  });
});

describe("a message is not taken for an event", () => {
  it.each<readonly [string, string, string]>([
    ["that is not JSON", "{", "not JSON"],
    [
      "that is wrapped by another service",
      JSON.stringify({ Type: "Notification", Message: JSON.stringify(warning) }),
      "not an event of AWS",
    ],
    ["of an account that is none", JSON.stringify({ ...warning, account: "1" }), "account"],
    [
      "of a kind that nobody reads",
      JSON.stringify({ ...warning, "detail-type": "EC2 Instance Launch Successful" }),
      'no reader for "EC2 Instance Launch Successful" of aws.ec2',
    ],
    ["of another source than its kind", JSON.stringify({ ...warning, source: "mine" }), "of mine"],
    [
      "with an action that AWS does not have",
      JSON.stringify({ ...warning, detail: { "instance-id": instanceId, "instance-action": "x" } }),
      "instance-action",
    ],
    [
      "about what is not an instance",
      JSON.stringify({ ...warning, detail: { "instance-id": "vol-1", "instance-action": "stop" } }),
      "must be an EC2 instance id",
    ],
  ])("%s", (_, body, why) => {
    expect(refusal(body)).toContain(why);
    expect(refusal(body)).toContain("BrokenInput");
  });
});
