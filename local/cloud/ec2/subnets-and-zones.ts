/** Regions, zones and subnets as they are described, and the addresses that are free in a subnet. */
import type {
  DescribeAvailabilityZonesCommandInput,
  DescribeAvailabilityZonesResult,
  DescribeRegionsCommandInput,
  DescribeRegionsResult,
  DescribeSubnetsCommandInput,
  DescribeSubnetsResult,
  Subnet as SubnetView,
} from "@aws-sdk/client-ec2";
import type { Call } from "../contract.ts";
import { selectVisible, tagList, type Ec2Context } from "./context.ts";
import { applyFilters, tagFields, type Fields } from "./filters.ts";
import { paginate } from "./paging.ts";
import { kinds, refuse } from "./refusals.ts";
import { regionOf } from "./regions.ts";
import type { RegionState, Subnet, Zone } from "./state.ts";

/** AWS keeps five addresses of each subnet: network, router, DNS, future use, broadcast. */
const reservedAddresses = 5;
const firstHost = 4;
const lastHost = 254;

/** Private addresses in use in the subnet. Asked for at each launch, and in an account with thousands of interfaces. */
const usedAddresses = (region: RegionState, subnet: Subnet): Set<string> => {
  const used = new Set<string>();
  for (const { subnetId, addresses } of region.interfaces.values()) {
    if (subnetId !== subnet.id) continue;
    for (const { ip } of addresses) used.add(ip);
  }
  return used;
};

const freeAddresses = ({ takenElsewhere }: Subnet, used: ReadonlySet<string>): number =>
  Math.max(0, 256 - reservedAddresses - takenElsewhere - used.size);

const requireFree = (subnet: Subnet, used: ReadonlySet<string>, count: number): void => {
  if (freeAddresses(subnet, used) < count) {
    throw refuse(
      "InsufficientFreeAddressesInSubnet",
      `The specified subnet '${subnet.id}' does not have enough free addresses to satisfy the request.`,
    );
  }
};

/** @throws CloudError InsufficientFreeAddressesInSubnet. */
export const requireFreeAddresses = (region: RegionState, subnet: Subnet, count: number): void => {
  requireFree(subnet, usedAddresses(region, subnet), count);
};

/** The lowest free address of the subnet. @throws CloudError where there is none. */
export const takeAddress = (region: RegionState, subnet: Subnet): string => {
  const used = usedAddresses(region, subnet);
  requireFree(subnet, used, 1);
  for (let host = firstHost; host <= lastHost; host++) {
    const ip = `${subnet.prefix}.${String(host)}`;
    if (!used.has(ip)) return ip;
  }
  throw refuse("InsufficientFreeAddressesInSubnet", `The subnet '${subnet.id}' is full.`);
};

/** @throws CloudError where the address is outside the subnet or in use. */
export const requireAddressFree = (region: RegionState, subnet: Subnet, ip: string): void => {
  if (!ip.startsWith(`${subnet.prefix}.`)) {
    throw refuse(
      "InvalidParameterValue",
      `Address ${ip} does not fall within the subnet's address range`,
    );
  }
  if (usedAddresses(region, subnet).has(ip)) {
    throw refuse("InvalidIPAddress.InUse", `Address ${ip} is in use.`);
  }
};

export const borderGroupOf = ({ region }: RegionState, { borderGroup }: Zone): string =>
  borderGroup ?? region;

const subnetFields = (region: RegionState): Fields<Subnet> => ({
  ...tagFields<Subnet>(),
  "subnet-id": (subnet) => subnet.id,
  "vpc-id": (subnet) => subnet.vpcId,
  "availability-zone": (subnet) => subnet.zone.name,
  "availability-zone-id": (subnet) => subnet.zone.id,
  state: () => "available",
  "owner-id": () => region.accountId,
  "default-for-az": () => false,
  "map-public-ip-on-launch": (subnet) => subnet.mapPublicIp,
});

