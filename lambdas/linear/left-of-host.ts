/**
 * Says which volumes what was to take the place of an ended Spot Instance leaves, when it is given up: its first root was told to outlive it
 * before another volume was to become its root.
 */
import { readVolumes, type VolumeReading } from "../../adapters/aws/ec2/volumes.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { changesOf } from "../../core/model/intent.ts";
import { replacementId, type LinearSession } from "./session.ts";

/** Detached by a task that failed; or at one that has ended, and not deleted with it. */
const stays = (
  { attachedTo, deleteOnTermination }: VolumeReading,
  host: { readonly id: string; readonly isGone: boolean },
): boolean =>
  attachedTo === undefined ||
  (host.isGone && attachedTo === host.id && deleteOnTermination === false);

/** Without those of the original. */
export const volumesLeftByHost = async (
  session: LinearSession,
  isGone: boolean,
  rootVolumeId: string | undefined,
): Promise<readonly string[]> => {
  const { context, evaluation } = session;
  const id = replacementId(session);
  const kept = changesOf(await listIntents(context.table, evaluation.evaluationId), "KEEP_ROOT")
    .filter(({ instanceId, volumeId }) => instanceId === id && volumeId !== rootVolumeId)
    .map(({ volumeId }) => volumeId);
  if (kept.length === 0) return [];
  const { ec2 } = await session.customer();
  return (await readVolumes(ec2, kept))
    .filter((volume) => stays(volume, { id, isGone }))
    .map(({ volumeId }) => volumeId);
};
