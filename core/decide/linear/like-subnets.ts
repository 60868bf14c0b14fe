/**
 * Which subnets may take the replacement. One that reaches the internet in another way than the original's would make a
 * private instance public, or cut a public one off, and no check of EC2's would notice.
 */
import type { InstanceFacts } from "../../model/instance.ts";
import type { SubnetFacts } from "../../model/market.ts";
import { needsSubnetOfOriginal } from "./travelling-parts.ts";

/** Undefined when the facts do not show it. */
const subnetOfOriginal = (
  original: InstanceFacts,
  subnets: readonly SubnetFacts[],
): SubnetFacts | undefined => subnets.find(({ subnetId }) => subnetId === original.subnetId);

const holdsElasticIp = (original: InstanceFacts): boolean =>
  original.networkInterfaces.some(({ privateAddresses }) =>
    privateAddresses.some(({ allocationId }) => allocationId !== undefined),
  );

/** The border group that the replacement must be in, for its Elastic IPs to follow. Undefined: it has none, or it is not known. */
export const borderGroupOf = (
  original: InstanceFacts,
  subnets: readonly SubnetFacts[],
): string | undefined =>
  holdsElasticIp(original) ? subnetOfOriginal(original, subnets)?.borderGroup : undefined;

/**
 * The original's own subnet, and those with the same egress. Only its own where secondary private addresses travel,
 * for these belong to it, and where its egress is not known, because then nothing is known to be like it.
 */
export const likeSubnets = (
  original: InstanceFacts,
  subnets: readonly SubnetFacts[],
): readonly SubnetFacts[] => {
  const own = subnetOfOriginal(original, subnets);
  if (own === undefined) return [];
  const isPinned = needsSubnetOfOriginal(original) || own.egress === "unknown";
  if (isPinned) return [own];
  const needed = borderGroupOf(original, subnets);
  return subnets.filter(
    ({ egress, borderGroup }) =>
      egress === own.egress && (needed === undefined || borderGroup === needed),
  );
};
