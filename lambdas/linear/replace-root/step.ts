/**
 * Replace root: the replacement's root becomes that of the final image, so that it holds every acknowledged
 * write. The Spot capacity stays ours meanwhile: the instance is rebooted, not relaunched.
 */
import type * as z from "zod";
import { createReplaceRootVolumeTask } from "../../../adapters/aws/ec2/images.ts";
import { takesDataBack } from "../../../core/decide/linear/data-way-back.ts";
import { getIntent } from "../../../adapters/store/intents.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { LinearProgress } from "../../../core/model/evaluation.ts";
import type { Intent } from "../../../core/model/intent.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { ourTags } from "../../evaluation/our-tags.ts";
import { perform } from "../../evaluation/perform.ts";
import {
  assertOriginalRests,
  checkReplacement,
  isLostReplacement,
  revalidateShown,
} from "../guards.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import {
  isRootRefused,
  untilBegunTask,
  untilTask,
  whatFinalRootLacks,
  type Missing,
} from "../final-root.ts";
import { volumesLeftByHost } from "../left-of-host.ts";
import { type LinearSession, replacementId, type LinearResult, withProgress } from "../session.ts";

const intentId = "replace-root";

const outputSchema = pollingOutput(["READY", "WAITING", "RELAUNCH"]);
type Result = LinearResult<z.infer<typeof outputSchema>>;

const finalImageId = (session: LinearSession): string => {
  const { finalImageId: imageId } = session.evaluation.progress;
  if (imageId !== undefined) return imageId;
  throw new SpotOptimizerError("BrokenFacts", "There is no final image to take the root from.", {
    resource: session.evaluation.evaluationId,
  });
};

const startTask = async (session: LinearSession): Promise<string> => {
  const { evaluation } = session;
  if (takesDataBack(evaluation)) await assertOriginalRests(session);
  else await revalidateShown(session, { states: ["stopped"] });
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
        from: { imageId },
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
  if (intent !== undefined) return startTask(session);
  return health.kind === "WAITING"
    ? untilTask(health.sentence)
    : untilBegunTask(await startTask(session));
};

const relaunch = (why: string, left: Pick<LinearProgress, "leftVolumes"> = {}): Result => ({
  output: {
    kind: "RELAUNCH",
    summary: `${why}: the replacement is relaunched from the final image.`,
  },
  change: withProgress({ rootTransfer: "relaunch", ...left }),
});

/** Of a way back: what the host leaves beside the root of the ended Spot Instance. */
const leftVolumes = async (
  session: LinearSession,
  error: Error,
): Promise<Pick<LinearProgress, "leftVolumes">> => {
  if (!takesDataBack(session.evaluation)) return {};
  const { leftVolumes: known = [] } = session.evaluation.progress;
  const isGone = error.name === "StaleReplacement";
  const more = await volumesLeftByHost(session, isGone, known[0]);
  return { leftVolumes: [...new Set([...known, ...more])] };
};

const replaceRoot = async (session: LinearSession): Promise<Result> => {
  const task = await currentTask(session);
  const missing = typeof task === "string" ? await whatFinalRootLacks(session, task) : task;
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

/** EC2 says no; or, of a load with data that goes back, the host is lost: there is nothing else to go back to. */
const isWithoutRoot = ({ evaluation }: LinearSession, error: unknown): error is Error =>
  isRootRefused(error) || (takesDataBack(evaluation) && isLostReplacement(error));

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
      if (!isWithoutRoot(session, error)) throw error;
      return relaunch(
        `EC2 did not replace the root volume (${error.message})`,
        await leftVolumes(session, error),
      );
    }
  },
});
