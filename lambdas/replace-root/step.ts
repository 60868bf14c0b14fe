/**
 * Replace root: the replacement's root becomes that of the final image, so that it holds every acknowledged
 * write. The Spot capacity stays ours meanwhile: the instance is rebooted, not relaunched.
 */
import { z } from "zod";
import {
  createReplaceRootVolumeTask,
  readReplaceRootVolumeTask,
} from "../../adapters/aws/ec2/images.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  withProgress,
  type EvaluationSession,
  type StepResult,
} from "../runtime/evaluation-step.ts";
import { ourTags } from "../runtime/our-tags.ts";
import { actedIntent, perform } from "../runtime/perform.ts";
import {
  assertReplacementHealthy,
  checkReplacement,
  replacementId,
  revalidateOriginal,
} from "../runtime/replacement.ts";
import { waitFor } from "../runtime/wait-for.ts";

const intentId = "replace-root";

const outputSchema = z.object({
  kind: z.enum(["READY", "WAITING", "RELAUNCH"]),
  summary: z.string(),
});
type Output = z.infer<typeof outputSchema>;

const finalImageId = (session: EvaluationSession): string => {
  const { finalImageId: imageId } = session.evaluation.progress;
  if (imageId !== undefined) return imageId;
  throw new SpotOptimizerError("BrokenFacts", "There is no final image to take the root from.", {
    resource: session.evaluation.evaluationId,
  });
};

const startTask = async (session: EvaluationSession): Promise<string> => {
  const { evaluation } = session;
  await revalidateOriginal(session, ["stopped"]);
  await assertReplacementHealthy(session);
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

const currentTask = async (session: EvaluationSession): Promise<string> => {
  const change = (await actedIntent(session, intentId))?.change;
  if (change?.kind === "REPLACE_ROOT" && change.taskId !== undefined) return change.taskId;
  return startTask(session);
};

/** EC2 says no, now or later: the final image is there, so the replacement can be launched from it instead. */
class RootNotReplaced extends Error {}

/** A sentence while there is something to wait for. Throws RootNotReplaced when the task failed. */
const whatIsMissing = async (
  session: EvaluationSession,
  taskId: string,
): Promise<string | undefined> => {
  const { ec2 } = await session.customer();
  const task = await readReplaceRootVolumeTask(ec2, { taskId });
  const state = task?.state ?? "not visible yet";
  if (state.startsWith("fail")) throw new RootNotReplaced(`${taskId} is ${state}`);
  if (state !== "succeeded") return `Replacing the root volume: ${taskId} is ${state}.`;
  const health = await checkReplacement(session);
  return health.kind === "HEALTHY" ? undefined : health.sentence;
};

const relaunch = (why: string): StepResult<Output> => ({
  output: {
    kind: "RELAUNCH",
    summary: `${why}: the replacement is relaunched from the final image.`,
  },
  change: withProgress({ rootTransfer: "relaunch" }),
});

const replaceRoot = async (session: EvaluationSession): Promise<StepResult<Output>> => {
  const taskId = await currentTask(session);
  const missing = await whatIsMissing(session, taskId);
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
    phase: "replace-root",
    minutes: session.evaluation.policy.healthyDeadlineMinutes,
    sentence: missing,
    resource: taskId,
  });
};

const isRefusal = (error: unknown): error is Error =>
  error instanceof RootNotReplaced ||
  (error instanceof SpotOptimizerError && error.name === "BrokenRequest");

export const replaceRootStep = defineEvaluationStep({
  name: "replace-root",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session) => {
    const { policy, progress } = session.evaluation;
    if ((progress.rootTransfer ?? policy.rootTransfer) === "relaunch") {
      return relaunch("So it was decided");
    }
    try {
      return await replaceRoot(session);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return relaunch(`EC2 did not replace the root volume (${error.message})`);
    }
  },
});
