/**
 * A replacement of a stateful load to which clients have come is ended only when an intent names its root volume, which outlives
 * it: the writes that the original lacks are there. The original's own root, where it has moved, is not lost with it.
 */
import { changesOf } from "../../../core/model/intent.ts";
import type { InstanceSummary } from "../../cloud/ec2/control-reads.ts";
import { instanceIdsIn, isAlive, rootOf, type BeforeCall, type Promised } from "./promise.ts";

/** Of those that the call ends; what ends already can no longer be helped. */
const withWrites = (
  input: unknown,
  { subject, instances, hasServed }: BeforeCall,
): readonly InstanceSummary[] => {
  const ids = instanceIdsIn(input);
  return instances.filter(
    ({ instanceId, state }) =>
      ids.includes(instanceId) &&
      instanceId !== subject.originalId &&
      isAlive(state) &&
      hasServed(instanceId),
  );
};

export const writesAreNamed: Promised = {
  ofCall: async ({ operation, input }, world) => {
    if (operation !== "TerminateInstances" || world.subject.isStateless) return undefined;
    for (const found of withWrites(input, world)) {
      const { instanceId } = found;
      const root = rootOf(found);
      if (root === undefined || root === world.rootVolumeId) continue;
      if (found.deletedWithIt.includes(root)) {
        return `${root}, with what clients wrote, was deleted with ${instanceId}`;
      }
      const kept = changesOf(await world.intents(), "KEEP_WRITES");
      if (!kept.some((change) => change.instanceId === instanceId && change.volumeId === root)) {
        return `${instanceId} was terminated, and no intent names ${root}, with what clients wrote`;
      }
    }
    return undefined;
  },
};
