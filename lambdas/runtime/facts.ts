/** Facts and model of an evaluation, read for a judging step. */
import { loadFacts, loadOffers } from "../../adapters/store/evaluations.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { EvaluationFacts } from "../../core/model/evaluation.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import type { MarketFacts } from "../../core/model/market.ts";
import type { Offer } from "../../core/model/offer.ts";
import type { EvaluationSession } from "./evaluation-step.ts";

/** Throws BrokenFacts when the step that gathers them has not run. */
export const readFacts = async (session: EvaluationSession): Promise<EvaluationFacts> => {
  const { evaluationId } = session.evaluation;
  const facts = await loadFacts(session.context.table, evaluationId);
  if (facts !== undefined) return facts;
  throw new SpotOptimizerError("BrokenFacts", `Evaluation ${evaluationId} has no facts yet.`, {
    resource: evaluationId,
  });
};

/** The original as it was when the verdict was given. */
export const readOriginal = async (session: EvaluationSession): Promise<InstanceFacts> => {
  const { instance } = await readFacts(session);
  if (instance !== undefined) return instance;
  throw new SpotOptimizerError(
    "BrokenFacts",
    `Evaluation ${session.evaluation.evaluationId} has no facts of its instance.`,
    { resource: session.evaluation.instanceId },
  );
};

export const readMarketFacts = async (
  session: EvaluationSession,
): Promise<{ readonly instance: InstanceFacts; readonly market: MarketFacts }> => {
  const { instance, market } = await readFacts(session);
  if (instance !== undefined && market !== undefined) return { instance, market };
  throw new SpotOptimizerError(
    "BrokenFacts",
    `Evaluation ${session.evaluation.evaluationId} has no market facts yet.`,
    { resource: session.evaluation.evaluationId },
  );
};

/** The candidates as the previous step left them. Throws BrokenFacts when it has not run. */
export const readOffers = async (session: EvaluationSession): Promise<readonly Offer[]> => {
  const stored = await loadOffers(session.context.table, session.evaluation.evaluationId);
  if (stored !== undefined) return stored;
  throw new SpotOptimizerError(
    "BrokenFacts",
    `Evaluation ${session.evaluation.evaluationId} has no candidates yet.`,
    { resource: session.evaluation.evaluationId },
  );
};
