/** Takes the root volume from the stopped original, and has EC2 begin to make it the replacement's root. */
import { createReplaceRootVolumeTask } from "../../../adapters/aws/ec2/images.ts";
import {
  detachVolume,
  readVolumes,
  type VolumeReading,
} from "../../../adapters/aws/ec2/volumes.ts";
import { takesDataBack } from "../../../core/decide/linear/data-way-back.ts";
import { judgeRootImage } from "../../../core/decide/linear/root-image.ts";
import { judgeRootMove } from "../../../core/decide/linear/root-move.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { Attachments } from "../../../core/model/deletion-flags.ts";
import type { InstanceFacts, VolumeFacts } from "../../../core/model/instance.ts";
import { ourTags } from "../../evaluation/our-tags.ts";
import { perform } from "../../evaluation/perform.ts";
import { assertOriginalRests, checkReplacement, revalidateShown } from "../guards.ts";
import { readOriginal } from "../facts.ts";
import { keepAttachments } from "../keep-attachments.ts";
import { readReplacementRoot, whatMovedRootLacks } from "../moved-root.ts";
import { replacementId, replacementOf, type LinearSession } from "../session.ts";
import { bringDataVolumes } from "./data-first.ts";

/** Of the tasks so far that did not succeed none is asked for again: another one has a name of its own. */
const attemptOf = ({ evaluation }: LinearSession<never>): string => {
  const failed = evaluation.progress.failedRootTasks?.length ?? 0;
  return failed === 0 ? "" : `-${String(failed + 1)}`;
};

export const taskIntentId = (session: LinearSession<never>): string =>
  `move-root-task${attemptOf(session)}`;

/** The way of today is taken instead, before anything of the root was touched or after EC2's refusal. */
export class RootStays extends Error {}

/** As EC2 shows it now. Throws RetryableNotVisible when it does not show it. */
export const readVolume = async (
  session: LinearSession,
  volumeId: string,
): Promise<VolumeReading> => {
  const { ec2 } = await session.customer();
  const [volume] = await readVolumes(ec2, [volumeId]);
  if (volume !== undefined) return volume;
  throw new SpotOptimizerError("RetryableNotVisible", `EC2 does not show ${volumeId}.`, {
    resource: volumeId,
  });
};

/** Throws RetryableNotVisible when EC2 does not show it. */
const requireReplacementRoot = async (
  session: LinearSession,
): Promise<Attachments["volumes"][number]> => {
  const root = await readReplacementRoot(session);
  if (root !== undefined) return root;
  throw new SpotOptimizerError("RetryableNotVisible", "EC2 does not show the root volume.", {
    resource: replacementId(session),
  });
};

/** Throws RootStays where EC2 would refuse it; nothing was touched then. */
const assertMoves = async (session: LinearSession, original: InstanceFacts): Promise<void> => {
  const { volumeId } = await requireReplacementRoot(session);
  const { encrypted } = await readVolume(session, volumeId);
  const judged = judgeRootMove({
    original,
    replacementZoneId: replacementOf(session).pool.zoneId,
    // Not told is not "no".
    isReplacementEncrypted: encrypted !== false,
  });
  if (judged.kind === "CANNOT_MOVE") throw new RootStays(judged.sentence);
};

/** Before a Spot Instance is ended. Throws BrokenRequest where EC2 would refuse the volume, and an image of it would not do either. */
export const assertRootCanMove = async (session: LinearSession): Promise<void> => {
  const original = await readOriginal(session);
  try {
    await assertMoves(session, original);
  } catch (error) {
    if (!(error instanceof RootStays)) throw error;
    const image = judgeRootImage(original);
    if (image.kind === "CARRIES") return;
    throw new SpotOptimizerError("BrokenRequest", `${error.message} ${image.sentence}`, {
      resource: original.instanceId,
      nextStep: "The Spot Instance was not touched: there is no other way for its root volume.",
    });
  }
};

/** From the original, which was compared with the verdict's facts right before. A sentence: what must be waited for. */
export const takeRoot = async (
  session: LinearSession,
  original: InstanceFacts,
  { volumeId, deviceName, deleteOnTermination }: VolumeFacts,
): Promise<string> => {
  const health = await checkReplacement(session);
  if (health.kind === "WAITING") return health.sentence;
  await assertMoves(session, original);
  await revalidateShown(session, { states: ["stopped"] });
  const doubt = await keepAttachments(session);
  if (doubt !== undefined) return doubt;
  const fromInstanceId = original.instanceId;
  const { ec2 } = await session.customer();
  await perform(session, {
    intent: {
      id: `move-volume-${volumeId}`,
      change: {
        kind: "MOVE_VOLUME",
        volumeId,
        fromInstanceId,
        toInstanceId: replacementId(session),
        deviceName,
        deleteOnTermination,
        isRoot: true,
      },
    },
    action: "DetachVolume",
    resource: volumeId,
    call: () => detachVolume(ec2, { volumeId, instanceId: fromInstanceId }),
  });
  return `DetachVolume of ${volumeId} is under way.`;
};

/** With the same token each time: a repetition finds the task that an earlier call began. */
export const beginTask = async (session: LinearSession, volumeId: string): Promise<string> => {
  const { evaluation } = session;
  const instanceId = replacementId(session);
  await assertOriginalRests(session);
  const { ec2 } = await session.customer();
  const begun = await perform(session, {
    intent: { id: taskIntentId(session), change: { kind: "REPLACE_ROOT", instanceId, volumeId } },
    action: "CreateReplaceRootVolumeTask",
    resource: instanceId,
    call: () =>
      createReplaceRootVolumeTask(ec2, {
        instanceId,
        from: { volumeId },
        clientToken: `${evaluation.evaluationId}-moved-root${attemptOf(session)}`,
        tags: ourTags(evaluation),
      }),
    acted: (result, change) =>
      change.kind === "REPLACE_ROOT" ? { ...change, taskId: result.taskId } : change,
  });
  return begun.taskId;
};

/**
 * A free volume becomes the replacement's root. It gets the deletion flag of the root that is there: that is cleared before, and
 * read back, for an interruption a second later would delete the only copy of the data. A sentence: what must be waited for.
 */
export const giveRoot = async (
  session: LinearSession,
  volumeId: string,
): Promise<{ readonly taskId: string } | string> => {
  const health = await checkReplacement(session);
  if (health.kind === "WAITING") return health.sentence;
  const missing = takesDataBack(session.evaluation) ? await bringDataVolumes(session) : undefined;
  if (missing !== undefined) return missing;
  const doubt = await keepAttachments(session);
  return doubt ?? { taskId: await beginTask(session, volumeId) };
};

/** Undefined once EC2 shows it as the replacement's root, which no interruption deletes; else what is waited for. */
export const settleMovedRoot = async (
  session: LinearSession,
  volumeId: string,
): Promise<string | undefined> =>
  (await keepAttachments(session)) ?? (await whatMovedRootLacks(session, volumeId));
