/**
 * No step gives the original up, in whole or in part, for a replacement that was not fit when the step began: it has looked at
 * the replacement since. What a step could not see, because it happened while it ran, is not its fault.
 */
import { retireAfterTag } from "../../../core/model/tags.ts";
import type { FaultCall } from "../../cloud/faults.ts";
import { instanceIdsIn, isAlive, type BeforeCall, type Promised } from "./promise.ts";

interface Named {
  readonly VolumeId?: string;
  readonly Targets?: readonly { readonly Id?: string }[];
  readonly Resources?: readonly string[];
  readonly Tags?: readonly { readonly Key?: string }[];
}

/** By which calls an original, or a part of it, is given up. */
const givesUp = (
  { operation, input }: FaultCall,
  { subject: { originalId }, instances }: BeforeCall,
): boolean => {
  const {
    VolumeId: volume,
    Targets: targets = [],
    Resources: tagged = [],
    Tags: tags = [],
  } = input as Named;
  switch (operation) {
    case "StopInstances":
      return instanceIdsIn(input).includes(originalId);
    case "DeregisterTargets":
      return targets.some(({ Id: id }) => id === originalId);
    case "DetachVolume":
      return instances.some(
        ({ instanceId, volumes }) =>
          instanceId === originalId && volumes.some(({ volumeId }) => volumeId === volume),
      );
    case "CreateTags":
      return tagged.includes(originalId) && tags.some(({ Key: key }) => key === retireAfterTag);
    default:
      return false;
  }
};

export const givenUpForAFitOne: Promised = {
  ofCall: (call, world) => {
    // A roll-back and the janitor have rules of their own.
    if (world.by?.startsWith("linear-") !== true || world.by === "linear-roll-back") {
      return undefined;
    }
    if (!givesUp(call, world)) return undefined;
    const replacements = world.instances.filter(
      ({ instanceId, state, lifecycle }) =>
        instanceId !== world.subject.originalId && lifecycle === "spot" && isAlive(state),
    );
    return replacements.some(({ instanceId }) => world.wasFit(instanceId))
      ? undefined
      : `${call.operation} by ${world.by} gave the original up, and no replacement was fit when the function began`;
  },
};
