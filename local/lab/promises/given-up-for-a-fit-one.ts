/**
 * No step gives the original up, in whole or in part, for a replacement that was not fit when the step began: it has looked at
 * the replacement since. What a step could not see, because it happened while it ran, is not its fault.
 */
import { givesUpOriginal, type Promised } from "./promise.ts";

export const givenUpForAFitOne: Promised = {
  ofCall: (call, world) => {
    // A roll-back and the janitor have rules of their own.
    if (world.by?.startsWith("linear-") !== true || world.by === "linear-roll-back") {
      return undefined;
    }
    if (!givesUpOriginal(call, world)) return undefined;
    const replacements = world.instances.filter(
      ({ instanceId, lifecycle }) =>
        instanceId !== world.subject.originalId &&
        (world.subject.recovers === true ||
          (lifecycle === "spot") === (world.subject.goesBack?.to !== "ON_DEMAND")),
    );
    // Of what EC2 takes back in two minutes a load balancer may say that another one serves, before EC2's checks of that have passed.
    const isAnswering = (instanceId: string): boolean =>
      world.subject.recovers === true && world.healthyIn(instanceId).length > 0;
    // One that came to be fit since may have been seen so.
    return replacements.some(
      ({ instanceId }) =>
        world.wasFit(instanceId) || world.isServing(instanceId) || isAnswering(instanceId),
    )
      ? undefined
      : `${call.operation} by ${world.by} gave the original up, and no replacement was fit when the function began`;
  },
};
