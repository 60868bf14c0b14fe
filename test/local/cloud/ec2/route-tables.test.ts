import { describe, expect, it } from "@jest/globals";
import { account, createWorld, present, refusalOf, region, type World } from "./world.ts";

const vpcIdOf = (world: World): string =>
  present(world.call("DescribeSubnets", {}).Subnets?.[0]?.VpcId);

const addSubnet = (world: World, egress: "internet-gateway" | "nat" | "other" | "none"): string =>
  world.ec2.control.addSubnet({ accountId: account, region, zone: "us-east-1a", egress });

const tables = (world: World) =>
  world.call("DescribeRouteTables", {
    Filters: [{ Name: "vpc-id", Values: [vpcIdOf(world)] }],
  }).RouteTables ?? [];

const defaultRouteOf = (world: World, subnetId: string) => {
  const [table] =
    world.call("DescribeRouteTables", {
      Filters: [{ Name: "association.subnet-id", Values: [subnetId] }],
    }).RouteTables ?? [];
  return table?.Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === "0.0.0.0/0");
};

describe("route tables", () => {
  it("of a fresh VPC are its main one, which leads to an internet gateway", () => {
    const world = createWorld();
    const [main, ...others] = tables(world);
    expect(others).toEqual([]);
    expect(main?.Associations?.map(({ Main, SubnetId }) => [Main, SubnetId])).toEqual([
      [true, undefined],
    ]);
    expect(main?.Routes?.map((route) => route.GatewayId)).toEqual([
      "local",
      expect.stringMatching(/^igw-/),
    ]);
  });

  it("are a subnet's own where it leads elsewhere, and each route has one target", () => {
    const world = createWorld();
    expect(defaultRouteOf(world, addSubnet(world, "nat"))).toMatchObject({
      NatGatewayId: expect.stringMatching(/^nat-/),
      State: "active",
    });
    expect(defaultRouteOf(world, addSubnet(world, "other"))).toMatchObject({
      InstanceId: expect.stringMatching(/^i-/),
    });
    expect(defaultRouteOf(world, addSubnet(world, "none"))).toBeUndefined();
    expect(defaultRouteOf(world, addSubnet(world, "internet-gateway"))).toBeUndefined();
    expect(tables(world)).toHaveLength(4);
  });

  it("are paged, a hundred at most", () => {
    const world = createWorld();
    for (let count = 0; count < 6; count++) addSubnet(world, "nat");
    const first = world.call("DescribeRouteTables", { MaxResults: 5 });
    const rest = world.call("DescribeRouteTables", { MaxResults: 5, NextToken: first.NextToken });
    const ids = [first, rest].flatMap(({ RouteTables = [] }) =>
      RouteTables.map(({ RouteTableId }) => RouteTableId),
    );
    expect(new Set(ids).size).toBe(7);
    expect(rest.NextToken).toBeUndefined();
    expect(refusalOf(() => world.call("DescribeRouteTables", { MaxResults: 101 }))).toBe(
      "InvalidParameterValue",
    );
  });

  it("of another VPC are not shown, and an id must exist", () => {
    const world = createWorld();
    expect(
      world.call("DescribeRouteTables", { Filters: [{ Name: "vpc-id", Values: ["vpc-other"] }] })
        .RouteTables,
    ).toEqual([]);
    const unknown = () => world.call("DescribeRouteTables", { RouteTableIds: ["rtb-0"] });
    expect(refusalOf(unknown)).toBe("InvalidRouteTableID.NotFound");
  });
});
