/** Keeps what holds pods on their node, and since when: told while it is so, and forgotten once it is not. */
import type { Blocker, DrainCode } from "../../../model/kubernetes/drain.ts";

const told = 10;

/** One and the same thing that has lasted: its code changes with its age. */
const sameThing: readonly (readonly DrainCode[])[] = [
  ["BUDGET_STALE", "BUDGET_CONTROLLER_DOWN"],
  ["TERMINATING", "STUCK_TERMINATING"],
];

const isSameCode = (one: string, other: string): boolean =>
  one === other ||
  sameThing.some((codes: readonly string[]) => codes.includes(one) && codes.includes(other));

/** Of a budget it is the budget that holds, whichever pod is told of. */
const isSame = (one: Blocker, other: Blocker): boolean =>
  isSameCode(one.code, other.code) &&
  one.namespace === other.namespace &&
  (one.budget === undefined ? one.pod === other.pod : one.budget === other.budget);

/** With the instant at which it was first seen. */
export const asBefore = (blocker: Blocker, before: readonly Blocker[]): Blocker => {
  const known = before.find((other) => isSame(blocker, other));
  return known === undefined || Date.parse(known.since) > Date.parse(blocker.since)
    ? blocker
    : { ...blocker, since: known.since };
};

/** The oldest first, each thing once. */
export const oldest = (blockers: readonly Blocker[]): readonly Blocker[] =>
  blockers
    .filter((blocker, index) => blockers.findIndex((other) => isSame(blocker, other)) === index)
    .toSorted((one, other) => Date.parse(one.since) - Date.parse(other.since))
    .slice(0, told);
