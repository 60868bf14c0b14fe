import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  DescribeInstancesCommand,
  DescribeReservedInstancesCommand,
  EC2Client,
  type Instance,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import { readReservedCoverage } from "../../../../adapters/aws/ec2/reserved.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

const kind = { InstanceType: "m5.large", ProductDescription: "Linux/UNIX" } as const;
const running = (InstanceId: string): Instance => ({
  InstanceId,
  InstanceType: "m5.large",
  PlatformDetails: "Linux/UNIX",
  State: { Name: "running" },
});

const inputsOf = (command: Parameters<typeof mock.commandCalls>[0]): unknown[] =>
  mock.commandCalls(command).map(({ args }): unknown => args[0].input);

beforeEach(() => {
  mock.reset();
});

describe("coverage by Reserved Instances", () => {
  it("counts active shared reservations of the type and running On-Demand instances of the platform", async () => {
    mock.on(DescribeReservedInstancesCommand).resolves({
      ReservedInstances: [
        { ...kind, InstanceCount: 2, InstanceTenancy: "default" },
        { ...kind, ProductDescription: "Linux/UNIX (Amazon VPC)", InstanceCount: 1 },
        { ...kind, InstanceCount: 5, InstanceTenancy: "dedicated" },
      ],
    });
    mock
      .on(DescribeInstancesCommand)
      .resolvesOnce({
        Reservations: [
          {
            Instances: [
              running("i-1"),
              running("i-leaves"),
              { ...running("i-spot"), InstanceLifecycle: "spot" },
            ],
          },
        ],
        NextToken: "n",
      })
      .resolvesOnce({
        Reservations: [
          { Instances: [{ ...running("i-windows"), PlatformDetails: "Windows" }, running("i-2")] },
        ],
      });
    const leaving = ["i-leaves"];
    await expect(
      readReservedCoverage(ec2, { instanceType: "m5.large", platform: "Linux/UNIX", leaving }),
    ).resolves.toEqual({ reservedCount: 3, runningCount: 2, leaving });
    expect(inputsOf(DescribeReservedInstancesCommand)).toEqual([
      {
        Filters: [
          { Name: "state", Values: ["active"] },
          { Name: "instance-type", Values: ["m5.large"] },
          { Name: "product-description", Values: ["Linux/UNIX", "Linux/UNIX (Amazon VPC)"] },
        ],
      },
    ]);
    expect(inputsOf(DescribeInstancesCommand)[0]).toEqual({
      Filters: [
        { Name: "instance-type", Values: ["m5.large"] },
        { Name: "instance-state-name", Values: ["running"] },
      ],
      MaxResults: 1000,
    });
  });
});
