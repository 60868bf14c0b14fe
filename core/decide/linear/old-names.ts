/**
 * The addresses and names of EC2 by which an original was reached and its replacement is not, where it loses a public address that its
 * subnet had lent. Source: VPC user guide, "DNS attributes for your VPC" (hostnames by address and by resource).
 */
import type { InstanceFacts } from "../../model/instance.ts";
import { primaryAddress } from "./travelling-parts.ts";

/** In Northern Virginia, the first region, the names are older than the scheme. */
const oldestRegion = "us-east-1";

const dashed = (address: string): string => address.replaceAll(".", "-");

const publicName = (address: string, region: string): string =>
  `ec2-${dashed(address)}.${region === oldestRegion ? "compute-1" : `${region}.compute`}.amazonaws.com`;

const privateDomain = (region: string): string =>
  region === oldestRegion ? "ec2.internal" : `${region}.compute.internal`;

/** Empty: it loses no address that others could know by DNS. One in front of which an Elastic IP stood keeps that. */
export const oldNames = (original: InstanceFacts): readonly string[] => {
  const { autoAssignedPublicIp: lent, region, instanceId } = original;
  const address = primaryAddress(original);
  if (lent === undefined || address?.allocationId !== undefined) return [];
  const { privateIp } = address ?? {};
  return [
    lent,
    publicName(lent, region),
    ...(privateIp === undefined
      ? []
      : [privateIp, `ip-${dashed(privateIp)}.${privateDomain(region)}`]),
    `${instanceId}.${privateDomain(region)}`,
  ];
};

/** A value may have more in it than the one name, as an SPF record has: `"v=spf1 ip4:203.0.113.7 -all"`. */
export const namesOneOf = (value: string, names: readonly string[]): boolean => {
  const words = value.toLowerCase().split(/[^a-z0-9.-]+/);
  const bare = words.map((word) => word.replace(/\.$/, ""));
  return names.some((name) => bare.includes(name));
};
