/**
 * The original is never terminated. A replacement is, while somebody else serves, or as the one of a stateful load whose
 * original must not start beside it.
 */
import { instanceIdsIn, type Promised } from "./promise.ts";

export const terminationsAreSafe: Promised = {
  ofCall: ({ operation, input }, { subject, instances }) => {
    if (operation !== "TerminateInstances") return undefined;
    const ids = instanceIdsIn(input);
    if (ids.includes(subject.originalId)) return "the original was terminated by us";
    // Another one that runs has the identity, or the original is back.
    const isServed = instances.some(
      ({ instanceId, state, allocationIds }) =>
        state === "running" && !ids.includes(instanceId) && allocationIds.length > 0,
    );
    const original = instances.find(({ instanceId }) => instanceId === subject.originalId);
    const rests = original?.state === "stopping" || original?.state === "stopped";
    if (!subject.isStateless && rests) return undefined;
    return isServed ? undefined : `${ids.join()} was terminated while nobody else served`;
  },
};
