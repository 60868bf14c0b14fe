/**
 * Reckons with what somebody had set right before our last call that let a node leave a group with its place: it is asked for, though one less stands there, and the next place
 * that we add gives it back. Of self-managed groups, where both nodes stand in one: of a managed node group the place has gone to the Spot node group.
 */
import type { Intent } from "../../model/intent.ts";
import { isHidden, lastLeave, tellTaken, type Leave } from "../switch/group/leave.ts";
import { desiredBefore, placeOf, type OpenPair } from "./undo/open-pair.ts";

/** Of the place of a swap, what stands as soon as it was attached. Undefined: it is in another group. */
const withPlace = (swapId: string | undefined, all: readonly Intent[]): number | undefined => {
  const intents = all.filter((intent) => intent.swapId === swapId);
  const pair = { swapId: swapId ?? "", intents };
  if (placeOf(pair)?.change.kind !== "ATTACH_NODE") return undefined;
  const before = desiredBefore(pair);
  return before === undefined ? undefined : before + 1;
};

/** The look right before either call found the place still ours. Undefined: it lowers nothing, or nobody knows what it met. */
const leaveOf = (intent: Intent, all: readonly Intent[]): Leave | undefined => {
  const { change, status, swapId, plannedAt, actedAt = plannedAt } = intent;
  const seen = withPlace(swapId, all);
  if (seen === undefined) return undefined;
  if (change.kind === "ATTACH_NODE") {
    const { asgName, instanceId, leave } = change;
    if (leave === undefined) return undefined;
    return { at: leave.at, asgName, instanceId, seen, met: leave.desiredMet };
  }
  if (change.kind !== "REMOVE_NODE" || status === "PLANNED" || status === "UNDONE") {
    return undefined;
  }
  const { asgName, instanceId, desiredBefore: met = seen } = change;
  return { at: actedAt, asgName, instanceId, seen, met };
};

/** Another place was added since, and stands: what was owed was given back by it. */
const isGivenBack = (
  { at, asgName }: Leave,
  { swapId, until }: { readonly swapId: string; readonly until: string },
  all: readonly Intent[],
): boolean =>
  all.some(
    ({ change, status, plannedAt, swapId: other }) =>
      change.kind === "ATTACH_NODE" &&
      change.asgName === asgName &&
      status !== "UNDONE" &&
      other !== swapId &&
      plannedAt > at &&
      plannedAt < until,
  );

/**
 * How many nodes its owner asked for right before the place of this pair was added. Where our last call before it has taken one of what somebody had set in that instant, and nobody
 * has set another number since, the place is that one, and not ours. Undefined: it was not added.
 * @param all intents of the evaluation
 */
export const askedBefore = (pair: OpenPair, all: readonly Intent[]): number | undefined => {
  const before = desiredBefore(pair);
  const place = placeOf(pair);
  if (before === undefined || place?.change.kind !== "ATTACH_NODE") return before;
  const { plannedAt: until, change } = place;
  const { swapId } = pair;
  const earlier = all
    .filter((intent) => intent.swapId !== swapId)
    .flatMap((intent) => leaveOf(intent, all) ?? [])
    .filter((leave) => leave.asgName === change.asgName && leave.at < until);
  const last = lastLeave(earlier);
  const isOwed =
    last !== undefined &&
    isHidden(last) &&
    last.met - 1 === before &&
    !isGivenBack(last, { swapId, until }, all);
  return isOwed ? last.met : before;
};

/** What the owner is told of the calls of a swap that met another number than was seen. */
export const takenFromOwner = (swapId: string, all: readonly Intent[]): readonly string[] =>
  all
    .filter((intent) => intent.swapId === swapId)
    .flatMap((intent) => tellTaken(leaveOf(intent, all)) ?? []);
