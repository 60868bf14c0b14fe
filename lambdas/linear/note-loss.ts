/** Notes beside the target, once it is recovered, that EC2 took its Spot Instance: until when it is not put on Spot by itself goes by that. */
import { loadSubjectFacts } from "../../adapters/store/evaluations.ts";
import { updateSpotBackoff } from "../../adapters/store/spot-backoffs.ts";
import { rememberLoss } from "../../core/decide/switch/spot-backoff.ts";
import { isRecovery } from "../../core/model/evaluation-kind.ts";
import type { LinearFacts } from "../../core/model/evaluation.ts";
import type { LinearSession } from "./session.ts";

/** Nothing of another evaluation. What its owner has ended is not a loss. */
export const noteLoss = async ({
  context,
  evaluation,
  now,
}: LinearSession<never>): Promise<void> => {
  if (!isRecovery(evaluation)) return;
  const { evaluationId, targetId, lastSwitchAt: since, progress } = evaluation;
  // What is stored of an evaluation is of its mode.
  const { lost } = ((await loadSubjectFacts(context.table, evaluationId)) ?? {}) as LinearFacts;
  if (lost?.by !== "EC2") return;
  await updateSpotBackoff(context.table, { place: evaluation, targetId }, (before) =>
    rememberLoss(before, {
      targetId,
      evaluationId,
      lost,
      ...(since !== undefined && { since }),
      recoveredAt: progress.servingAt ?? now.toISOString(),
    }),
  );
};
