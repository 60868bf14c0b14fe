/**
 * The original is never terminated, but as a Spot Instance whose whole identity is at who serves by now. A replacement is, while somebody else serves who has passed the checks, or as the one of a
 * stateful load whose original must not start beside it.
 */
import { instanceIdsIn, type BeforeCall, type Promised } from "./promise.ts";

/** The Spot Instance that goes back: nothing of the identity is there, all of it where somebody proved serves. */
const whyItMayNotEnd = ({
  instances,
  isServing,
  held,
  subject: { originalId, goesBack },
}: Pick<BeforeCall, "instances" | "isServing" | "held" | "subject">): string | undefined => {
  if (goesBack === undefined) return "the original was terminated by us";
  const original = instances.find(({ instanceId }) => instanceId === originalId);
  const left = original === undefined ? [] : held(original);
  if (left.length > 0) return `the original was terminated with ${left.join()}`;
  const serves = instances.some(
    (found) =>
      found.instanceId !== originalId && isServing(found.instanceId) && held(found).length > 0,
  );
  return serves ? undefined : "the original was terminated while nobody was proved to serve";
};

export const terminationsAreSafe: Promised = {
  ofCall: ({ operation, input }, { subject, instances, isProved, isServing, held }) => {
    if (operation !== "TerminateInstances") return undefined;
    const ids = instanceIdsIn(input);
    if (ids.includes(subject.originalId)) {
      return whyItMayNotEnd({ instances, isServing, held, subject });
    }
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
