import {
  AttachInstancesCommand,
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DetachInstancesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  type AutoScalingGroup,
  type LifecycleState,
} from "@aws-sdk/client-auto-scaling";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import {
  attachInstances,
  detachInstance,
  terminateInGroup,
} from "../../../../adapters/aws/autoscaling/membership.ts";
import { awsError, metadata } from "../aws-error.ts";

const client = new AutoScalingClient({ region: "eu-central-1" });
const mock = mockClient(client);

const invalid = (message: string) => awsError("ValidationError", { message });

const shows = (
  members: Readonly<Record<string, string>>,
  change: Partial<AutoScalingGroup> = {},
): void => {
  mock.on(DescribeAutoScalingGroupsCommand, { AutoScalingGroupNames: ["web"] }).resolves({
    AutoScalingGroups: [
      {
        AutoScalingGroupName: "web",
        MinSize: 1,
        MaxSize: 4,
        DesiredCapacity: 2,
        DefaultCooldown: 300,
        AvailabilityZones: ["eu-central-1a"],
        HealthCheckType: "EC2",
        CreatedTime: new Date(0),
        Instances: Object.entries(members).map(([InstanceId, state]) => ({
          InstanceId,
          AvailabilityZone: "eu-central-1a",
          LifecycleState: state as LifecycleState,
          HealthStatus: "Healthy",
          ProtectedFromScaleIn: false,
        })),
        ...change,
      },
    ],
  });
};

const showsNoGroup = (): void => {
  mock.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
};

beforeEach(() => {
  mock.reset();
});

const wanted = { asgName: "web", instanceIds: ["i-new1", "i-new2"] };

describe("attaching", () => {
  it("is one call for all", async () => {
    mock.on(AttachInstancesCommand).resolves({ $metadata: metadata("r1") });
    await expect(attachInstances(client, wanted)).resolves.toEqual({
      kind: "DONE",
      requestId: "r1",
    });
    expect(mock.commandCalls(AttachInstancesCommand)[0]?.args[0].input).toEqual({
      AutoScalingGroupName: "web",
      InstanceIds: ["i-new1", "i-new2"],
    });
  });

  it("is done where all are members already", async () => {
    mock
      .on(AttachInstancesCommand)
      .rejects(invalid("Instance i-new1 is already part of AutoScalingGroup:web"));
    shows({ "i-new1": "InService", "i-new2": "Pending" });
    const result = await attachInstances(client, wanted);
    expect(result).toMatchObject({ kind: "DONE", requestId: "req-ValidationError" });
    expect(result.doneBefore).toContain("already part of");
  });

  it.each<readonly [string, string, Readonly<Record<string, string>>, Partial<AutoScalingGroup>]>([
    [
      "OVER_MAX",
      "AutoScalingGroup web has min-size=1, max-size=4, and desired-size=3. To attach 2 instances, please update the AutoScalingGroup sizes appropriately.",
      {},
      { DesiredCapacity: 3 },
    ],
    ["SUSPENDED", "Launch is suspended", {}, { SuspendedProcesses: [{ ProcessName: "Launch" }] }],
    [
      "DEAD_BALANCER",
      "Provided Load Balancers may not be valid. Please ensure they exist and try again.",
      {},
      {},
    ],
    ["NOT_TAKEN", "Invalid Availability Zone", {}, {}],
    ["NOT_TAKEN", "is already part of AutoScalingGroup:web", { "i-new1": "InService" }, {}],
    ["NOT_TAKEN", "in state Terminating", { "i-new1": "Terminating", "i-new2": "InService" }, {}],
  ])("is refused for %s (%s)", async (why, message, members, change) => {
    mock.on(AttachInstancesCommand).rejects(invalid(message));
    shows(members, change);
    const result = await attachInstances(client, wanted);
    expect(result).toMatchObject({ kind: "REFUSED", why });
    expect("sentence" in result && result.sentence).toContain(message);
  });

  it("is refused where the group is gone", async () => {
    mock
      .on(AttachInstancesCommand)
      .rejects(invalid("AutoScalingGroup name not found - AutoScalingGroup web not found"));
    showsNoGroup();
    await expect(attachInstances(client, wanted)).resolves.toMatchObject({
      kind: "REFUSED",
      why: "GROUP_GONE",
    });
  });

  it.each([
    ["ResourceContentionFault", "RetryableContention", 500],
    ["ScalingActivityInProgressFault", "RetryableContention", 400],
    ["Throttling", "RetryableThrottled", 400],
    ["AccessDenied", "BrokenPermission", 403],
  ])("throws %s as %s", async (code, name, status) => {
    mock.on(AttachInstancesCommand).rejects(awsError(code, { status }));
    await expect(attachInstances(client, wanted)).rejects.toMatchObject({ name });
  });
});

