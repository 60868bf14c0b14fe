/**
 * While the original of a stateful load runs, its replacement reaches nobody and nobody reaches it: booted from an image of the original it
 * would do the same work a second time. Asked of every instant. Not of a way back, where nothing is booted beside what serves.
 */
import type { Promised } from "./promise.ts";

export const replacementIsIsolated: Promised = {
  atMoment: ({ original, reaching }, { subject, excused }) => {
    if (subject.isStateless || subject.goesBack !== undefined || excused.size > 0) return [];
    if (original !== "running" && original !== "pending") return [];
    return reaching.map(
      (instanceId) => `${instanceId} can reach others while the original is ${original}`,
    );
  },
};
