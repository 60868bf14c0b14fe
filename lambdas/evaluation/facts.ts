/** Facts and model of an evaluation, read for a judging step. */
import {
  loadFacts,
  loadJudgedFacts,
  loadOffers,
  loadSubjectFacts,
} from "../../adapters/store/evaluations.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type {
  Evaluation,
  FactsOn,
  MarketedFacts,
  StoredFacts,
} from "../../core/model/evaluation.ts";
import type { Offer } from "../../core/model/offer.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { EvaluationSession } from "./session.ts";

/** What should be stored by now and is not. */
export const absent = (
  { evaluation }: { readonly evaluation: Pick<Evaluation, "evaluationId"> },
  what: string,
): SpotOptimizerError =>
  new SpotOptimizerError(
    "BrokenFacts",
    `Evaluation ${evaluation.evaluationId} has no ${what} yet.`,
    { resource: evaluation.evaluationId },
  );

/** Without the region's market. Throws BrokenFacts when the step that gathers them has not run. */
export const readFacts = async <Mode extends PipelineMode>(
  session: EvaluationSession<Mode>,
): Promise<StoredFacts<Mode>> => {
  const facts = await loadFacts(session.context.table, session.evaluation.evaluationId);
  if (facts === undefined) throw absent(session, "facts");
  // What is stored of an evaluation is of its mode.
  return facts as StoredFacts<Mode>;
};

/** What was found out about the subject; of the market perhaps nothing yet. Throws BrokenFacts when nothing was gathered. */
export const readSubjectFacts = async <Mode extends PipelineMode>(
  session: EvaluationSession<Mode>,
): Promise<FactsOn<Mode>> => {
  const { context, evaluation } = session;
  const facts = await loadSubjectFacts(context.table, evaluation.evaluationId);
  if (facts === undefined) throw absent(session, "facts");
  return facts as StoredFacts<Mode>;
};

/** Throws BrokenFacts when the market was not looked at yet. */
export const readMarketFacts = async (session: EvaluationSession): Promise<MarketedFacts> => {
  const { context, evaluation } = session;
  const facts = await loadJudgedFacts(context.table, evaluation.evaluationId);
  if (facts?.market === undefined) throw absent(session, "market facts");
  return { ...facts, market: facts.market };
};

/** The candidates as the previous step left them. Throws BrokenFacts when it has not run. */
export const readOffers = async (session: EvaluationSession): Promise<readonly Offer[]> => {
  const stored = await loadOffers(session.context.table, session.evaluation.evaluationId);
  if (stored === undefined) throw absent(session, "candidates");
  return stored;
};
