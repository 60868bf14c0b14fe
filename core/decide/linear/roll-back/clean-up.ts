/** The calls by which a roll-back takes away what the evaluation had made. When they may be made is the plan's to say. */
import { changesOf } from "../../../model/intent.ts";
import type { FoundImage, FoundInstance, RollbackInput, RollbackPlan } from "./world.ts";

export const terminationOf = ({ instanceId }: FoundInstance): RollbackPlan => ({
  kind: "ACT",
  action: {
    kind: "TERMINATE_REPLACEMENT",
    id: `TERMINATE_REPLACEMENT ${instanceId}`,
    instanceId,
  },
});

/** A root volume that was to outlive the replacement would stay behind. */
export const planRootRelease = (
  { intents }: Pick<RollbackInput, "intents">,
  { instanceId, volumes }: FoundInstance,
): RollbackPlan | undefined => {
  const kept = changesOf(intents, "KEEP_ROOT").find(
    (change) =>
      change.instanceId === instanceId &&
      volumes.some(
        (volume) => volume.deviceName === change.deviceName && volume.deleteOnTermination === false,
      ),
  );
  if (kept === undefined) return undefined;
  const { deviceName } = kept;
  const id = `RELEASE_ROOT ${instanceId} ${deviceName}`;
  return { kind: "ACT", action: { kind: "RELEASE_ROOT", id, instanceId, deviceName } };
};

export const isImageLeft = ({ state }: FoundImage): boolean => state !== "deregistered";

export const planImageDeletion = ({ imageId, snapshotIds }: FoundImage): RollbackPlan => ({
  kind: "ACT",
  action: {
    kind: "DELETE_IMAGE",
    id: `DELETE_IMAGE ${[imageId, ...snapshotIds].join(" ")}`,
    imageId,
    snapshotIds,
  },
});
