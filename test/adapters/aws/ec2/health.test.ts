import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeSpotInstanceRequestsCommand,
  EC2Client,
  type Instance,
  type InstanceStatus,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import {
  readChecks,
  readHealth,
  readSpotHealth,
  readSpotHealthBySteps,
} from "../../../../adapters/aws/ec2/health.ts";
import { awsError } from "../aws-error.ts";
import { instanceId, originalInstance, originalStatus } from "./original.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

/** EC2 with this instance and its checks. */
const world = (change: Partial<Instance> = {}): void => {
  mock
    .on(DescribeInstancesCommand, {
      Filters: [{ Name: "instance-id", Values: [instanceId] }],
      MaxResults: 1000,
    })
    .resolves({ Reservations: [{ Instances: [originalInstance(change)] }] });
  mock.on(DescribeInstanceStatusCommand).resolves({ InstanceStatuses: [originalStatus()] });
};

beforeEach(() => {
  mock.reset();
});

describe("health", () => {
  const spot = { SpotInstanceRequestId: "sir-1", InstanceLifecycle: "spot" } as const;
  const spotStatus = (Code: string): void => {
    mock
      .on(DescribeSpotInstanceRequestsCommand, {
        Filters: [{ Name: "spot-instance-request-id", Values: ["sir-1"] }],
        MaxResults: 1000,
      })
      .resolves({ SpotInstanceRequests: [{ SpotInstanceRequestId: "sir-1", Status: { Code } }] });
  };

  it("is the state, three checks and the Spot status", async () => {
    world(spot);
    spotStatus("marked-for-termination");
    await expect(readHealth(ec2, instanceId)).resolves.toEqual({
      instanceId,
      state: "running",
      system: "ok",
      instance: "ok",
      attachedEbs: "ok",
      spotStatus: "marked-for-termination",
    });
  });

  it("an On-Demand instance has no Spot status, and none is asked for", async () => {
    world();
    await expect(readHealth(ec2, instanceId)).resolves.not.toHaveProperty("spotStatus");
    expect(mock.commandCalls(DescribeSpotInstanceRequestsCommand)).toHaveLength(0);
  });

  it("an instance that EC2 does not show has no state and unknown checks", async () => {
    mock.on(DescribeInstancesCommand).resolves({ Reservations: [] });
    await expect(readHealth(ec2, instanceId)).resolves.toEqual({
      instanceId,
      system: "unknown",
      instance: "unknown",
      attachedEbs: "unknown",
    });
  });

  it.each([
    ["no status at all", []],
    ["a status of another instance", [originalStatus({ InstanceId: "i-other" })]],
    ["words that we do not know", [{ InstanceId: instanceId, SystemStatus: { Status: "fine" } }]],
  ])("%s is unknown, never a pass", async (_what, statuses) => {
    world();
    mock
      .on(DescribeInstanceStatusCommand)
      .resolves({ InstanceStatuses: statuses as InstanceStatus[] });
    await expect(readHealth(ec2, instanceId)).resolves.toMatchObject({
      system: "unknown",
      instance: "unknown",
      attachedEbs: "unknown",
    });
  });

  it("tells why EC2 ended it", async () => {
    world({
      ...spot,
      State: { Name: "terminated" },
      StateReason: { Code: "Server.SpotInstanceTermination", Message: "x" },
    });
    mock.on(DescribeSpotInstanceRequestsCommand).resolves({ SpotInstanceRequests: [] });
    await expect(readHealth(ec2, instanceId)).resolves.toMatchObject({
      state: "terminated",
      stateReason: "Server.SpotInstanceTermination",
    });
  });

  it.each([{}, { SpotInstanceRequests: [] }])(
    "a live Spot instance whose request EC2 does not show is not judged yet: %j",
    async (answer) => {
      world(spot);
      mock.on(DescribeSpotInstanceRequestsCommand).resolves(answer);
      await expect(readHealth(ec2, instanceId)).rejects.toMatchObject({
        name: "RetryableNotVisible",
      });
    },
  );

  it.each([
    [
      "DescribeInstances",
      () => mock.on(DescribeInstancesCommand).rejects(awsError("InternalError", { status: 500 })),
    ],
    [
      "DescribeInstanceStatus",
      () =>
        mock.on(DescribeInstanceStatusCommand).rejects(awsError("InternalError", { status: 500 })),
    ],
    [
      "DescribeSpotInstanceRequests",
      () =>
        mock
          .on(DescribeSpotInstanceRequestsCommand)
          .rejects(awsError("InternalError", { status: 500 })),
    ],
  ])("an error of %s is thrown, never read as a pass", async (_what, arrange) => {
    world(spot);
    spotStatus("fulfilled");
    arrange();
    await expect(readHealth(ec2, instanceId)).rejects.toMatchObject({
      name: "RetryableUnavailable",
    });
  });
});

