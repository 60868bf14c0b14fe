import {
  AutoScalingClient,
  CreateOrUpdateTagsCommand,
  DeleteTagsCommand,
  DescribeAutoScalingGroupsCommand,
  ResumeProcessesCommand,
  SetInstanceProtectionCommand,
  SuspendProcessesCommand,
  UpdateAutoScalingGroupCommand,
  type LifecycleState,
} from "@aws-sdk/client-auto-scaling";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import {
  resumeAzRebalance,
  setMaxSize,
  setProtection,
  suspendAzRebalance,
  tagGroup,
  untagGroup,
} from "../../../../adapters/aws/autoscaling/settings.ts";
import { awsError, metadata } from "../aws-error.ts";

const client = new AutoScalingClient({ region: "eu-central-1" });
const mock = mockClient(client);

beforeEach(() => {
  mock.reset();
});

const inputs = (): readonly unknown[] => mock.calls().map(({ args: [command] }) => command.input);

describe("a group's settings", () => {
  it("raise the maximum and name nothing else", async () => {
    mock.on(UpdateAutoScalingGroupCommand).resolves({ $metadata: metadata("r1") });
    await expect(setMaxSize(client, { asgName: "web", maxSize: 7 })).resolves.toEqual({
      requestId: "r1",
    });
    expect(inputs()).toEqual([{ AutoScalingGroupName: "web", MaxSize: 7 }]);
  });

  it("suspend and resume AZRebalance alone", async () => {
    mock.on(SuspendProcessesCommand).resolves({ $metadata: metadata("r1") });
    mock.on(ResumeProcessesCommand).resolves({ $metadata: metadata("r2") });
    await expect(suspendAzRebalance(client, "web")).resolves.toEqual({ requestId: "r1" });
    await expect(resumeAzRebalance(client, "web")).resolves.toEqual({ requestId: "r2" });
    const processes = { AutoScalingGroupName: "web", ScalingProcesses: ["AZRebalance"] };
    expect(inputs()).toEqual([processes, processes]);
  });

  it("tag the group without its instances, and take the tag off again", async () => {
    mock.on(CreateOrUpdateTagsCommand).resolves({ $metadata: metadata("r1") });
    mock.on(DeleteTagsCommand).resolves({ $metadata: metadata("r2") });
    const tag = { asgName: "web", key: "spot-optimizer:claim", value: "dpl-1#4" };
    await expect(tagGroup(client, tag)).resolves.toEqual({ requestId: "r1" });
    await expect(untagGroup(client, tag)).resolves.toEqual({ requestId: "r2" });
    const sent = {
      Tags: [
        {
          ResourceId: "web",
          ResourceType: "auto-scaling-group",
          Key: "spot-optimizer:claim",
          Value: "dpl-1#4",
          PropagateAtLaunch: false,
        },
      ],
    };
    expect(inputs()).toEqual([sent, sent]);
  });

  it.each([
    ["ResourceContentionFault", "RetryableContention"],
    ["ScalingActivityInProgressFault", "RetryableContention"],
    ["ResourceInUseFault", "RetryableContention"],
  ])("throw %s as %s", async (code, name) => {
    mock.on(UpdateAutoScalingGroupCommand).rejects(awsError(code));
    await expect(setMaxSize(client, { asgName: "web", maxSize: 7 })).rejects.toMatchObject({
      name,
    });
  });
});

describe("protection from scale-in", () => {
  const wanted = { asgName: "web", instanceIds: ["i-1", "i-2"], isProtected: true };
  const shows = (...members: readonly (readonly [string, string, boolean])[]): void => {
    mock.on(DescribeAutoScalingGroupsCommand).resolves({
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
          Instances: members.map(([InstanceId, state, isProtected]) => ({
            InstanceId,
            AvailabilityZone: "eu-central-1a",
            LifecycleState: state as LifecycleState,
            HealthStatus: "Healthy",
            ProtectedFromScaleIn: isProtected,
          })),
        },
      ],
    });
  };
  const refuses = (): void => {
    mock
      .on(SetInstanceProtectionCommand)
      .rejects(awsError("ValidationError", { message: "The instance i-2 is not in InService." }));
  };

  it("is set for all in one call", async () => {
    mock.on(SetInstanceProtectionCommand).resolves({ $metadata: metadata("r1") });
    await expect(setProtection(client, wanted)).resolves.toEqual({ kind: "DONE", requestId: "r1" });
    expect(inputs()).toEqual([
      { AutoScalingGroupName: "web", InstanceIds: ["i-1", "i-2"], ProtectedFromScaleIn: true },
    ]);
  });

  it("is set already where the group shows it", async () => {
    refuses();
    shows(["i-1", "InService", true], ["i-2", "InService", true]);
    await expect(setProtection(client, wanted)).resolves.toMatchObject({ kind: "DONE" });
  });

  it.each([
    [
      "one is pending",
      [
        ["i-1", "InService", false],
        ["i-2", "Pending", false],
      ],
    ],
    ["one is not a member", [["i-1", "InService", false]]],
  ] as const)("is not set while %s", async (_, members) => {
    refuses();
    shows(...members);
    await expect(setProtection(client, wanted)).resolves.toMatchObject({
      kind: "NOT_IN_SERVICE",
      sentence: expect.stringContaining("i-2 is not in InService") as unknown,
    });
  });

  it("that is refused for another reason throws", async () => {
    refuses();
    shows(["i-1", "InService", false], ["i-2", "InService", false]);
    await expect(setProtection(client, wanted)).rejects.toMatchObject({ name: "BrokenRequest" });
  });
});
