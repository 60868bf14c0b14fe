/**
 * Each Elastic IP of the original is at some instance at every instant. One exception: what a stateful load's replacement held
 * when it had to end returns once the original runs.
 */
import { isAlive, type Promised } from "./promise.ts";

export const addressesAreHeld: Promised = {
  atMoment: ({ holders, replacements }, { subject, excused }) => {
    const isReturning = !subject.isStateless && !replacements.some(({ state }) => isAlive(state));
    if (excused.size > 0 || isReturning) return [];
    return Object.entries(holders)
      .filter(([, holder]) => holder === "nobody")
      .map(([id]) => `nobody holds ${id}`);
  },
};