const viewSubnet = (region: RegionState, subnet: Subnet): SubnetView => ({
  SubnetId: subnet.id,
  SubnetArn: `arn:aws:ec2:${region.region}:${region.accountId}:subnet/${subnet.id}`,
  VpcId: subnet.vpcId,
  OwnerId: region.accountId,
  State: "available",
  AvailabilityZone: subnet.zone.name,
  AvailabilityZoneId: subnet.zone.id,
  CidrBlock: `${subnet.prefix}.0/24`,
  AvailableIpAddressCount: freeAddresses(subnet, usedAddresses(region, subnet)),
  MapPublicIpOnLaunch: subnet.mapPublicIp,
  DefaultForAz: false,
  AssignIpv6AddressOnCreation: false,
  Ipv6CidrBlockAssociationSet: [],
  Tags: tagList(subnet.tags),
});

const describeSubnets =
  (context: Ec2Context) =>
  (call: Call, input: DescribeSubnetsCommandInput): DescribeSubnetsResult => {
    const region = regionOf(context, call);
    const subnets = applyFilters(
      selectVisible(context, region.subnets, { kind: kinds.subnet, ids: input.SubnetIds }),
      input.Filters,
      subnetFields(region),
    );
    const { items, ...next } = paginate(subnets, input, {
      min: 5,
      max: 1000,
      pageSize: context.settings.pageSize,
      ids: input.SubnetIds,
      idsParameter: "subnetSet",
    });
    return { Subnets: items.map((subnet) => viewSubnet(region, subnet)), ...next };
  };

const describeAvailabilityZones =
  (context: Ec2Context) =>
  (call: Call, input: DescribeAvailabilityZonesCommandInput): DescribeAvailabilityZonesResult => {
    const region = regionOf(context, call);
    const named = region.zones.filter(
      (zone) =>
        (input.ZoneNames ?? [zone.name]).includes(zone.name) &&
        (input.ZoneIds ?? [zone.id]).includes(zone.id),
    );
    const asked = Math.max(input.ZoneNames?.length ?? 0, input.ZoneIds?.length ?? 0);
    if (named.length < asked) {
      throw refuse("InvalidParameterValue", "Invalid availability zone in the request");
    }
    const zones = applyFilters(named, input.Filters, {
      "zone-name": (zone) => zone.name,
      "zone-id": (zone) => zone.id,
      "region-name": () => region.region,
      "zone-type": () => "availability-zone",
      state: () => "available",
      "opt-in-status": () => "opt-in-not-required",
      "group-name": () => region.region,
    });
    return {
      AvailabilityZones: zones.map((zone) => ({
        ZoneName: zone.name,
        ZoneId: zone.id,
        ZoneType: "availability-zone",
        RegionName: region.region,
        GroupName: region.region,
        NetworkBorderGroup: borderGroupOf(region, zone),
        State: "available",
        OptInStatus: "opt-in-not-required",
        Messages: [],
      })),
    };
  };

const describeRegions =
  (context: Ec2Context) =>
  (call: Call, input: DescribeRegionsCommandInput): DescribeRegionsResult => {
    regionOf(context, call);
    const enabled = context.accounts.get(call.caller.accountId)?.regions;
    const regions = context.market.regions
      .map((name) => ({
        RegionName: name,
        Endpoint: `ec2.${name}.amazonaws.com`,
        OptInStatus: enabled?.has(name) === true ? "opt-in-not-required" : "not-opted-in",
      }))
      .filter((region) => input.AllRegions === true || region.OptInStatus !== "not-opted-in")
      .filter((region) => input.RegionNames?.includes(region.RegionName) ?? true);
    return {
      Regions: [
        ...applyFilters(regions, input.Filters, {
          "region-name": (region) => region.RegionName,
          endpoint: (region) => region.Endpoint,
          "opt-in-status": (region) => region.OptInStatus,
        }),
      ],
    };
  };

export const subnetOperations = (context: Ec2Context) => ({
  DescribeSubnets: describeSubnets(context),
  DescribeAvailabilityZones: describeAvailabilityZones(context),
  DescribeRegions: describeRegions(context),
});
