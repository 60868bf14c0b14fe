import {
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeSpotInstanceRequestsCommand,
  EC2Client,
  type Instance,
  type InstanceStatus,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { readSpotHealths } from "../../../../adapters/aws/ec2/spot-health.ts";
import { awsError } from "../aws-error.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

const running = (id: string, change: Partial<InstanceStatus> = {}): InstanceStatus => ({
  InstanceId: id,
  InstanceState: { Name: "running" },
  SystemStatus: { Status: "ok" },
  InstanceStatus: { Status: "ok" },
  AttachedEbsStatus: { Status: "ok" },
  ...change,
});
const request = (InstanceId: string, Code = "fulfilled") => ({ InstanceId, Status: { Code } });
const instances = (...Instances: Instance[]): void => {
  mock.on(DescribeInstancesCommand).resolves({ Reservations: [{ Instances }] });
};
const well = { system: "ok", instance: "ok", attachedEbs: "ok", spotStatus: "fulfilled" };
const unknown = { system: "unknown", instance: "unknown", attachedEbs: "unknown" };

beforeEach(() => {
  mock.reset();
  mock
    .on(DescribeSpotInstanceRequestsCommand)
    .resolves({ SpotInstanceRequests: [request("i-2"), request("i-1")] });
  mock
    .on(DescribeInstanceStatusCommand)
    .resolves({ InstanceStatuses: [running("i-2"), running("i-1")] });
});

describe("the health of several Spot Instances", () => {
  it("takes two calls while all are awake, and is in the order asked", async () => {
    await expect(readSpotHealths(ec2, ["i-1", "i-2"])).resolves.toEqual([
      { instanceId: "i-1", state: "running", ...well },
      { instanceId: "i-2", state: "running", ...well },
    ]);
    expect(mock.calls()).toHaveLength(2);
  });

  it("asks for no request that is known, and tells those that are", async () => {
    const known = new Map([
      ["i-1", "fulfilled"],
      ["i-2", "marked-for-termination"],
    ]);
    const found = await readSpotHealths(ec2, ["i-1", "i-2"], known);
    expect(found.map(({ spotStatus }) => spotStatus)).toEqual([
      "fulfilled",
      "marked-for-termination",
    ]);
    expect(mock.commandCalls(DescribeSpotInstanceRequestsCommand)).toHaveLength(0);
  });

  it("asks EC2 itself for those that are not awake: it says why", async () => {
    mock.on(DescribeInstanceStatusCommand).resolves({
      InstanceStatuses: [running("i-1"), running("i-2", { InstanceState: { Name: "terminated" } })],
    });
    instances({
      InstanceId: "i-2",
      State: { Name: "terminated" },
      StateReason: { Code: "Server.SpotInstanceTermination" },
    });
    const [, lost] = await readSpotHealths(ec2, ["i-1", "i-2"]);
    expect(lost).toMatchObject({
      state: "terminated",
      stateReason: "Server.SpotInstanceTermination",
    });
    const [asked] = mock.commandCalls(DescribeInstancesCommand);
    expect(asked?.args[0].input.Filters).toEqual([{ Name: "instance-id", Values: ["i-2"] }]);
  });

  it("where EC2 does not know one of them is read of the others", async () => {
    mock
      .on(DescribeInstanceStatusCommand, { InstanceIds: ["i-1", "i-2"] })
      .rejects(awsError("InvalidInstanceID.NotFound"))
      .on(DescribeInstanceStatusCommand, { InstanceIds: ["i-1"] })
      .resolves({ InstanceStatuses: [running("i-1")] });
    mock
      .on(DescribeSpotInstanceRequestsCommand)
      .resolves({ SpotInstanceRequests: [request("i-1")] });
    instances({ InstanceId: "i-1", State: { Name: "running" } });
    await expect(readSpotHealths(ec2, ["i-1", "i-2"])).resolves.toEqual([
      { instanceId: "i-1", state: "running", ...well },
      { instanceId: "i-2", ...unknown },
    ]);
  });

  it("is unknown where EC2 has shown them and knows none a moment later", async () => {
    mock.on(DescribeInstanceStatusCommand).rejects(awsError("InvalidInstanceID.NotFound"));
    instances({ InstanceId: "i-1", State: { Name: "pending" } });
    await expect(readSpotHealths(ec2, ["i-1"])).resolves.toEqual([
      { instanceId: "i-1", state: "pending", ...unknown, spotStatus: "fulfilled" },
    ]);
  });

  it("of none takes no call", async () => {
    await expect(readSpotHealths(ec2, [])).resolves.toEqual([]);
    expect(mock.calls()).toHaveLength(0);
  });
});
