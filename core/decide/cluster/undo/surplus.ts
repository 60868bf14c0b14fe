/**
 * Takes the place off again that an attached replacement has left behind: it has ended, and the group launches another for it, so that desired stays
 * one above what its owner asks for. One member leaves through the group, with the desired capacity lowered by it.
 */
import type { GroupMember } from "../../../model/group.ts";
import type { Intent } from "../../../model/intent.ts";
import { refusalOf } from "../../switch/undo-plan.ts";
import { servingMembers, servingWithout, type Reckoning } from "../capacity.ts";
import { freeMembers, launchedSince, standInFor } from "../stand-in.ts";
import { act, undone, wait, type PairUndo } from "./pair.ts";
import type { UndoGroup, UndoInput } from "./world.ts";

/** What an attach has added to the desired capacity. */
interface Place {
  readonly group: UndoGroup;
  readonly reckoning: Reckoning;
  /** Of the attach, and when it was made. ISO 8601 */
  readonly attach: Pick<Intent, "id" | "plannedAt">;
  /** Of this evaluation. */
  readonly intents: readonly Intent[];
}

export interface LeftPlace extends Place {
  /** Of which nothing else is left. */
  readonly replacementIds: readonly string[];
  readonly originalId: string | undefined;
}

/**
 * Of those that the group has launched since, which stand for the replacement, the last one in the fullest zone, so that zones stay balanced. Without
 * one the original: a scale-in of the owner's has taken the replacement in its place. None that is protected.
 */
const whoLeaves = ({ group, attach, originalId, intents }: LeftPlace): GroupMember | undefined =>
  launchedSince(group, { intents, since: attach.plannedAt })[0] ??
  freeMembers(group, intents).find(({ instanceId }) => instanceId === originalId);

const leave = (
  { group, reckoning: { ledger }, attach }: Place,
  { instanceId, place }: { readonly instanceId: string; readonly place: string },
): PairUndo => {
  const serving = servingWithout(group, instanceId);
  if (serving < ledger.asked) {
    return wait(
      `Without ${instanceId}, which is to leave with ${place}, only ${String(serving)} of ${String(ledger.asked)} members would serve.`,
      ["group"],
      "MINUTES",
    );
  }
  return act({
    kind: "TERMINATE_SURPLUS",
    id: `TERMINATE_SURPLUS ${instanceId}`,
    asgName: group.asgName,
    instanceId,
    desiredSeen: group.desiredCapacity,
    undoes: attach.id,
  });
};

export const undoPlace = (left: LeftPlace): PairUndo => {
  const { group, reckoning, replacementIds } = left;
  const { surplus } = reckoning;
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
  return leave(left, { instanceId: member.instanceId, place });
};

/**
 * Of a replacement that serves, and whose leaving would leave zones unbalanced: it stays, and one that the group has launched since leaves with the place. Undefined: nobody
 * would make them balanced, or AWS has refused it.
 */
export const undoByStandIn = (
  place: Place & { readonly replacementId: string; readonly refused: UndoInput["refused"] },
): PairUndo | undefined => {
  const { group, attach, intents, replacementId, refused } = place;
  const serves = servingMembers(group).some(({ instanceId }) => instanceId === replacementId);
  const standIn = serves
    ? standInFor(replacementId, group, { intents, since: attach.plannedAt })
    : undefined;
  if (standIn === undefined) return undefined;
  const { instanceId } = standIn;
  const next = leave(place, { instanceId, place: `what our attach of ${replacementId} has added` });
  return next.kind === "ACT" && refusalOf(refused, next.action) !== undefined ? undefined : next;
};
