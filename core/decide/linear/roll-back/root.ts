/**
 * Bringing back the original's own root volume, once it was taken from it. A running instance gives up no root: the
 * replacement that has it ends first, and leaves it behind. Nothing is done while EC2 may still move it.
 */
import { hasEnded } from "../../../model/instance.ts";
import { changesOf, type ChangeOf } from "../../../model/intent.ts";
import { returnOfVolume } from "./attachments.ts";
import { act, isOurs, wait, type Return, type RollbackWorld } from "./return.ts";
import type { FoundInstance } from "./world.ts";

type VolumeMove = ChangeOf<"MOVE_VOLUME">;

/** Of the original, as an instance shows it. */
const partsHeldBy = (
  world: RollbackWorld,
  { volumes, networkInterfaces }: FoundInstance,
): readonly string[] => {
  const parts = new Set([
    ...changesOf(world.intents, "MOVE_VOLUME")
      .filter(({ isRoot }) => isRoot !== true)
      .map(({ volumeId }) => volumeId),
    ...changesOf(world.intents, "MOVE_INTERFACE").map(
      ({ networkInterfaceId }) => networkInterfaceId,
    ),
  ]);
  return [
    ...volumes.map(({ volumeId }) => volumeId),
    ...networkInterfaces.map(({ networkInterfaceId }) => networkInterfaceId),
  ].filter((id) => parts.has(id));
};

/** It ends once nothing else of the original is there, and the volume is sure to be left. */
const releaseFrom = (
  world: RollbackWorld,
  { instanceId, ...holder }: FoundInstance,
  { volumeId, deviceName }: VolumeMove,
): Return => {
  const found = world.volumes.find((volume) => volume.volumeId === volumeId);
  if (found?.deleteOnTermination !== false) {
    const id = `KEEP_MOVED_ROOT ${volumeId} ${instanceId}`;
    return act({ kind: "KEEP_MOVED_ROOT", id, volumeId, instanceId, deviceName });
  }
  const held = partsHeldBy(world, { instanceId, ...holder });
  if (held.length > 0) {
    const sentence = `The replacement ${instanceId} still shows ${held.join(", ")} of the original.`;
    return wait(sentence, ["replacements", "volumes", "interfaces"]);
  }
  const id = `TERMINATE_REPLACEMENT ${instanceId}`;
  return act({ kind: "TERMINATE_REPLACEMENT", id, instanceId });
};

/** The replacement that the task is for, while it runs: EC2 no longer moves anything of one that has ended. */
const isUnderWay = ({ rootTask, replacements }: RollbackWorld, { toInstanceId }: VolumeMove) =>
  rootTask === "OPEN" &&
  replacements.some(({ instanceId, state }) => instanceId === toInstanceId && !hasEnded(state));

/** Without it the original does not start. */
export const returnOfRoot = (world: RollbackWorld, change: VolumeMove): Return => {
  const { volumeId, toInstanceId } = change;
  const found = world.volumes.find((volume) => volume.volumeId === volumeId);
  if (isUnderWay(world, change)) {
    const sentence = `EC2 may still make ${volumeId} the root of ${toInstanceId}.`;
    return wait(sentence, ["rootTask", "volumes", "replacements"]);
  }
  const holder = world.replacements.find(({ instanceId }) => instanceId === found?.attachedTo);
  const isHeld =
    found?.attachedTo !== undefined &&
    holder !== undefined &&
    !hasEnded(holder.state) &&
    isOurs(world, found.attachedTo, toInstanceId) &&
    found.attachmentState === "attached";
  return isHeld ? releaseFrom(world, holder, change) : returnOfVolume(world, change);
};
