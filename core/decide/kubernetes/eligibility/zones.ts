/** Rules about the zones of the groups behind nodes: Auto Scaling ends nodes where it finds zones uneven, without asking any budget. */
import {
  isLeavingGroup,
  suspensionOf,
  type GroupFacts,
  type GroupMember,
} from "../../../model/group.ts";
import type { KubernetesFacts } from "../../../model/kubernetes/facts.ts";
import { listed } from "../../switch/objection.ts";
import type { Refusal } from "../blocker.ts";

type Counts = ReadonlyMap<string, number>;

const countsOf = ({ zones, members }: Pick<GroupFacts, "zones" | "members">): Counts =>
  new Map(
    zones.map(({ zoneName }) => [
      zoneName,
      members.filter((member) => member.zoneName === zoneName && !isLeavingGroup(member)).length,
    ]),
  );

const spreadOf = (counts: Counts): number =>
  counts.size === 0 ? 0 : Math.max(...counts.values()) - Math.min(...counts.values());

/** Zones that differ by one are even. Source: EC2 Auto Scaling user guide, "Availability Zone distribution". */
const becomesUneven = (group: GroupFacts, zoneName: string): boolean => {
  if (suspensionOf(group, "AZRebalance") !== undefined) return false;
  const before = countsOf(group);
  const after = new Map([...before, [zoneName, (before.get(zoneName) ?? 0) - 1]]);
  return spreadOf(after) > Math.max(1, spreadOf(before));
};

/** In a self-managed group AZRebalance rests meanwhile. */
const isBalanced = (
  member: GroupMember,
  { nodeGroup, group }: KubernetesFacts,
): Refusal | undefined => {
  if (nodeGroup === undefined || group === undefined) return undefined;
  if (!becomesUneven(group, member.zoneName)) return undefined;
  return {
    kind: "REFUSES",
    code: "ZONES_WOULD_BE_BALANCED",
    sentence: `Group ${group.asgName} would have uneven zones with one node less in ${member.zoneName}, and Auto Scaling would end nodes to balance them, whatever their budgets say: replace nodes of another zone first, or suspend AZRebalance (aws autoscaling suspend-processes --auto-scaling-group-name ${group.asgName} --scaling-processes AZRebalance).`,
  };
};

/** The group launches where it has fewest: elsewhere the volumes of its pods would not be. */
const comesUpBeside = (
  member: GroupMember,
  { nodeGroup, spotNodeGroup, spotGroup }: KubernetesFacts,
): Refusal | undefined => {
  if (nodeGroup === undefined || spotNodeGroup === undefined || spotGroup === undefined) {
    return undefined;
  }
  const counts = countsOf(spotGroup);
  const least = Math.min(...counts.values());
  const next = [...counts].filter(([, count]) => count === least).map(([zone]) => zone);
  return next.includes(member.zoneName)
    ? undefined
    : {
        kind: "REFUSES",
        code: "SPOT_IN_OTHER_ZONE",
        sentence: `The next node of Spot node group ${spotNodeGroup.name} comes up in ${listed(next)}, where it has fewest, and ${member.instanceId} is in ${member.zoneName}: replace a node of that zone first, or name a Spot node group with subnets of ${member.zoneName} alone.`,
      };
};

/** AWS replaces what it thinks unhealthy by itself. */
const isProtected = (member: GroupMember): Refusal | undefined =>
  member.protectedFromScaleIn
    ? {
        kind: "REFUSES",
        code: "NODE_NOT_TO_DISRUPT",
        sentence: `Instance ${member.instanceId} is protected from scale-in: take the protection off, or leave it On-Demand.`,
      }
    : undefined;

export const judgeMember = (member: GroupMember, facts: KubernetesFacts): readonly Refusal[] =>
  [isProtected(member), isBalanced(member, facts), comesUpBeside(member, facts)].filter(
    (found) => found !== undefined,
  );
