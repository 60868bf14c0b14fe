/** How the subnets of a VPC reach the internet: what makes a subnet public or private is its route table alone. */
import {
  DescribeRouteTablesCommand,
  type EC2Client,
  type Filter,
  type Route,
  type RouteTable,
  type RouteTableAssociation,
} from "@aws-sdk/client-ec2";
import type { SubnetEgress } from "../../../core/model/market.ts";
import { readAllPages } from "../paging.ts";
import { callAws } from "../translate-error.ts";

/** The largest page that DescribeRouteTables accepts. */
const largestRoutePage = 100;

const everywhere = "0.0.0.0/0";

/** A gateway that was deleted leaves its route behind as a black hole: its traffic is dropped. */
const isInForce = ({ State }: Route): boolean => State !== "blackhole";

const leadsTo = (route: Route): SubnetEgress => {
  if (route.GatewayId?.startsWith("igw-") === true) return "internet-gateway";
  return route.NatGatewayId === undefined ? "other" : "nat";
};

const egressOf = ({ Routes = [] }: RouteTable): SubnetEgress => {
  const route = Routes.filter(isInForce).find(
    ({ DestinationCidrBlock }) => DestinationCidrBlock === everywhere,
  );
  return route === undefined ? "none" : leadsTo(route);
};

/** One that is being made is not in force yet; one that is being taken away no longer is. */
const isAssociated = ({ AssociationState }: RouteTableAssociation): boolean =>
  (AssociationState?.State ?? "associated") === "associated";

const associationsOf = (table: RouteTable): readonly RouteTableAssociation[] =>
  (table.Associations ?? []).filter(isAssociated);

/** All route tables that match. `resource` names them in an error. */
export const describeTables = (
  ec2: EC2Client,
  input: { readonly resource?: string; readonly filters: readonly Filter[] },
): Promise<readonly RouteTable[]> => {
  const { filters, ...named } = input;
  return readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeRouteTables", ...named }, () =>
        ec2.send(
          new DescribeRouteTablesCommand({
            Filters: [...filters],
            MaxResults: largestRoutePage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.RouteTables,
    next: (page) => page.NextToken,
  });
};

type EgressOf = (subnetId: string) => SubnetEgress;

/**
 * Egress by subnet id, of one VPC. A subnet without a table of its own uses the VPC's main one; where EC2 shows neither (a
 * VPC shared by another account may hide them), the answer is `unknown`.
 */
const egressIn = (tables: readonly RouteTable[]): EgressOf => {
  const main = tables.find((table) => associationsOf(table).some(({ Main }) => Main === true));
  return (subnetId) => {
    const own = tables.find((table) =>
      associationsOf(table).some((association) => association.SubnetId === subnetId),
    );
    const table = own ?? main;
    return table === undefined ? "unknown" : egressOf(table);
  };
};

export const readEgress = async (ec2: EC2Client, vpcId: string): Promise<EgressOf> =>
  egressIn(
    await describeTables(ec2, {
      resource: vpcId,
      filters: [{ Name: "vpc-id", Values: [vpcId] }],
    }),
  );

/** Of all VPCs of the region. */
export const readEgressByVpc = async (
  ec2: EC2Client,
): Promise<(subnet: { readonly subnetId: string; readonly vpcId: string }) => SubnetEgress> => {
  const byVpc = Map.groupBy(await describeTables(ec2, { filters: [] }), ({ VpcId }) => VpcId);
  const egress = new Map([...byVpc].map(([vpcId, tables]) => [vpcId, egressIn(tables)]));
  return ({ subnetId, vpcId }) => egress.get(vpcId)?.(subnetId) ?? "unknown";
};

/** Whether a route of the region, in force or not, leads to the instance or to one of its interfaces: a NAT instance, a firewall. */
export const isRouteTarget = async (
  ec2: EC2Client,
  {
    instanceId,
    interfaceIds,
  }: { readonly instanceId: string; readonly interfaceIds: readonly string[] },
): Promise<boolean> => {
  const tables = await describeTables(ec2, { resource: instanceId, filters: [] });
  return tables.some(({ Routes: routes = [] }) =>
    routes.some(
      ({ InstanceId, NetworkInterfaceId }) =>
        InstanceId === instanceId ||
        (NetworkInterfaceId !== undefined && interfaceIds.includes(NetworkInterfaceId)),
    ),
  );
};
