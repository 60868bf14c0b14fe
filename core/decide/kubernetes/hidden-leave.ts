/**
 * Reckons with what somebody had set right before our last call that let a node leave a group with its place: it is asked for, though one less stands there, and the next place
 * that we add gives it back. An original of a managed node group is none of these: its place has gone to the Spot node group.
 */
import type { Intent } from "../../model/intent.ts";
import { isHidden, lastLeave, tellTaken, type Leave } from "../switch/group/leave.ts";
import type { AskedBefore } from "./surplus.ts";
import {
  desiredBefore,
  isPlace,
  placeOf,
  type OpenPair,
  type PlaceChange,
} from "./undo/open-pair.ts";

/** Of the place of a swap, what stands as soon as it was attached. Undefined: it is in another group. */
const withPlace = (swapId: string | undefined, all: readonly Intent[]): number | undefined => {
  const intents = all.filter((intent) => intent.swapId === swapId);
  const pair = { swapId: swapId ?? "", intents };
  if (placeOf(pair)?.change.kind !== "ATTACH_NODE") return undefined;
  const before = desiredBefore(pair);
  return before === undefined ? undefined : before + 1;
};

/** An undo has taken it off again. What is written before its call says nothing yet. */
const ofPlace = ({ asgName, leavingId, leave }: PlaceChange): Leave | undefined => {
  if (leavingId === undefined || leave?.desiredMet === undefined) return undefined;
  const { at, desiredSeen: seen, desiredMet: met } = leave;
  return { at, asgName, instanceId: leavingId, seen, met };
};

/** The look right before a removal found the place still ours. Undefined: it lowers nothing, or nobody knows what it met. */
const leaveOf = (intent: Intent, all: readonly Intent[]): Leave | undefined => {
  if (isPlace(intent)) return ofPlace(intent.change);
  const { change, status, swapId, plannedAt, actedAt = plannedAt } = intent;
  if (change.kind !== "REMOVE_NODE" || status === "PLANNED" || status === "UNDONE") {
    return undefined;
  }
  const seen = withPlace(swapId, all);
  if (seen === undefined) return undefined;
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
    (intent) =>
      isPlace(intent) &&
      intent.change.asgName === asgName &&
      intent.status !== "UNDONE" &&
      intent.swapId !== swapId &&
      intent.plannedAt > at &&
      intent.plannedAt < until,
  );

/**
 * How many nodes its owner asked for right before the place of this pair was added. Where our last call before it has taken one of what somebody had set in that instant, and nobody
 * has set another number since that call, the place is that one, and not ours. Undefined: it was not added.
 * @param all intents of the evaluation
 */
export const askedBefore = (pair: OpenPair, all: readonly Intent[]): AskedBefore | undefined => {
  const before = desiredBefore(pair);
  const place = placeOf(pair);
  if (before === undefined || place === undefined) return undefined;
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
  return { asked: isOwed ? last.met : before, isOwed };
};

/** What the owner is told of the calls of a swap that met another number than was seen. */
export const takenFromOwner = (swapId: string, all: readonly Intent[]): readonly string[] =>
  all
    .filter((intent) => intent.swapId === swapId)
    .flatMap((intent) => tellTaken(leaveOf(intent, all)) ?? []);
