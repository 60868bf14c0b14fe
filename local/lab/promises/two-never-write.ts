/** The original of a stateful load is never started while a replacement runs: both would write. */
import { instanceIdsIn, type Promised } from "./promise.ts";

export const twoNeverWrite: Promised = {
  ofCall: ({ operation, input }, { subject, instances }) => {
    if (subject.isStateless || operation !== "StartInstances") return undefined;
    if (!instanceIdsIn(input).includes(subject.originalId)) return undefined;
    const others = instances.filter(
      ({ instanceId, state, tags }) =>
        instanceId !== subject.originalId &&
        tags["ManagedBy"] !== undefined &&
        state !== "terminated",
    );
    return others.length === 0
      ? undefined
      : `the original was started while ${others.map(({ instanceId, state }) => `${instanceId} was ${state}`).join()}`;
  },
};
