import { describe, expect, it } from "@jest/globals";
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import { findRunningFor } from "../../../../adapters/aws/ec2/running-for.ts";

const tagged = (InstanceId: string, Value: string) => ({
  InstanceId,
  Tags: [
    { Key: "Name", Value: "web" },
    { Key: "spot-optimizer:target", Value },
  ],
});

describe("the instances that run for targets", () => {
  it("are asked for by the targets' tag and by their states, over pages, and told by target", async () => {
    const ec2 = new EC2Client({ region: "eu-central-1" });
    const mock = mockClient(ec2);
    mock
      .on(DescribeInstancesCommand)
      .resolvesOnce({
        Reservations: [{ Instances: [tagged("i-1", "tgt-1"), tagged("i-2", "tgt-2")] }],
        NextToken: "more",
      })
      .resolves({ Reservations: [{ Instances: [tagged("i-3", "tgt-1")] }] });
    expect(Object.fromEntries(await findRunningFor(ec2, ["tgt-1", "tgt-2"]))).toEqual({
      "tgt-1": ["i-1", "i-3"],
      "tgt-2": ["i-2"],
    });
    expect(mock.commandCalls(DescribeInstancesCommand)[1]?.args[0].input).toEqual({
      Filters: [
        { Name: "tag:spot-optimizer:target", Values: ["tgt-1", "tgt-2"] },
        { Name: "instance-state-name", Values: ["pending", "running"] },
      ],
      MaxResults: 1000,
      NextToken: "more",
    });
  });
});
