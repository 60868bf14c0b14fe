/**
 * The original is never terminated. A replacement is, while somebody else serves who has passed the checks, or as the one of a
 * stateful load whose original must not start beside it.
 */
import { instanceIdsIn, type Promised } from "./promise.ts";

export const terminationsAreSafe: Promised = {
  ofCall: ({ operation, input }, { subject, instances, isProved, isServing, held }) => {
    if (operation !== "TerminateInstances") return undefined;
    const ids = instanceIdsIn(input);
    if (ids.includes(subject.originalId)) return "the original was terminated by us";
    const others = instances.filter(
      ({ instanceId, state, allocationIds }) =>
        state === "running" && !ids.includes(instanceId) && allocationIds.length > 0,
    );
    // Another one that runs has the identity, or the original is back.
    if (others.some(({ instanceId }) => isProved(instanceId))) return undefined;
    const original = instances.find(({ instanceId }) => instanceId === subject.originalId);
    const rests = original?.state === "stopping" || original?.state === "stopped";
    const serves = instances.some(
      (found) =>
        ids.includes(found.instanceId) && isServing(found.instanceId) && held(found).length > 0,
    );
    if (!subject.isStateless && (rests || !serves)) return undefined;
    return `${ids.join()} was terminated while nobody else was proved to serve`;
  },
};
