/**
 * Each Elastic IP of the original is at some instance at every instant. Two exceptions: what a stateful load's replacement held
 * when it had to end returns once the original runs; and a Spot Instance with data is ended before it is given to its successor.
 */
import { hasGone, isAlive, type Promised } from "./promise.ts";

export const addressesAreHeld: Promised = {
  atMoment: ({ holders, original, replacements }, { subject, excused }) => {
    const isReturning = !subject.isStateless && !replacements.some(({ state }) => isAlive(state));
    const isFrozen = !subject.isStateless && subject.goesBack !== undefined && hasGone(original);
    if (excused.size > 0 || isReturning || isFrozen) return [];
    return Object.entries(holders)
      .filter(([, holder]) => holder === "nobody")
      .map(([id]) => `nobody holds ${id}`);
  },
};
