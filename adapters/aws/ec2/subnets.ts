/** Subnets that a replacement could be launched into, with their way to the internet and their border group. */
import {
  DescribeSubnetsCommand,
  type EC2Client,
  type Filter,
  type Subnet,
} from "@aws-sdk/client-ec2";
import type { SubnetEgress, SubnetFacts } from "../../../core/model/market.ts";
import type { PlaceSubnet } from "../../../core/model/place-reading.ts";
import { readAllPages } from "../paging.ts";
import { required } from "../required.ts";
import { callAws } from "../translate-error.ts";
import { largestPage } from "./describe.ts";
import { readEgress, readEgressByVpc } from "./routes.ts";
import { readBorderGroups } from "./zones.ts";

/** All that match, in whatever state. `resource` names them in an error. */
export const describeSubnets = (
  ec2: EC2Client,
  input: { readonly resource?: string; readonly filters: readonly Filter[] },
): Promise<readonly Subnet[]> => {
  const { filters, ...named } = input;
  return readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeSubnets", ...named }, () =>
        ec2.send(
          new DescribeSubnetsCommand({
            Filters: [...filters],
            MaxResults: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.Subnets,
    next: (page) => page.NextToken,
  });
};

const isAvailable = ({ State }: Subnet): boolean => State === undefined || State === "available";

const subnetFacts = (
  subnet: Subnet,
  egress: SubnetEgress,
  borderGroups: ReadonlyMap<string, string>,
): SubnetFacts => {
  const subnetId = required(subnet.SubnetId, "a subnet's id");
  const borderGroup = borderGroups.get(subnet.AvailabilityZone ?? "");
  return {
    subnetId,
    zoneId: required(subnet.AvailabilityZoneId, `the zone id of ${subnetId}`),
    zoneName: required(subnet.AvailabilityZone, `the zone of ${subnetId}`),
    freeAddresses: required(subnet.AvailableIpAddressCount, `the addresses of ${subnetId}`),
    egress,
    ...(borderGroup === undefined ? {} : { borderGroup }),
  };
};

const zonesOf = (subnets: readonly Subnet[]): readonly string[] =>
  subnets.flatMap(({ AvailabilityZone }) => AvailabilityZone ?? []);

const byId = (one: SubnetFacts, other: SubnetFacts): number =>
  one.subnetId < other.subnetId ? -1 : 1;

/** All available subnets of the VPC, sorted by id. */
export const readSubnets = async (
  ec2: EC2Client,
  { vpcId }: { readonly vpcId: string },
): Promise<SubnetFacts[]> => {
  const subnets = await describeSubnets(ec2, {
    resource: vpcId,
    filters: [{ Name: "vpc-id", Values: [vpcId] }],
  });
  const [egressOf, borderGroups] = await Promise.all([
    readEgress(ec2, vpcId),
    readBorderGroups(ec2, zonesOf(subnets)),
  ]);
  return subnets
    .filter(isAvailable)
    .map((subnet) => subnetFacts(subnet, egressOf(subnet.SubnetId ?? ""), borderGroups))
    .sort(byId);
};

/** Of subnets of many VPCs those that are available, sorted by id. A page of route tables, and one more for each further hundred. */
export const readWaysOut = async (
  ec2: EC2Client,
  subnets: readonly Subnet[],
): Promise<readonly PlaceSubnet[]> => {
  const [egressOf, borderGroups] = await Promise.all([
    readEgressByVpc(ec2),
    readBorderGroups(ec2, zonesOf(subnets)),
  ]);
  return subnets
    .filter(isAvailable)
    .map((subnet) => {
      const { SubnetId: subnetId = "", VpcId } = subnet;
      const vpcId = required(VpcId, `the VPC of ${subnetId}`);
      const egress = egressOf({ subnetId, vpcId });
      return { ...subnetFacts(subnet, egress, borderGroups), vpcId };
    })
    .sort(byId);
};
