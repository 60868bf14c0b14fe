/**
 * While the original of a stateful load runs, its replacement reaches nobody and nobody reaches it: booted from an image of the original it
 * would do the same work a second time. Asked of every instant. A Spot Instance that goes back, or that EC2 takes, may work until it has ended.
 */
import type { Promised } from "./promise.ts";

export const replacementIsIsolated: Promised = {
  atMoment: ({ original, reaching }, { subject, excused }) => {
    const isExcused = excused.size > 0 && subject.recovers !== true;
    if (subject.isStateless || isExcused) return [];
    if (original !== "running" && original !== "pending" && original !== "shutting-down") return [];
    return reaching.map(
      (instanceId) => `${instanceId} can reach others while the original is ${original}`,
    );
  },
};
