/**
 * Move root volume: the original's own root becomes the replacement's, so that there is no image to wait for while the load is
 * down and no block is read from a snapshot afterwards. Where EC2 refuses it, the root goes back and an image carries it. That of a Spot
 * Instance that was ended stays by itself, and an image of it does so.
 */
import type * as z from "zod";
import { getIntent } from "../../../adapters/store/intents.ts";
import { takesDataBack } from "../../../core/decide/linear/data-way-back.ts";
import { paces } from "../../../core/decide/linear/paces.ts";
import { rootVolumeOf } from "../../../core/decide/linear/root-move.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { InstanceFacts, VolumeFacts } from "../../../core/model/instance.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { readOriginal } from "../facts.ts";
import {
  isRootRefused,
  RootNotReplaced,
  untilBegunTask,
  untilTask,
  whatFinalRootLacks,
  type Missing,
} from "../final-root.ts";
import { isLostReplacement } from "../guards.ts";
import { placeOf } from "../identity/attachable.ts";
import { type LinearSession, replacementId, type LinearResult, withProgress } from "../session.ts";
import {
  beginTask,
  giveRoot,
  readVolume,
  RootStays,
  settleMovedRoot,
  takeRoot,
  taskIntentId,
} from "./begin.ts";
import { bringRootBack } from "./bring-back.ts";
import { assertImageCarries, leaveToImage } from "./leave-to-image.ts";

const outputSchema = pollingOutput(["READY", "WAITING", "IMAGE"]);
type Result = LinearResult<z.infer<typeof outputSchema>>;

interface Root {
  readonly original: InstanceFacts;
  readonly root: VolumeFacts;
}

const readRoot = async (session: LinearSession): Promise<Root> => {
  const original = await readOriginal(session);
  const root = rootVolumeOf(original);
  if (root !== undefined) return { original, root };
  throw new SpotOptimizerError("BrokenFacts", `${original.instanceId} has no root volume.`, {
    resource: original.instanceId,
  });
};

const moving = (sentence: string): Missing => ({
  phase: "root-volume",
  pace: paces.move,
  sentence,
});

/** What comes next for the volume while no task was planned; the task's id once there is one. */
const beforeTask = async (
  session: LinearSession,
  { original, root }: Root,
): Promise<{ readonly taskId: string } | string> => {
  const { volumeId } = root;
  const volume = await readVolume(session, volumeId);
  const toInstanceId = replacementId(session);
  const place = placeOf(volumeId, volume, { fromInstanceId: original.instanceId, toInstanceId });
  switch (place) {
    case "AT_ORIGINAL":
      // Nothing is taken from a Spot Instance that ends: it lets it go.
      return takesDataBack(session.evaluation)
        ? `${volumeId} is still shown at ${original.instanceId}.`
        : takeRoot(session, original, root);
    case "DETACHED":
      return volume.state === "available"
        ? giveRoot(session, volumeId)
        : `${volumeId} is ${volume.state}.`;
    case "LEAVING":
      return `${volumeId} is ${volume.attachmentState ?? "moving"}.`;
    case "ARRIVING":
    case "AT_REPLACEMENT":
      throw new SpotOptimizerError(
        "StaleOriginal",
        `Somebody else attached ${volumeId} to ${toInstanceId}.`,
        { resource: volumeId, nextStep: "Evaluate again when the instance is settled." },
      );
  }
};

/** Begun by an earlier invocation, whose answer may have been lost; else what must be waited for. */
const currentTask = async (session: LinearSession, root: Root): Promise<string | Missing> => {
  const { context, evaluation } = session;
  const intent = await getIntent(context.table, evaluation.evaluationId, taskIntentId(session));
  if (intent?.change.kind === "REPLACE_ROOT") {
    return intent.change.taskId ?? beginTask(session, root.root.volumeId);
  }
  const begun = await beforeTask(session, root);
  return typeof begun === "string" ? moving(begun) : untilBegunTask(begun.taskId);
};

const whatIsMissing = async (session: LinearSession, root: Root): Promise<Missing | undefined> => {
  const task = await currentTask(session, root);
  if (typeof task !== "string") return task;
  const missing = await whatFinalRootLacks(session, task);
  if (missing !== undefined) return missing;
  const sentence = await settleMovedRoot(session, root.root.volumeId);
  return sentence === undefined ? undefined : moving(sentence);
};

