/** The calls by which a roll-back takes away what the evaluation had made. When they may be made is the plan's to say. */
import { changesOf } from "../../../model/intent.ts";
import { imagingOf, launchOf } from "./claims.ts";
import { planLeft, planLook, planSnapshots } from "./left.ts";
import { planForUnseenImage, planForUnseenLaunch } from "./unseen.ts";
import type { FoundInstance, RollbackInput, RollbackPlan } from "./world.ts";

export const planEndOf = ({ intents }: RollbackInput, found: FoundInstance): RollbackPlan => {
  const { instanceId } = found;
  const undoes = launchOf(intents, found)?.id;
  return {
    kind: "ACT",
    action: {
      kind: "TERMINATE_REPLACEMENT",
      id: `TERMINATE_REPLACEMENT ${instanceId}`,
      instanceId,
      ...(undoes === undefined ? {} : { undoes }),
    },
  };
};

/** A root volume that was to outlive the replacement would stay behind. */
export const planRootRelease = (
  { intents }: RollbackInput,
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

const planImages = ({ images, intents }: RollbackInput): RollbackPlan | undefined => {
  const next = images.find(({ state }) => state !== "deregistered");
  if (next === undefined) return undefined;
  const { imageId, snapshotIds } = next;
  const undoes = imagingOf(intents, next)?.id;
  return {
    kind: "ACT",
    action: {
      kind: "DELETE_IMAGE",
      id: `DELETE_IMAGE ${[imageId, ...snapshotIds].join(" ")}`,
      imageId,
      snapshotIds,
      ...(undoes === undefined ? {} : { undoes }),
    },
  };
};

/** Once no replacement is left: what may still appear, images and snapshots, and what carries our tags in the end. */
export const planRemains = (input: RollbackInput): RollbackPlan | undefined =>
  planForUnseenLaunch(input) ??
  planImages(input) ??
  planLook(input) ??
  planSnapshots(input) ??
  planForUnseenImage(input) ??
  planLeft(input);
