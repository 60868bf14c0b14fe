/** A replacement is terminated only while somebody else serves, and the original never. */
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
    return isServed ? undefined : `${ids.join()} was terminated while nobody else served`;
  },
};
