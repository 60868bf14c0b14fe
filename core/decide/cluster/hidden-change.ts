/**
 * Finds out what the owner had asked for right before our attach, between our look and our call: the group shows the sum alone. The activity of the attach says to
 * how much it raised the desired capacity. †
 */
import type { GroupActivity } from "../../model/group.ts";
import { changesOf, type Intent } from "../../model/intent.ts";
import {
  hasActed,
  ownCallsOf,
  reckon,
  type Ledger,
  type Reckoned,
  type Reckoning,
} from "./capacity.ts";

/** The last call by which we have attached, where nothing was reckoned since. */
export interface UnseenAttach {
  readonly instanceIds: readonly string[];
  /** Desired capacity at the look right before it. */
  readonly desiredBefore: number;
}

type Activity = Pick<GroupActivity, "description" | "cause">;

/** Those of one call are planned together. */
const lastAttach = (intents: readonly Intent[]): readonly Intent[] => {
  const attaches = intents.filter(
    (intent) => intent.change.kind === "ATTACH_MEMBERS" && hasActed(intent),
  );
  const at = attaches
    .map(({ plannedAt }) => plannedAt)
    .toSorted()
    .at(-1);
  return attaches.filter(({ plannedAt }) => plannedAt === at);
};

const isSince =
  (at: string) =>
  ({ change, plannedAt }: Intent): boolean =>
    change.kind === "REMOVE_MEMBER" && plannedAt > at;

/** Of what was known before, with so many fewer attached. */
const reckonBefore = (
  ledger: Ledger,
  { intents, group, fewer }: Reckoned & { readonly fewer: number },
  desiredCapacity: number,
): Reckoning => {
  const calls = ownCallsOf(intents, group);
  return reckon(ledger, { ...calls, added: calls.added - fewer }, { desiredCapacity, minSize: 0 });
};

/** Undefined where the ledger was kept after the last attach, or members were removed since: then the group shows what has changed after it. */
export const unseenAttach = (
  ledger: Ledger,
  { intents, group }: Reckoned,
): UnseenAttach | undefined => {
  const last = lastAttach(intents);
  const [first] = last;
  const desiredBefore = first?.before?.["desiredCapacity"];
  if (first === undefined || typeof desiredBefore !== "number") return undefined;
  if (intents.some(isSince(first.plannedAt))) return undefined;
  const instanceIds = changesOf(last, "ATTACH_MEMBERS").flatMap((change) => change.instanceIds);
  const fewer = instanceIds.length;
  const { change } = reckonBefore(ledger, { intents, group, fewer }, desiredBefore);
  return change === undefined ? { instanceIds, desiredBefore } : undefined;
};

const attaching = /^Attaching an existing EC2 instance/i;
const raisedTo = /Keeping the capacity at the new (\d+)/i;

/** † Whether each of a call names what the whole call has made of it, or one after the other: the largest is what it has come to. */
const desiredAfter = (
  activities: readonly Activity[],
  { instanceIds }: UnseenAttach,
): number | undefined => {
  const numbers = activities
    .filter(
      ({ description }) =>
        attaching.test(description) && instanceIds.some((id) => description.includes(id)),
    )
    .flatMap(({ cause }) => raisedTo.exec(cause)?.[1] ?? [])
    .map(Number);
  return numbers.length < instanceIds.length ? undefined : Math.max(...numbers);
};

/** With what somebody had set before the attach, as its activity tells. Undefined: it tells of nothing. */
export const reckonWithAttach = (
  ledger: Ledger,
  reckoned: Reckoned & { readonly attach: UnseenAttach },
  activities: readonly Activity[],
): Reckoning | undefined => {
  const { attach, intents, group } = reckoned;
  const fewer = attach.instanceIds.length;
  const after = desiredAfter(activities, attach);
  if (after === undefined || after - fewer === attach.desiredBefore) return undefined;
  const before = reckonBefore(ledger, { intents, group, fewer }, after - fewer);
  return {
    ...(before.change === undefined ? {} : { change: before.change }),
    ...reckon(before.ledger, ownCallsOf(intents, group), group),
  };
};