describe("the health of a Spot Instance", () => {
  const status = (change: Partial<InstanceStatus> = {}): void => {
    mock.on(DescribeInstanceStatusCommand).resolves({ InstanceStatuses: [originalStatus(change)] });
  };
  const request = (Code?: string): void => {
    mock
      .on(DescribeSpotInstanceRequestsCommand, {
        Filters: [{ Name: "instance-id", Values: [instanceId] }],
        MaxResults: 1000,
      })
      .resolves({ SpotInstanceRequests: Code === undefined ? [] : [{ Status: { Code } }] });
  };

  it("is read by two calls while it is awake", async () => {
    status({ InstanceState: { Name: "running" } });
    request("marked-for-termination");
    await expect(readSpotHealth(ec2, instanceId)).resolves.toEqual({
      instanceId,
      state: "running",
      system: "ok",
      instance: "ok",
      attachedEbs: "ok",
      spotStatus: "marked-for-termination",
    });
    expect(mock.commandCalls(DescribeInstancesCommand)).toHaveLength(0);
  });

  it.each([
    { isAsked: true, expected: { spotStatus: "fulfilled" }, calls: 2 },
    { isAsked: false, expected: {}, calls: 1 },
  ])(
    "is read step by step where the checks may do, with its request: $isAsked",
    async ({ isAsked, expected, calls }) => {
      status({ InstanceState: { Name: "running" }, SystemStatus: { Status: "initializing" } });
      request("fulfilled");
      const seen: string[] = [];
      const health = await readSpotHealthBySteps(ec2, instanceId, ({ system }) => {
        seen.push(system);
        return isAsked;
      });
      expect(seen).toEqual(["initializing"]);
      expect(health).toEqual({
        instanceId,
        state: "running",
        system: "initializing",
        instance: "ok",
        attachedEbs: "ok",
        ...expected,
      });
      expect(mock.calls()).toHaveLength(calls);
    },
  );

  it("read step by step needs its request to be shown, where it is asked for", async () => {
    status({ InstanceState: { Name: "running" } });
    request();
    await expect(readSpotHealthBySteps(ec2, instanceId, () => true)).rejects.toMatchObject({
      name: "RetryableNotVisible",
    });
  });

  it("reads all pages for its request: the first may be empty", async () => {
    status({ InstanceState: { Name: "running" } });
    mock
      .on(DescribeSpotInstanceRequestsCommand)
      .resolvesOnce({ SpotInstanceRequests: [], NextToken: "n" })
      .resolvesOnce({ SpotInstanceRequests: [{ Status: { Code: "fulfilled" } }] });
    await expect(readSpotHealth(ec2, instanceId)).resolves.toMatchObject({
      spotStatus: "fulfilled",
    });
  });

  it("of one that has ended has the reason", async () => {
    world({
      State: { Name: "terminated" },
      StateReason: { Code: "Server.SpotInstanceTermination", Message: "x" },
    });
    status({ InstanceState: { Name: "terminated" } });
    request();
    await expect(readSpotHealth(ec2, instanceId)).resolves.toMatchObject({
      state: "terminated",
      stateReason: "Server.SpotInstanceTermination",
    });
  });

  it("of one that only one of the two answers shows has its state", async () => {
    world({ State: { Name: "pending" } });
    mock.on(DescribeInstanceStatusCommand).resolves({ InstanceStatuses: [] });
    request("fulfilled");
    await expect(readSpotHealth(ec2, instanceId)).resolves.toEqual({
      instanceId,
      state: "pending",
      system: "unknown",
      instance: "unknown",
      attachedEbs: "unknown",
      spotStatus: "fulfilled",
    });
  });

  it("of one that EC2 does not show has no state and unknown checks", async () => {
    mock.on(DescribeInstancesCommand).resolves({ Reservations: [] });
    mock.on(DescribeInstanceStatusCommand).rejects(awsError("InvalidInstanceID.NotFound"));
    request();
    await expect(readSpotHealth(ec2, instanceId)).resolves.toEqual({
      instanceId,
      system: "unknown",
      instance: "unknown",
      attachedEbs: "unknown",
    });
  });

  it("is not judged while its request is not visible", async () => {
    status({ InstanceState: { Name: "running" } });
    request();
    await expect(readSpotHealth(ec2, instanceId)).rejects.toMatchObject({
      name: "RetryableNotVisible",
    });
  });

  it.each([
    ["DescribeInstanceStatus", DescribeInstanceStatusCommand],
    ["DescribeSpotInstanceRequests", DescribeSpotInstanceRequestsCommand],
  ])("throws an error of %s, which is never read as a pass", async (_name, command) => {
    status({ InstanceState: { Name: "running" } });
    request("fulfilled");
    mock.on(command).rejects(awsError("InternalError", { status: 500 }));
    await expect(readSpotHealth(ec2, instanceId)).rejects.toMatchObject({
      name: "RetryableUnavailable",
    });
  });
});

describe("state and checks alone", () => {
  it("come from one call, which also tells of an instance that does not run", async () => {
    world();
    mock.on(DescribeInstanceStatusCommand).resolves({
      InstanceStatuses: [
        {
          InstanceId: instanceId,
          InstanceState: { Name: "running" },
          SystemStatus: { Status: "ok" },
          InstanceStatus: { Status: "impaired" },
        },
      ],
    });
    await expect(readChecks(ec2, instanceId)).resolves.toEqual({
      instanceId,
      state: "running",
      system: "ok",
      instance: "impaired",
      attachedEbs: "unknown",
    });
    expect(mock.calls().map(({ args }) => args[0].input)).toStrictEqual([
      {
        InstanceIds: [instanceId],
        Filters: [
          {
            Name: "instance-state-name",
            Values: ["pending", "running", "stopping", "stopped", "shutting-down", "terminated"],
          },
        ],
        IncludeAllInstances: true,
      },
    ]);
  });

  it("are unknown of an instance that EC2 does not show, and never a pass", async () => {
    mock.on(DescribeInstanceStatusCommand).rejects(awsError("InvalidInstanceID.NotFound"));
    await expect(readChecks(ec2, instanceId)).resolves.toEqual({
      instanceId,
      system: "unknown",
      instance: "unknown",
      attachedEbs: "unknown",
    });
  });
});
