/** Facts and model of an evaluation, read for a judging step. */
import {
  loadFacts,
  loadJudgedFacts,
  loadOffers,
  loadOriginal,
} from "../../adapters/store/evaluations.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { StoredFacts } from "../../core/model/evaluation.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import type { MarketFacts, PlacementFacts } from "../../core/model/market.ts";
import type { Offer } from "../../core/model/offer.ts";
import type { EvaluationSession } from "./session.ts";

const absent = ({ evaluation }: EvaluationSession, what: string): SpotOptimizerError =>
  new SpotOptimizerError(
    "BrokenFacts",
    `Evaluation ${evaluation.evaluationId} has no ${what} yet.`,
    { resource: evaluation.evaluationId },
  );

/** Without the region's market. Throws BrokenFacts when the step that gathers them has not run. */
export const readFacts = async (session: EvaluationSession): Promise<StoredFacts> => {
  const facts = await loadFacts(session.context.table, session.evaluation.evaluationId);
  if (facts === undefined) throw absent(session, "facts");
  return facts;
};

/** Throws BrokenFacts when the facts hold no instance. */
export const originalOf = (
  session: EvaluationSession,
  { instance }: Pick<StoredFacts, "instance">,
): InstanceFacts => {
  if (instance === undefined) throw absent(session, "facts of its instance");
  return instance;
};

/** The original as it was when the verdict was given. */
export const readOriginal = async (session: EvaluationSession): Promise<InstanceFacts> => {
  const { context, evaluation } = session;
  const instance = await loadOriginal(context.table, evaluation.evaluationId);
  return originalOf(session, instance === undefined ? {} : { instance });
};

/** The original with where its replacement could go; the region's market is not read for it. */
export const readPlacement = async (
  session: EvaluationSession,
): Promise<{ readonly instance: InstanceFacts; readonly placement: PlacementFacts }> => {
  const { instance, market } = await readFacts(session);
  if (instance === undefined || market === undefined) throw absent(session, "market facts");
  return { instance, placement: market };
};

export const readMarketFacts = async (
  session: EvaluationSession,
): Promise<{ readonly instance: InstanceFacts; readonly market: MarketFacts }> => {
  const { context, evaluation } = session;
  const facts = await loadJudgedFacts(context.table, evaluation.evaluationId);
  if (facts?.instance === undefined || facts.market === undefined) {
    throw absent(session, "market facts");
  }
  return { instance: facts.instance, market: facts.market };
};

/** The candidates as the previous step left them. Throws BrokenFacts when it has not run. */
export const readOffers = async (session: EvaluationSession): Promise<readonly Offer[]> => {
  const stored = await loadOffers(session.context.table, session.evaluation.evaluationId);
  if (stored === undefined) throw absent(session, "candidates");
  return stored;
};
