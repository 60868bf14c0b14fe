/** A replacement is terminated only while somebody else serves, and the original never. */
import type { Promised } from "./promise.ts";

const idsIn = (input: unknown): readonly string[] => {
  const { InstanceIds: ids } = input as { readonly InstanceIds?: string | readonly string[] };
  return typeof ids === "string" ? [ids] : (ids ?? []);
};

export const terminationsAreSafe: Promised = {
  ofCall: ({ operation, input }, { subject, instances }) => {
    if (operation !== "TerminateInstances") return undefined;
    const ids = idsIn(input);
    if (ids.includes(subject.originalId)) return "the original was terminated by us";
    // Another one that runs has the identity, or the original is back.
    const isServed = instances.some(
      ({ instanceId, state, allocationIds }) =>
        state === "running" && !ids.includes(instanceId) && allocationIds.length > 0,
    );
    return isServed ? undefined : `${ids.join()} was terminated while nobody else served`;
  },
};
