/** NAT gateways of a region, and the routes that lead to them. */
import { DescribeNatGatewaysCommand, type EC2Client, type NatGateway } from "@aws-sdk/client-ec2";
import type { NatRoute, OwnNatGateway } from "../../../core/model/waste/network.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { largestPage, tagRecord } from "./describe.ts";
import { describeTables } from "./routes.ts";

const toGateway = (gateway: NatGateway): OwnNatGateway => {
  const natGatewayId = required(gateway.NatGatewayId, "a NAT gateway's id");
  const created = required(gateway.CreateTime, `when ${natGatewayId} was made`);
  return {
    natGatewayId,
    state: required(gateway.State, `the state of ${natGatewayId}`),
    createdAt: created.toISOString(),
    vpcId: required(gateway.VpcId, `the VPC of ${natGatewayId}`),
    // EC2 tells neither of one from before they were there.
    connectivity: gateway.ConnectivityType ?? "public",
    availability: gateway.AvailabilityMode ?? "zonal",
    tags: tagRecord(gateway.Tags),
  };
};

/** All of the region, deleted ones for an hour too. @throws what a page throws: nothing of a list that was not read to its end is used */
export const readNatGateways = async (ec2: EC2Client): Promise<readonly OwnNatGateway[]> => {
  const found = await readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeNatGateways" }, () =>
        ec2.send(new DescribeNatGatewaysCommand({ MaxResults: largestPage, NextToken: token })),
      ),
    items: (page) => page.NatGateways,
    next: (page) => page.NextToken,
  });
  return found.map(toGateway);
};

/** From all route tables of the region that the account is shown, routes of tables without a subnet among them. A page has up to 100 tables. */
export const readNatRoutes = async (ec2: EC2Client): Promise<readonly NatRoute[]> => {
  const tables = await describeTables(ec2, { filters: [] });
  return tables.flatMap(({ RouteTableId, Routes = [] }) =>
    Routes.flatMap(({ NatGatewayId: natGatewayId }) =>
      natGatewayId === undefined
        ? []
        : [{ natGatewayId, routeTableId: required(RouteTableId, "a route table's id") }],
    ),
  );
};
