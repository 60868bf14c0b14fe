/**
 * Finds out what the owner had asked for right before our call that lets a member leave with its place, between our look and that call: afterwards the group shows
 * the difference alone. AWS takes no condition with such a call, and its activity says which desired capacity it met. Source: Auto Scaling API reference,
 * TerminateInstanceInAutoScalingGroup, DetachInstances: both name instance and decrement, and nothing else; the activity's cause ends with
 * "shrinking the capacity from 7 to 6".
 */
import type { Intent } from "../../model/intent.ts";
import {
  hasActed,
  ownCallsOf,
  reckon,
  type Ledger,
  type OwnCalls,
  type Reckoned,
  type Reckoning,
} from "./capacity.ts";

/** One of our calls that lowered the desired capacity. */
interface Leave {
  /** ISO 8601 */
  readonly at: string;
  readonly instanceId: string;
  readonly asgName: string;
  /** Desired capacity at the look right before it. */
  readonly seen: number;
  /** That which the call met. */
  readonly met: number;
  /** What our calls had come to before it. */
  readonly before: (calls: OwnCalls) => OwnCalls;
}

const ofRemoval = (intent: Intent): Leave | undefined => {
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
const ofAttach = ({ change, status }: Intent): Leave | undefined => {
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
const leaveOf = (intent: Intent): Leave | undefined => ofRemoval(intent) ?? ofAttach(intent);

const isHidden = ({ seen, met }: Leave): boolean => met !== seen;

/** A call that met another number has left no surplus, so that none of its batch comes after it. */
const lastHidden = (intents: readonly Intent[]): Leave | undefined => {
  const last = intents
    .flatMap((intent) => leaveOf(intent) ?? [])
    .toSorted((one, other) => one.at.localeCompare(other.at))
    .at(-1);
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
export const takenFromOwner = (intent: Intent): string | undefined => {
  const leave = leaveOf(intent);
  if (leave === undefined || !isHidden(leave)) return undefined;
  const { asgName, instanceId } = leave;
  const met = String(leave.met);
  return `Somebody set the desired capacity of group ${asgName} to ${met} in the instant in which ${instanceId} was asked to leave, which has lowered it by one. The next replacement that joins gives it back. Next, where none does: set it to ${met} if as many are still wanted.`;
};
