import { DescribeAvailabilityZonesCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { withLoadBalancers } from "../../../adapters/aws/load-balancers.ts";
import { awsError } from "./aws-error.ts";

const elb = new ElasticLoadBalancingV2Client({ region: "eu-central-1" });
const ec2 = new EC2Client({ region: "eu-central-1" });
const elbMock = mockClient(elb);
const ec2Mock = mockClient(ec2);

const zones = (...names: readonly string[]) => names.map((ZoneName) => ({ ZoneName }));
const read = (...arns: readonly string[]) =>
  withLoadBalancers(
    { elb, ec2 },
    arns.map((arn) => ({ arn, port: 80 })),
  );

beforeEach(() => {
  elbMock.reset();
  ec2Mock.reset();
  ec2Mock.on(DescribeAvailabilityZonesCommand).resolves({
    AvailabilityZones: [
      { ZoneName: "eu-central-1a", ZoneId: "euc1-az2" },
      { ZoneName: "eu-central-1b", ZoneId: "euc1-az1" },
    ],
  });
});

describe("the load balancers of target groups", () => {
  it("come with the ids of their zones, each asked once, whichever page they are on", async () => {
    elbMock
      .on(DescribeTargetGroupsCommand, { TargetGroupArns: ["tg-a", "tg-b"], Marker: undefined })
      .resolvesOnce({
        TargetGroups: [{ TargetGroupArn: "tg-b", LoadBalancerArns: ["lb-1"] }],
        NextMarker: "m",
      });
    elbMock
      .on(DescribeTargetGroupsCommand, { TargetGroupArns: ["tg-a", "tg-b"], Marker: "m" })
      .resolvesOnce({
        TargetGroups: [{ TargetGroupArn: "tg-a", LoadBalancerArns: ["lb-1", "lb-2"] }],
      });
    elbMock
      .on(DescribeLoadBalancersCommand, { LoadBalancerArns: ["lb-1", "lb-2"], Marker: undefined })
      .resolvesOnce({
        LoadBalancers: [{ LoadBalancerArn: "lb-2", AvailabilityZones: zones("eu-central-1b") }],
        NextMarker: "n",
      });
    elbMock
      .on(DescribeLoadBalancersCommand, { LoadBalancerArns: ["lb-1", "lb-2"], Marker: "n" })
      .resolvesOnce({
        LoadBalancers: [
          { LoadBalancerArn: "lb-1", AvailabilityZones: zones("eu-central-1a", "eu-central-1b") },
        ],
      });
    const first = { arn: "lb-1", zoneIds: ["euc1-az1", "euc1-az2"] };
    const second = { arn: "lb-2", zoneIds: ["euc1-az1"] };
    await expect(
      withLoadBalancers({ elb, ec2 }, [
        { arn: "tg-b", port: 443 },
        { arn: "tg-a", port: 80 },
        { arn: "tg-a", port: 81 },
      ]),
    ).resolves.toEqual([
      { arn: "tg-b", port: 443, loadBalancers: [first] },
      { arn: "tg-a", port: 80, loadBalancers: [first, second] },
      { arn: "tg-a", port: 81, loadBalancers: [first, second] },
    ]);
  });

  it("are none where nobody uses the group, and then no load balancer is asked for", async () => {
    elbMock
      .on(DescribeTargetGroupsCommand)
      .resolves({ TargetGroups: [{ TargetGroupArn: "tg", LoadBalancerArns: [] }] });
    await expect(read("tg")).resolves.toEqual([{ arn: "tg", port: 80, loadBalancers: [] }]);
    expect(elbMock.commandCalls(DescribeLoadBalancersCommand)).toHaveLength(0);
    expect(ec2Mock.calls()).toHaveLength(0);
  });

  it("without a group cost no call", async () => {
    await expect(read()).resolves.toEqual([]);
    expect(elbMock.calls()).toHaveLength(0);
  });

  it("are asked for twenty at a time", async () => {
    const numbered = (name: string) =>
      Array.from({ length: 21 }, (_, index) => `${name}-${String(index + 10)}`);
    elbMock.on(DescribeTargetGroupsCommand).callsFake(({ TargetGroupArns = [] }) => ({
      TargetGroups: (TargetGroupArns as string[]).map((arn) => ({
        TargetGroupArn: arn,
        LoadBalancerArns: [arn.replace("tg", "lb")],
      })),
    }));
    elbMock.on(DescribeLoadBalancersCommand).callsFake(({ LoadBalancerArns = [] }) => ({
      LoadBalancers: (LoadBalancerArns as string[]).map((arn) => ({
        LoadBalancerArn: arn,
        AvailabilityZones: zones("eu-central-1a"),
      })),
    }));
    await expect(read(...numbered("tg"))).resolves.toHaveLength(21);
    const asked = elbMock
      .commandCalls(DescribeLoadBalancersCommand)
      .map((call) => call.args[0].input.LoadBalancerArns);
    expect(asked).toEqual([numbered("lb").slice(0, 20), numbered("lb").slice(20)]);
    expect(
      elbMock
        .commandCalls(DescribeTargetGroupsCommand)
        .map((call) => call.args[0].input.TargetGroupArns?.length),
    ).toEqual([20, 1]);
  });
});

describe("what can't be read is an error, never an absence", () => {
  const used = { TargetGroups: [{ TargetGroupArn: "tg", LoadBalancerArns: ["lb"] }] };

  it.each([
    ["a group that is not in the answer", { TargetGroups: [] }, {}],
    ["a group that does not say who uses it", { TargetGroups: [{ TargetGroupArn: "tg" }] }, {}],
    ["a load balancer that is not in the answer", used, { LoadBalancers: [] }],
    [
      "a load balancer that does not say its zones",
      used,
      { LoadBalancers: [{ LoadBalancerArn: "lb" }] },
    ],
    [
      "a zone without a name",
      used,
      { LoadBalancers: [{ LoadBalancerArn: "lb", AvailabilityZones: [{}] }] },
    ],
    [
      "a zone that EC2 does not know",
      used,
      { LoadBalancers: [{ LoadBalancerArn: "lb", AvailabilityZones: zones("eu-central-1x") }] },
    ],
  ])("%s", async (_, groups, loadBalancers) => {
    elbMock.on(DescribeTargetGroupsCommand).resolves(groups);
    elbMock.on(DescribeLoadBalancersCommand).resolves(loadBalancers);
    await expect(read("tg")).rejects.toMatchObject({ name: "BrokenFacts" });
  });

  it.each([
    ["LoadBalancerNotFoundException", "BrokenNotFound"],
    ["AccessDenied", "BrokenPermission"],
    ["Throttling", "RetryableThrottled"],
  ])("%s of a load balancer is %s", async (code, name) => {
    elbMock.on(DescribeTargetGroupsCommand).resolves(used);
    elbMock.on(DescribeLoadBalancersCommand).rejects(awsError(code));
    await expect(read("tg")).rejects.toMatchObject({ name });
  });

  it("a group that was deleted meanwhile", async () => {
    elbMock.on(DescribeTargetGroupsCommand).rejects(awsError("TargetGroupNotFoundException"));
    await expect(read("tg")).rejects.toMatchObject({ name: "BrokenNotFound" });
  });
});
