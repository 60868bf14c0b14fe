import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  DescribeAvailabilityZonesCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type Route,
  type RouteTable,
  type Subnet,
} from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import { readSubnets, readWaysOut } from "../../../../adapters/aws/ec2/subnets.ts";

const ec2 = new EC2Client({ region: "eu-central-1" });
const mock = mockClient(ec2);

beforeEach(() => {
  mock.reset();
  mock.on(DescribeAvailabilityZonesCommand).resolves({ AvailabilityZones: [] });
});

const routedBy = (RouteTables: readonly RouteTable[]): void => {
  mock.on(DescribeRouteTablesCommand).resolves({ RouteTables: [...RouteTables] });
};

const defaultRoute = (target: Route): Route => ({
  DestinationCidrBlock: "0.0.0.0/0",
  State: "active",
  ...target,
});

const localRoute: Route = {
  DestinationCidrBlock: "10.0.0.0/16",
  GatewayId: "local",
  State: "active",
};

const table = (
  association: NonNullable<RouteTable["Associations"]>[number],
  routes: readonly Route[],
): RouteTable => ({ Associations: [association], Routes: [localRoute, ...routes] });

describe("subnets", () => {
  const subnet = (SubnetId: string, change: Partial<Subnet> = {}): Subnet => ({
    SubnetId,
    State: "available",
    AvailabilityZone: "eu-central-1a",
    AvailabilityZoneId: "euc1-az2",
    AvailableIpAddressCount: 7,
    ...change,
  });

  it("of the VPC, over all pages, sorted; those not ready are left out", async () => {
    const request = { Filters: [{ Name: "vpc-id", Values: ["vpc-1"] }], MaxResults: 1000 };
    mock
      .on(DescribeSubnetsCommand)
      .resolvesOnce({ Subnets: [subnet("subnet-2")], NextToken: "n" })
      .resolvesOnce({ Subnets: [subnet("subnet-1"), subnet("subnet-0", { State: "pending" })] });
    routedBy([]);
    const rest = {
      borderGroup: "eu-central-1",
      zoneId: "euc1-az2",
      zoneName: "eu-central-1a",
      freeAddresses: 7,
      egress: "unknown",
    };
    await expect(readSubnets(ec2, { vpcId: "vpc-1" })).resolves.toEqual([
      { subnetId: "subnet-1", ...rest },
      { subnetId: "subnet-2", ...rest },
    ]);
    expect(mock.commandCalls(DescribeSubnetsCommand).map(({ args }) => args[0].input)).toEqual([
      request,
      { ...request, NextToken: "n" },
    ]);
  });

  it("in a Local Zone are of its border group, as EC2 says it", async () => {
    const zoneName = "eu-central-1-ham-1a";
    mock
      .on(DescribeSubnetsCommand)
      .resolves({ Subnets: [subnet("subnet-1", { AvailabilityZone: zoneName })] });
    mock.on(DescribeAvailabilityZonesCommand).resolves({
      AvailabilityZones: [{ ZoneName: zoneName, NetworkBorderGroup: "eu-central-1-ham-1" }],
    });
    routedBy([]);
    const [found] = await readSubnets(ec2, { vpcId: "vpc-1" });
    expect(found?.borderGroup).toBe("eu-central-1-ham-1");
  });

  it("without a zone id are BrokenFacts", async () => {
    mock
      .on(DescribeSubnetsCommand)
      .resolves({ Subnets: [subnet("subnet-1", { AvailabilityZoneId: undefined })] });
    routedBy([]);
    await expect(readSubnets(ec2, { vpcId: "vpc-1" })).rejects.toMatchObject({
      name: "BrokenFacts",
    });
  });

  const egressOf = async (...tables: readonly RouteTable[]): Promise<string | undefined> => {
    mock.on(DescribeSubnetsCommand).resolves({ Subnets: [subnet("subnet-1")] });
    routedBy(tables);
    const [found] = await readSubnets(ec2, { vpcId: "vpc-1" });
    return found?.egress;
  };

  it.each<[string, Route[], string]>([
    ["an internet gateway", [defaultRoute({ GatewayId: "igw-1" })], "internet-gateway"],
    ["a NAT gateway", [defaultRoute({ NatGatewayId: "nat-1" })], "nat"],
    [
      "an instance",
      [defaultRoute({ InstanceId: "i-nat", NetworkInterfaceId: "eni-nat" })],
      "other",
    ],
    ["a transit gateway", [defaultRoute({ TransitGatewayId: "tgw-1" })], "other"],
    ["a virtual private gateway", [defaultRoute({ GatewayId: "vgw-1" })], "other"],
    ["a gateway that is gone", [defaultRoute({ GatewayId: "igw-1", State: "blackhole" })], "none"],
    ["nowhere", [], "none"],
    [
      "nowhere by IPv4",
      [{ DestinationIpv6CidrBlock: "::/0", GatewayId: "igw-1", State: "active" }],
      "none",
    ],
  ])("lead to %s by their default route", async (...[, routes, egress]) => {
    expect(await egressOf(table({ SubnetId: "subnet-1" }, routes))).toBe(egress);
  });

  it("use the main table where none is associated with them, on whatever page it stands", async () => {
    const other = table({ SubnetId: "subnet-2" }, [defaultRoute({ NatGatewayId: "nat-1" })]);
    const main = table({ Main: true }, [defaultRoute({ GatewayId: "igw-1" })]);
    mock.on(DescribeSubnetsCommand).resolves({ Subnets: [subnet("subnet-1"), subnet("subnet-2")] });
    mock
      .on(DescribeRouteTablesCommand)
      .resolvesOnce({ RouteTables: [other], NextToken: "n" })
      .resolvesOnce({ RouteTables: [main] });
    const found = await readSubnets(ec2, { vpcId: "vpc-1" });
    expect(found.map(({ egress }) => egress)).toEqual(["internet-gateway", "nat"]);
    const request = { Filters: [{ Name: "vpc-id", Values: ["vpc-1"] }], MaxResults: 100 };
    expect(mock.commandCalls(DescribeRouteTablesCommand).map(({ args }) => args[0].input)).toEqual([
      request,
      { ...request, NextToken: "n" },
    ]);
  });

  it("are not led by a table that is being taken away, or that belongs to a gateway", async () => {
    const leaving = table({ SubnetId: "subnet-1", AssociationState: { State: "disassociating" } }, [
      defaultRoute({ NatGatewayId: "nat-1" }),
    ]);
    const edge = table({ GatewayId: "igw-1" }, [defaultRoute({ NatGatewayId: "nat-1" })]);
    expect(await egressOf(leaving, edge)).toBe("unknown");
    const main = table({ Main: true }, [defaultRoute({ GatewayId: "igw-1" })]);
    expect(await egressOf(leaving, edge, main)).toBe("internet-gateway");
  });

  it("of many VPCs each follow the tables of their own", async () => {
    mock.on(DescribeRouteTablesCommand).resolves({
      RouteTables: [
        { ...table({ Main: true }, [defaultRoute({ GatewayId: "igw-1" })]), VpcId: "vpc-1" },
        { ...table({ Main: true }, [defaultRoute({ NatGatewayId: "nat-2" })]), VpcId: "vpc-2" },
      ],
    });
    const found = await readWaysOut(ec2, [
      subnet("subnet-3", { VpcId: "vpc-3" }),
      subnet("subnet-2", { VpcId: "vpc-2" }),
      subnet("subnet-1", { VpcId: "vpc-1" }),
      subnet("subnet-0", { VpcId: "vpc-1", State: "pending" }),
    ]);
    expect(found.map(({ subnetId, vpcId, egress }) => [subnetId, vpcId, egress])).toEqual([
      ["subnet-1", "vpc-1", "internet-gateway"],
      ["subnet-2", "vpc-2", "nat"],
      ["subnet-3", "vpc-3", "unknown"],
    ]);
  });
});
