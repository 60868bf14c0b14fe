/**
 * Names who leaves in the stead of another, so that the zones of a group end as balanced as they were. While original and replacement stand side by side, a
 * member of their zone may fail, and the group launches its successor elsewhere: it counts both of the two. Left alone, the zones would differ by two and more,
 * and the group would end a member that serves to balance them, or its balancing would have to stay suspended.
 */
import { isInService, isLeavingGroup, type GroupMember } from "../../model/group.ts";
import type { GroupFacts, LiveGroup } from "../../model/group.ts";
import { changesOf, type Intent } from "../../model/intent.ts";
import { mostSpread, zoneSpread } from "../switch/az-rebalance.ts";

const launchedAt = ({ instance }: GroupMember): string => instance?.launchedAt ?? "";

/** Of all that this evaluation has launched: none of them is the group's own. */
const ownIds = (intents: readonly Intent[]): ReadonlySet<string> =>
  new Set(changesOf(intents, "LAUNCH_INSTANCE").flatMap(({ instanceId }) => instanceId ?? []));

/** Those that may leave: in service, and neither protected nor ours. */
export const freeMembers = (
  { members }: Pick<LiveGroup, "members">,
  intents: readonly Intent[],
): readonly GroupMember[] => {
  const own = ownIds(intents);
  return members.filter(
    (member) => isInService(member) && !member.protectedFromScaleIn && !own.has(member.instanceId),
  );
};

/** Of those that may leave, whom the group has launched since: in the fullest zone first, and there the last one. */
export const launchedSince = (
  group: Pick<LiveGroup, "members">,
  { intents, since }: { readonly intents: readonly Intent[]; readonly since: string },
): readonly GroupMember[] => {
  const inZone = ({ zoneId }: GroupMember): number =>
    group.members.filter((member) => member.zoneId === zoneId && !isLeavingGroup(member)).length;
  return freeMembers(group, intents)
    .filter((member) => launchedAt(member) >= since)
    .toSorted(
      (one, other) => inZone(other) - inZone(one) || (launchedAt(one) < launchedAt(other) ? 1 : -1),
    );
};

/**
 * Undefined: the zones stay balanced without that one, or nobody else makes them so.
 * @param since when the replacement was attached, ISO 8601
 */
export const standInFor = (
  instanceId: string,
  group: Pick<GroupFacts, "zones"> & Pick<LiveGroup, "members">,
  known: { readonly intents: readonly Intent[]; readonly since: string },
): GroupMember | undefined => {
  const isBalancedWithout = (id: string): boolean =>
    zoneSpread({
      zones: group.zones,
      members: group.members.filter((member) => member.instanceId !== id),
    }) <=
    mostSpread(known.intents.findLast(({ change }) => change.kind === "SUSPEND_AZ_REBALANCE"));
  return isBalancedWithout(instanceId)
    ? undefined
    : launchedSince(group, known).find((member) => isBalancedWithout(member.instanceId));
};
