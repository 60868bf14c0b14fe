/**
 * Takes the place off again that an attached replacement has left behind: it has ended, and the group launches another for it, so that desired stays
 * one above what its owner asks for. One member leaves through the group, with the desired capacity lowered by it.
 */
import { isInService, isLeavingGroup, type GroupMember } from "../../../model/group.ts";
import { servingWithout, type Reckoning } from "../capacity.ts";
import { act, undone, wait, type PairUndo } from "./pair.ts";
import type { UndoGroup } from "./world.ts";

export interface LeftPlace {
  readonly group: UndoGroup;
  readonly reckoning: Reckoning;
  /** Of the attach, and when it was made. ISO 8601 */
  readonly attach: { readonly id: string; readonly plannedAt: string };
  /** Of which nothing else is left. */
  readonly replacementIds: readonly string[];
  readonly originalId: string | undefined;
  /** Of this evaluation: none of them is the group's own. */
  readonly ownIds: ReadonlySet<string>;
}

const launchedAt = ({ instance }: GroupMember): string => instance?.launchedAt ?? "";

/**
 * Of those that the group has launched since, which stand for the replacement, the last one in the fullest zone, so that zones stay balanced. Without
 * one the original: a scale-in of the owner's has taken the replacement in its place. None that is protected.
 */
const whoLeaves = ({ group, attach, originalId, ownIds }: LeftPlace): GroupMember | undefined => {
  const free = group.members.filter(
    (member) =>
      isInService(member) && !member.protectedFromScaleIn && !ownIds.has(member.instanceId),
  );
  const inZone = ({ zoneId }: GroupMember): number =>
    group.members.filter((member) => member.zoneId === zoneId && !isLeavingGroup(member)).length;
  const since = free
    .filter((member) => launchedAt(member) >= attach.plannedAt)
    .toSorted(
      (one, other) => inZone(other) - inZone(one) || (launchedAt(one) < launchedAt(other) ? 1 : -1),
    );
  return since[0] ?? free.find(({ instanceId }) => instanceId === originalId);
};

export const undoPlace = (left: LeftPlace): PairUndo => {
  const { group, reckoning, attach, replacementIds } = left;
  const { surplus, ledger } = reckoning;
  // Its owner has taken it for himself, or it is off already.
  if (surplus <= 0) return undone;
  const place = `the place that replacement ${replacementIds.join(", ")} had in group ${group.asgName}`;
  const member = whoLeaves(left);
  if (member === undefined) {
    return wait(
      `No member can leave with ${place}: the group has launched none yet that may.`,
      ["group"],
      "MINUTES",
    );
  }
  const serving = servingWithout(group, member.instanceId);
  if (serving < ledger.asked) {
    return wait(
      `Without ${member.instanceId}, which is to leave with ${place}, only ${String(serving)} of ${String(ledger.asked)} members would serve.`,
      ["group"],
      "MINUTES",
    );
  }
  return act({
    kind: "TERMINATE_SURPLUS",
    id: `TERMINATE_SURPLUS ${member.instanceId}`,
    asgName: group.asgName,
    instanceId: member.instanceId,
    undoes: attach.id,
  });
};
