/** Reckons with what the owner had asked for right before our last call that let a member leave with its place: it is asked for, though one less stands. */
import type { Intent } from "../../model/intent.ts";
import { isHidden, lastLeave, tellTaken, type Leave } from "../switch/group/leave.ts";
import {
  hasActed,
  ownCallsOf,
  reckon,
  type Ledger,
  type OwnCalls,
  type Reckoned,
  type Reckoning,
} from "./capacity.ts";

interface ReckonedLeave extends Leave {
  /** What our calls had come to before it. */
  readonly before: (calls: OwnCalls) => OwnCalls;
}

const ofRemoval = (intent: Intent): ReckonedLeave | undefined => {
  // Of a call that was refused at first, the plan is older than what others have done since.
  const { change, before, plannedAt, actedAt: at = plannedAt } = intent;
  if (change.kind !== "REMOVE_MEMBER" || !hasActed(intent)) return undefined;
  const seen = change.desiredSeen ?? before?.["desiredCapacity"];
  if (typeof seen !== "number") return undefined;
  const { asgName, instanceId, desiredBefore: met = seen } = change;
  return {
    ...{ at, asgName, instanceId, seen, met },
    before: (calls) => ({ ...calls, removed: calls.removed - 1 }),
  };
};

/** An undo has taken it back with its place. */
const ofAttach = ({ change, status }: Intent): ReckonedLeave | undefined => {
  if (change.kind !== "ATTACH_MEMBERS" || status !== "UNDONE") return undefined;
  const { asgName, instanceIds, leave, leavingId: instanceId } = change;
  if (leave === undefined || instanceId === undefined) return undefined;
  const { at, desiredSeen: seen, desiredMet: met = seen } = leave;
  return {
    ...{ at, asgName, instanceId, seen, met },
    before: (calls) => ({ ...calls, added: calls.added + instanceIds.length }),
  };
};

/** Undefined: it lowers nothing, or has not acted. */
const leaveOf = (intent: Intent): ReckonedLeave | undefined =>
  ofRemoval(intent) ?? ofAttach(intent);

/** A call that met another number has left no surplus, so that none of its batch comes after it. */
const lastHidden = (intents: readonly Intent[]): ReckonedLeave | undefined => {
  const last = lastLeave(intents.flatMap((intent) => leaveOf(intent) ?? []));
  return last !== undefined && isHidden(last) ? last : undefined;
};

/** With what somebody had set right before our last call that lowered the capacity: it is asked for, though one less stands there. */
export const reckonWithLeave = (ledger: Ledger, { intents, group }: Reckoned): Reckoning => {
  const calls = ownCallsOf(intents, group);
  const hidden = lastHidden(intents);
  if (hidden === undefined || hidden.at === ledger.reckonedTo) return reckon(ledger, calls, group);
  const before = { ...ledger, reckonedTo: hidden.at };
  const atCall = { desiredCapacity: hidden.met, minSize: 0 };
  const met = reckon(before, hidden.before(calls), atCall);
  return {
    ...(met.change === undefined ? {} : { change: met.change }),
    ...reckon(met.ledger, calls, group),
  };
};

/** Instances that our last call has taken of what the owner asks for, and that still stand out: one, or none. */
const owed = ({ ledger, surplus }: Reckoning, intents: readonly Intent[]): number =>
  surplus < 0 && lastHidden(intents)?.met === ledger.asked ? 1 : 0;

/**
 * Before a batch: nothing of what earlier ones added and did not take off is ours any longer. Some of it is no longer counted, for it was undone. What our call has taken of what the
 * owner asks for the first that joins gives back.
 */
export const ledgerOfBatch = (last: Ledger, { intents, group }: Reckoned): Ledger => {
  const reckoning = reckonWithLeave(last, { intents, group });
  const { added, removed } = ownCallsOf(intents, group);
  const missing = owed(reckoning, intents);
  return {
    ...reckoning.ledger,
    asked: group.desiredCapacity + missing,
    absorbed: added - removed + missing,
  };
};

/** What the owner is told of such a call. Undefined: it met what we had seen. */
export const takenFromOwner = (intent: Intent): string | undefined => tellTaken(leaveOf(intent));
