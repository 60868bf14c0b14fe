import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  DescribeSpotInstanceRequestsCommand,
  EC2Client,
  type SpotInstanceRequest,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import { readSpotRequest } from "../../../../adapters/aws/ec2/spot-request.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

const shown: SpotInstanceRequest = {
  InstanceId: "i-1",
  LaunchedAvailabilityZoneId: "euc1-az2",
  LaunchSpecification: { InstanceType: "m5.large" },
  ProductDescription: "Linux/UNIX (Amazon VPC)",
  Status: { Code: "instance-terminated-no-capacity" },
};
const answer = (request: SpotInstanceRequest): void => {
  mock.on(DescribeSpotInstanceRequestsCommand).resolves({ SpotInstanceRequests: [request] });
};
const read = () => readSpotRequest(ec2, "eu-central-1", "i-1");

describe("the Spot request of an instance", () => {
  beforeEach(() => {
    mock.reset();
  });

  it("tells its pool and its status, by one call", async () => {
    answer(shown);
    expect(await read()).toEqual({
      pool: {
        region: "eu-central-1",
        zoneId: "euc1-az2",
        instanceType: "m5.large",
        product: "Linux/UNIX",
      },
      status: "instance-terminated-no-capacity",
    });
    expect(
      mock
        .commandCalls(DescribeSpotInstanceRequestsCommand)
        .map(({ args }) => args[0].input.Filters),
    ).toEqual([[{ Name: "instance-id", Values: ["i-1"] }]]);
  });

  it.each<readonly [string, Partial<SpotInstanceRequest>]>([
    ["zone", { LaunchedAvailabilityZoneId: undefined }],
    ["type", { LaunchSpecification: {} }],
    ["status", { Status: {} }],
  ])("without a %s is not known", async (_, without) => {
    answer({ ...shown, ...without });
    expect(await read()).toBeUndefined();
  });

  it("that EC2 does not show is not known", async () => {
    mock.on(DescribeSpotInstanceRequestsCommand).resolves({});
    expect(await read()).toBeUndefined();
  });
});
