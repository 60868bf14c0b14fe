import { beforeEach, describe, expect, it } from "@jest/globals";
import { DescribeInstancesCommand, EC2Client, type Instance } from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import { findHoldings, readHoldings } from "../../../../adapters/aws/ec2/instance-holdings.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

const instance = (change: Partial<Instance> = {}): Instance => ({
  InstanceId: "i-1",
  State: { Name: "running" },
  BlockDeviceMappings: [
    { DeviceName: "/dev/xvda", Ebs: { VolumeId: "vol-1", DeleteOnTermination: true } },
    { DeviceName: "/dev/sdf", Ebs: { VolumeId: "vol-2", Status: "detaching" } },
    { DeviceName: "/dev/sdg", Ebs: { VolumeId: "vol-3", Status: "detached" } },
  ],
  NetworkInterfaces: [
    {
      NetworkInterfaceId: "eni-1",
      PrivateIpAddresses: [
        { PrivateIpAddress: "10.0.0.5", Association: { PublicIp: "203.0.113.1" } },
        { PrivateIpAddress: "10.0.0.6" },
      ],
    },
    { NetworkInterfaceId: "eni-2", Attachment: { Status: "detached" } },
  ],
  ...change,
});

const shown = {
  instanceId: "i-1",
  state: "running",
  volumes: [
    { volumeId: "vol-1", deviceName: "/dev/xvda", deleteOnTermination: true },
    { volumeId: "vol-2", deviceName: "/dev/sdf" },
  ],
  networkInterfaces: [
    {
      networkInterfaceId: "eni-1",
      privateAddresses: [
        { privateIp: "10.0.0.5", publicIp: "203.0.113.1" },
        { privateIp: "10.0.0.6" },
      ],
    },
  ],
};

const gone: Instance = { InstanceId: "i-2", State: { Name: "terminated" } };

const inputs = (): unknown[] =>
  mock.commandCalls(DescribeInstancesCommand).map(({ args }) => args[0].input);

beforeEach(() => {
  mock.reset();
});

describe("what instances hold", () => {
  it("is read of all of them by one call, which leaves out what EC2 does not show", async () => {
    mock
      .on(DescribeInstancesCommand)
      .resolves({ Reservations: [{ Instances: [instance()] }, { Instances: [gone] }] });
    await expect(readHoldings(ec2, ["i-1", "i-2", "i-3"])).resolves.toEqual([
      shown,
      { instanceId: "i-2", state: "terminated", volumes: [], networkInterfaces: [] },
    ]);
    expect(inputs()).toStrictEqual([
      {
        Filters: [{ Name: "instance-id", Values: ["i-1", "i-2", "i-3"] }],
        MaxResults: 1000,
        NextToken: undefined,
      },
    ]);
  });

  it("is read of none without a call", async () => {
    await expect(readHoldings(ec2, [])).resolves.toEqual([]);
    expect(inputs()).toEqual([]);
  });

  it("is found by a tag, in every state", async () => {
    mock.on(DescribeInstancesCommand).resolves({ Reservations: [{ Instances: [instance()] }] });
    await expect(findHoldings(ec2, { key: "k", value: "v" })).resolves.toEqual([shown]);
    expect(inputs()).toStrictEqual([
      { Filters: [{ Name: "tag:k", Values: ["v"] }], MaxResults: 1000, NextToken: undefined },
    ]);
  });

  it("is not told of an instance in a state that nobody knows", async () => {
    mock
      .on(DescribeInstancesCommand)
      .resolves({ Reservations: [{ Instances: [instance({ State: {} })] }] });
    await expect(readHoldings(ec2, ["i-1"])).rejects.toMatchObject({ name: "BrokenFacts" });
  });
});