const member = { asgName: "web", instanceId: "i-old" };
const activity = {
  ActivityId: "act-1",
  Cause:
    "At 2026-03-02T09:03:12Z an instance was taken out of service in response to a user request, shrinking the capacity from 4 to 3.",
};

describe.each([
  {
    name: "detaching",
    call: () => detachInstance(client, member),
    command: DetachInstancesCommand,
    input: {
      AutoScalingGroupName: "web",
      InstanceIds: ["i-old"],
      ShouldDecrementDesiredCapacity: true,
    },
    answer: { Activities: [activity] },
  },
  {
    name: "terminating through the group",
    call: () => terminateInGroup(client, member),
    command: TerminateInstanceInAutoScalingGroupCommand,
    input: { InstanceId: "i-old", ShouldDecrementDesiredCapacity: true },
    answer: { Activity: activity },
  },
])("$name", ({ call, command, input, answer }) => {
  const on = () => mock.on(command as typeof DetachInstancesCommand);

  it("lowers the desired capacity, and names its activity and the capacity that it met", async () => {
    on().resolves({ ...answer, $metadata: metadata("r1") } as never);
    await expect(call()).resolves.toEqual({
      kind: "DONE",
      requestId: "r1",
      activityId: "act-1",
      desiredBefore: 4,
    });
    expect(mock.commandCalls(command as typeof DetachInstancesCommand)[0]?.args[0].input).toEqual(
      input,
    );
  });

  it("knows neither where AWS tells of no activity", async () => {
    on().resolves({ $metadata: metadata("r1") });
    await expect(call()).resolves.toEqual({ kind: "DONE", requestId: "r1" });
  });

  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ["it is not a member", {}],
    ["it is ending", { "i-old": "Terminating:Wait" }],
    ["it is leaving", { "i-old": "Detaching" }],
  ])("is to be found out where %s: its place may have stayed", async (_, members) => {
    on().rejects(invalid("The instance i-old is not part of Auto Scaling group web."));
    shows(members);
    await expect(call()).rejects.toMatchObject({
      name: "RetryableContention",
      code: "ValidationError",
      message: expect.stringContaining("by other hands"),
    });
  });

  it.each<readonly [string, string, Partial<AutoScalingGroup>, string]>([
    ["AT_MIN", "InService", { MinSize: 2 }, "please update the AutoScalingGroup sizes"],
    ["WRONG_STATE", "Pending:Wait", {}, "The instance i-old is not in InService or Standby."],
    ["RETAINED", "Terminating:Retained", {}, "retained"],
    ["DEAD_BALANCER", "InService", {}, "Provided Load Balancers may not be valid."],
    ["NOT_TAKEN", "InService", {}, "something else"],
  ])("is refused for %s of a member in %s", async (why, state, change, message) => {
    on().rejects(invalid(message));
    shows({ "i-old": state }, change);
    await expect(call()).resolves.toMatchObject({ kind: "REFUSED", why });
  });

  it("is refused where the group is gone", async () => {
    on().rejects(invalid("not found"));
    showsNoGroup();
    await expect(call()).resolves.toMatchObject({ kind: "REFUSED", why: "GROUP_GONE" });
  });

  it("throws an activity that blocks it as contention", async () => {
    on().rejects(awsError("ScalingActivityInProgressFault"));
    await expect(call()).rejects.toMatchObject({ name: "RetryableContention" });
  });
});

describe("detaching with the place left", () => {
  it("leaves the desired capacity as it is: the group launches another", async () => {
    mock.on(DetachInstancesCommand).resolves({ $metadata: metadata("r1") });
    await detachInstance(client, { asgName: "web", instanceId: "i-old", keepsPlace: true });
    expect(mock.commandCalls(DetachInstancesCommand)[0]?.args[0].input).toEqual({
      AutoScalingGroupName: "web",
      InstanceIds: ["i-old"],
      ShouldDecrementDesiredCapacity: false,
    });
  });
});
