/**
 * Route tables, derived from the subnets: the VPC's main one leads to an internet gateway, and a subnet with another
 * egress has a table of its own. As with AWS, subnets that use the main table are not listed in it.
 */
import type {
  DescribeRouteTablesCommandInput,
  DescribeRouteTablesResult,
  Route,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { selectVisible, tagList, type Ec2Context } from "./context.ts";
import { applyFilters, tagFields, type Fields } from "./filters.ts";
import { paginate } from "./paging.ts";
import { kinds } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { Egress, RegionState, Resource } from "./state.ts";

interface RouteTableRecord extends Resource {
  /** Absent for the main table. */
  readonly subnetId?: string;
  readonly routes: readonly Route[];
}

/** `subnet-0a1b…` and `rtb` give `rtb-0a1b…`: each has one of a kind at most. */
const derivedId = (prefix: string, id: string): string =>
  `${prefix}-${id.slice(id.indexOf("-") + 1)}`;

/** `ownerId`: the VPC or subnet whose table it is. */
const targetOf = (egress: Exclude<Egress, "none">, ownerId: string): Route => {
  switch (egress) {
    case "internet-gateway":
      return { GatewayId: derivedId("igw", ownerId) };
    case "nat":
      return { NatGatewayId: derivedId("nat", ownerId) };
    case "other":
      return {
        InstanceId: derivedId("i", ownerId),
        NetworkInterfaceId: derivedId("eni", ownerId),
      };
  }
};

const localRoute: Route = {
  DestinationCidrBlock: "10.0.0.0/16",
  GatewayId: "local",
  Origin: "CreateRouteTable",
  State: "active",
};

const routesOf = (egress: Egress, ownerId: string): readonly Route[] =>
  egress === "none"
    ? [localRoute]
    : [
        localRoute,
        {
          DestinationCidrBlock: "0.0.0.0/0",
          ...targetOf(egress, ownerId),
          Origin: "CreateRoute",
          State: "active",
        },
      ];

/** To gateways that a scenario has routed: each for a range of its own. */
const declaredRoutes = ({ kept }: RegionState): readonly Route[] =>
  [...kept.natGateways.values()]
    .filter(({ isRouted }) => isRouted)
    .map(({ id }, index) => ({
      DestinationCidrBlock: `172.16.${String(index)}.0/24`,
      NatGatewayId: id,
      Origin: "CreateRoute",
      State: "active",
    }));

const tablesOf = (region: RegionState): ReadonlyMap<string, RouteTableRecord> => {
  const { vpcId, subnets } = region;
  const main: RouteTableRecord = {
    id: derivedId("rtb", vpcId),
    createdAt: 0,
    visibleAt: 0,
    tags: {},
    routes: [...routesOf("internet-gateway", vpcId), ...declaredRoutes(region)],
  };
  const own = [...subnets.values()]
    .filter(({ egress }) => egress !== "internet-gateway")
    .map(({ id, createdAt, visibleAt, egress }): RouteTableRecord => ({
      id: derivedId("rtb", id),
      createdAt,
      visibleAt,
      tags: {},
      subnetId: id,
      routes: routesOf(egress, id),
    }));
  return new Map([main, ...own].map((table) => [table.id, table]));
};

const fieldsOf = (region: RegionState): Fields<RouteTableRecord> => ({
  ...tagFields<RouteTableRecord>(),
  "route-table-id": (table) => table.id,
  "vpc-id": () => region.vpcId,
  "owner-id": () => region.accountId,
  "association.main": (table) => table.subnetId === undefined,
  "association.subnet-id": (table) => table.subnetId,
});

const view = (region: RegionState, table: RouteTableRecord) => ({
  RouteTableId: table.id,
  VpcId: region.vpcId,
  OwnerId: region.accountId,
  Associations: [
    {
      RouteTableAssociationId: derivedId("rtbassoc", table.id),
      RouteTableId: table.id,
      SubnetId: table.subnetId,
      Main: table.subnetId === undefined,
      AssociationState: { State: "associated" as const },
    },
  ],
  Routes: [...table.routes],
  PropagatingVgws: [],
  Tags: tagList(table.tags),
});

export const routeTableOperations = (context: Ec2Context) => ({
  DescribeRouteTables: (
    call: Call,
    input: DescribeRouteTablesCommandInput,
  ): DescribeRouteTablesResult => {
    const region = regionOf(context, call);
    const tables = applyFilters(
      selectVisible(context, tablesOf(region), {
        kind: kinds.routeTable,
        ids: input.RouteTableIds,
      }),
      input.Filters,
      fieldsOf(region),
    );
    const { items, ...next } = paginate(tables, input, {
      min: 5,
      max: 100,
      pageSize: context.settings.pageSize,
      ids: input.RouteTableIds,
      idsParameter: "routeTableIdSet",
    });
    return { RouteTables: items.map((table) => view(region, table)), ...next };
  },
});
