/**
 * Security groups as records: what a VPC has of them, their rules, and who is in a group that has none. Links of the instance itself
 * (its metadata, Amazon's DNS and time) pass no security group. Source: VPC user guide, "Security groups", "Security group rules".
 */
import { findAll, type Ec2Context } from "./context.ts";
import { kinds } from "./refusals.ts";
import type { RegionState, SecurityGroup, SecurityGroupRule, Tags } from "./state.ts";

export const defaultGroup = (region: Pick<RegionState, "vpcId">): string =>
  `sg-${region.vpcId.slice(4)}`;

/** "If you don't specify a security group ID, we use the default security group for the subnet." Source: EC2 API reference, RunInstances. */
export const groupsOf = (
  region: RegionState,
  asked: readonly string[] | undefined,
): readonly string[] =>
  asked === undefined || asked.length === 0 ? [defaultGroup(region)] : asked;

/** Of a stream of its own, so that a group more leaves all other ids as they are. */
const ruleIds = (context: Ec2Context, groupId: string, count: number): readonly string[] => {
  const random = context.random.fork(`rules:${groupId}`);
  return Array.from({ length: count }, () => `sgr-${random.hex(17)}`);
};

/** A VPC has an IPv6 block where an interface has an address of it. */
const hasIpv6 = (region: RegionState): boolean =>
  [...region.interfaces.values()].some(({ ipv6 }) => ipv6.length > 0);

/**
 * "By default, new security groups start with only an outbound rule that allows all traffic to leave the resource"; and where the VPC has
 * an IPv6 block, one that allows all outbound IPv6 traffic. Source: VPC user guide, "Security group rules"; EC2 API reference,
 * CreateSecurityGroup.
 */
export const outboundAtFirst = (
  context: Ec2Context,
  region: RegionState,
  groupId: string,
): readonly SecurityGroupRule[] => {
  const peers = ["0.0.0.0/0", ...(hasIpv6(region) ? ["::/0"] : [])];
  const ids = ruleIds(context, groupId, peers.length);
  return peers.map((peer, index) => ({ id: ids[index] ?? "", protocol: "-1", peer }));
};

/**
 * A group that the owner has already, with the rules of a default group: all that goes out, and what comes from its own members. Source:
 * VPC user guide, "Default security groups for your VPCs".
 */
export const declareGroup = (
  context: Ec2Context,
  region: RegionState,
  group: { readonly id: string; readonly name: string; readonly tags?: Tags },
): void => {
  const { id, name, tags = {} } = group;
  if (region.securityGroups.has(id)) return;
  const [outbound = "", inbound = ""] = ruleIds(context, id, 2);
  region.securityGroups.set(id, {
    id,
    createdAt: context.clock.now(),
    visibleAt: 0,
    tags: { ...tags },
    name,
    description: `${name} VPC security group`,
    isDeclared: true,
    ingress: [{ id: inbound, protocol: "-1", peer: id }],
    egress: [{ id: outbound, protocol: "-1", peer: "0.0.0.0/0" }],
  });
};

/** @throws CloudError InvalidGroup.NotFound, also for one that was made a moment ago. Source: EC2 API reference, "Error codes". */
export const requireGroups = (
  context: Ec2Context,
  region: RegionState,
  ids: readonly string[] | undefined,
): readonly string[] | undefined => {
  findAll(context, region.securityGroups, { kind: kinds.securityGroup, ids: ids ?? [] });
  return ids;
};

export const rulesIn = ({ ingress, egress }: SecurityGroup): number =>
  ingress.length + egress.length;

/** As the API shows a group beside its id. */
export const groupView = (region: RegionState, ids: readonly string[]) =>
  ids.map((GroupId) => ({
    GroupId,
    GroupName: region.securityGroups.get(GroupId)?.name ?? GroupId,
  }));
