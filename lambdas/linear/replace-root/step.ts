/**
 * Replace root: the replacement's root becomes that of the final image, so that it holds every acknowledged
 * write. The Spot capacity stays ours meanwhile: the instance is rebooted, not relaunched.
 */
import type * as z from "zod";
import {
  createReplaceRootVolumeTask,
  readReplaceRootVolumeTask,
} from "../../../adapters/aws/ec2/images.ts";
import { finalChecks, paces } from "../../../core/decide/linear/paces.ts";
import { getIntent } from "../../../adapters/store/intents.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { Intent } from "../../../core/model/intent.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { ourTags } from "../../evaluation/our-tags.ts";
import { perform } from "../../evaluation/perform.ts";
import { checkReplacement, revalidateOriginal } from "../guards.ts";
import { waitFor, type Awaited } from "../../evaluation/waiting.ts";
import { type LinearSession, replacementId, type LinearResult, withProgress } from "../session.ts";

const intentId = "replace-root";

const outputSchema = pollingOutput(["READY", "WAITING", "RELAUNCH"]);
type Output = z.infer<typeof outputSchema>;

const finalImageId = (session: LinearSession): string => {
  const { finalImageId: imageId } = session.evaluation.progress;
  if (imageId !== undefined) return imageId;
  throw new SpotOptimizerError("BrokenFacts", "There is no final image to take the root from.", {
    resource: session.evaluation.evaluationId,
  });
};

const startTask = async (session: LinearSession): Promise<string> => {
  const { evaluation } = session;
  await revalidateOriginal(session, { states: ["stopped"] });
  const instanceId = replacementId(session);
  const imageId = finalImageId(session);
  const { ec2 } = await session.customer();
  const begun = await perform(session, {
    intent: { id: intentId, change: { kind: "REPLACE_ROOT", instanceId, imageId } },
    action: "CreateReplaceRootVolumeTask",
    resource: instanceId,
    call: () =>
      createReplaceRootVolumeTask(ec2, {
        instanceId,
        imageId,
        clientToken: `${evaluation.evaluationId}-root`,
        tags: ourTags(evaluation),
      }),
    acted: (result, change) =>
      change.kind === "REPLACE_ROOT" ? { ...change, taskId: result.taskId } : change,
  });
  return begun.taskId;
};

const intentOf = ({ context, evaluation }: LinearSession): Promise<Intent | undefined> =>
  getIntent(context.table, evaluation.evaluationId, intentId);

/** What is waited for, by the name of its wait in the record. */
interface Missing extends Pick<Awaited, "phase" | "pace" | "within"> {
  readonly sentence: string;
}

const taskWait = "replace-root";
const checksWait = "root-checks";

const unproved = (sentence: string): Missing => ({
  phase: taskWait,
  pace: paces.rootTask,
  sentence,
});

/**
 * Begins with a replacement that is proved healthy; one that an earlier call may have rebooted is asked
 * again with the same token, whatever its checks say.
 */
const currentTask = async (session: LinearSession): Promise<string | Missing> => {
  const intent = await intentOf(session);
  if (intent?.change.kind === "REPLACE_ROOT" && intent.change.taskId !== undefined) {
    return intent.change.taskId;
  }
  const health = await checkReplacement(session);
  return health.kind === "WAITING" && intent === undefined
    ? unproved(health.sentence)
    : startTask(session);
};

/** EC2 says no, now or later: the final image is there, so the replacement can be launched from it instead. */
class RootNotReplaced extends Error {}

/** A sentence while the task is under way. Throws RootNotReplaced when it failed. */
const whatTaskLacks = async (
  session: LinearSession,
  taskId: string,
): Promise<string | undefined> => {
  const { ec2 } = await session.customer();
  const task = await readReplaceRootVolumeTask(ec2, { taskId });
  const state = task?.state ?? "not visible yet";
  if (state === "succeeded") return undefined;
  if (!state.startsWith("fail")) return `Replacing the root volume: ${taskId} is ${state}.`;
  // A lost replacement is not a reason to relaunch: the original is down, and a roll-back surely brings it back.
  await checkReplacement(session);
  throw new RootNotReplaced(`${taskId} is ${state}`);
};

/** First the task, and once it has succeeded the checks alone. */
const whatIsMissing = async (
  session: LinearSession,
  taskId: string,
): Promise<Missing | undefined> => {
  if (session.evaluation.waits[checksWait] === undefined) {
    const sentence = await whatTaskLacks(session, taskId);
    if (sentence !== undefined) return { phase: taskWait, pace: paces.rootTask, sentence };
  }
  const health = await checkReplacement(session);
  if (health.kind === "HEALTHY") return undefined;
  return {
    phase: checksWait,
    within: taskWait,
    pace: finalChecks(session.evaluation),
    sentence: health.sentence,
  };
};

const relaunch = (why: string): LinearResult<Output> => ({
  output: {
    kind: "RELAUNCH",
    summary: `${why}: the replacement is relaunched from the final image.`,
  },
  change: withProgress({ rootTransfer: "relaunch" }),
});

const replaceRoot = async (session: LinearSession): Promise<LinearResult<Output>> => {
  const task = await currentTask(session);
  const missing = typeof task === "string" ? await whatIsMissing(session, task) : task;
  if (missing === undefined) {
    return {
      output: {
        kind: "READY",
        summary: `${replacementId(session)} runs on the original's final root volume.`,
      },
      change: withProgress({ rootTransfer: "replace-root-volume" }),
    };
  }
  return waitFor(session, {
    ...missing,
    minutes: session.evaluation.policy.healthyDeadlineMinutes,
    resource: replacementId(session),
  });
};

/** Of EC2: a record that could not be written is not a reason to launch another. */
const isRefusal = (error: unknown): error is Error =>
  error instanceof RootNotReplaced ||
  (error instanceof SpotOptimizerError && error.name === "BrokenRequest" && !error.isOwn);

export const replaceRootStep = defineEvaluationStep({
  name: "replace-root",
  clients: ["ec2"],
  mode: "LINEAR",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session) => {
    const { policy, progress } = session.evaluation;
    if ((progress.rootTransfer ?? policy.rootTransfer) === "relaunch") {
      return relaunch("root_transfer is relaunch");
    }
    try {
      return await replaceRoot(session);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return relaunch(`EC2 did not replace the root volume (${error.message})`);
    }
  },
});