const waiting = (
  session: LinearSession,
  missing: Missing,
  { volumeId }: Pick<VolumeFacts, "volumeId">,
): ReturnType<typeof waitFor> => {
  const { moveDeadlineMinutes, healthyDeadlineMinutes } = session.evaluation.policy;
  const minutes = missing.pace === paces.move ? moveDeadlineMinutes : healthyDeadlineMinutes;
  return waitFor(session, { ...missing, minutes, resource: volumeId });
};

/** Chosen once; the record says so from then on. */
const note = withProgress({ rootTransfer: "replace-root-volume" });

const byImage = async (
  session: LinearSession,
  { original, root }: Root,
  why: string,
): Promise<Result> => {
  const sentence = await bringRootBack(session, original, root);
  if (sentence === undefined) {
    const summary = `${why}: an image carries the root of ${original.instanceId}.`;
    return { output: { kind: "IMAGE", summary }, change: note };
  }
  const wait = waiting(session, { phase: "return-root", pace: paces.move, sentence }, root);
  return { ...wait, change: (record) => note(wait.change(record)) };
};

const move = async (session: LinearSession, root: Root): Promise<Result> => {
  const { volumeId } = root.root;
  const missing = await whatIsMissing(session, root);
  if (missing !== undefined) return waiting(session, missing, root.root);
  return {
    output: {
      kind: "READY",
      summary: `${replacementId(session)} runs on ${volumeId}, the original's own root volume.`,
    },
    change: withProgress({ rootTransfer: "move-root-volume", movedRootVolumeId: volumeId }),
  };
};

/** So often EC2 may fail to do it. Where an image can't carry the root either, a person looks, and who resumes gives it as many more. */
const mostTasks = 3;

/** EC2 has failed to do it, and the replacement runs on the root that it had: it is asked again. Undefined: often enough. */
const tryAgain = (
  session: LinearSession,
  { volumeId }: VolumeFacts,
  { message, taskId }: RootNotReplaced,
): Result | undefined => {
  const { progress, resolutions = [] } = session.evaluation;
  const failed = [...(progress.failedRootTasks ?? []), taskId];
  if (failed.length >= mostTasks * (1 + resolutions.length)) return undefined;
  const wait = waiting(session, untilTask(`${message}: it is asked for again.`), { volumeId });
  const note = withProgress({ failedRootTasks: failed });
  return { ...wait, change: (record) => note(wait.change(record)) };
};

/** From here on an image carries the root, and the record says so. */
const byImageOfVolume = async (
  session: LinearSession,
  { original, root }: Root,
  error: Error,
): Promise<Result> => {
  assertImageCarries(original, error);
  const left = await leaveToImage(session, root, error);
  if (typeof left === "string") return waiting(session, moving(left), root);
  const summary = `${error.message} An image of ${root.volumeId} carries the root of ${original.instanceId}.`;
  return {
    output: { kind: "IMAGE", summary },
    change: withProgress({ rootTransfer: "replace-root-volume", leftVolumes: left }),
  };
};

/** There is nothing to give it back to: the volume goes over itself, or an image of it. */
const moveFromEnded = async (session: LinearSession, root: Root): Promise<Result> => {
  try {
    return await move(session, root);
  } catch (error) {
    if (!isRootRefused(error) && !isLostReplacement(error)) throw error;
    const again =
      error instanceof RootNotReplaced ? tryAgain(session, root.root, error) : undefined;
    return again ?? byImageOfVolume(session, root, error);
  }
};

/** Chosen before, and what stands of it is what the steps after this one find. */
const goesByImage = ({ progress }: LinearSession["evaluation"]): boolean =>
  progress.rootTransfer !== undefined && progress.rootTransfer !== "move-root-volume";

const toImageAgain = (volumeId: string): Result => ({
  output: { kind: "IMAGE", summary: `An image of ${volumeId} carries the root.` },
});

/** It cannot be moved, or EC2 says no, now or later. */
const isRefusal = (error: unknown): error is Error =>
  error instanceof RootStays || isRootRefused(error);

export const moveRootStep = defineEvaluationStep({
  name: "move-root",
  clients: ["ec2"],
  mode: "LINEAR",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session) => {
    const root = await readRoot(session);
    if (takesDataBack(session.evaluation)) {
      return goesByImage(session.evaluation)
        ? toImageAgain(root.root.volumeId)
        : moveFromEnded(session, root);
    }
    const { rootTransfer } = session.evaluation.progress;
    if (rootTransfer === "replace-root-volume") {
      return byImage(session, root, "EC2 did not move the root volume");
    }
    try {
      return await move(session, root);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return await byImage(session, root, error.message);
    }
  },
});
