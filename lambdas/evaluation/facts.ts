/** Facts and model of an evaluation, read for a judging step. */
import {
  loadFacts,
  loadOffers,
  loadSubjectFacts,
  withMarket,
  type StoredEvaluation,
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
import type { DueSession, EvaluationSession } from "./session.ts";

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

type Reading = Promise<StoredFacts | undefined>;

/** By the reading of the record with which an invocation began: facts are read once in it. None reads them again after it wrote them. */
const readings = new WeakMap<StoredEvaluation, Reading>();
/** An older writing may do for these, and for nobody else. */
const subjectReadings = new WeakMap<StoredEvaluation, Reading>();

const readStored = ({ context, evaluation, stored }: EvaluationSession): Reading => {
  const reading = readings.get(stored) ?? loadFacts(context.table, evaluation.evaluationId);
  readings.set(stored, reading);
  return reading;
};

const readStoredOfSubject = ({ context, evaluation, stored }: DueSession): Reading => {
  const reading =
    readings.get(stored) ??
    subjectReadings.get(stored) ??
    loadSubjectFacts(context.table, evaluation.evaluationId);
  subjectReadings.set(stored, reading);
  return reading;
};

/** Without the region's market. Throws BrokenFacts when the step that gathers them has not run. */
export const readFacts = async <Mode extends PipelineMode>(
  session: EvaluationSession<Mode>,
): Promise<StoredFacts<Mode>> => {
  const facts = await readStored(session);
  if (facts === undefined) throw absent(session, "facts");
  // What is stored of an evaluation is of its mode.
  return facts as StoredFacts<Mode>;
};

/** What was found out about the subject; of the market perhaps nothing yet. Throws BrokenFacts when nothing was gathered. */
export const readSubjectFacts = async <Mode extends PipelineMode>(
  session: DueSession<Mode>,
): Promise<FactsOn<Mode>> => {
  const facts = await readStoredOfSubject(session);
  if (facts === undefined) throw absent(session, "facts");
  return facts as StoredFacts<Mode>;
};

/** Throws BrokenFacts when the market was not looked at yet. */
export const readMarketFacts = async (session: EvaluationSession): Promise<MarketedFacts> => {
  const facts = await readStored(session);
  if (facts?.market === undefined) throw absent(session, "market facts");
  return withMarket(session.context.table, { ...facts, market: facts.market });
};

/** The candidates as the previous step left them. Throws BrokenFacts when it has not run. */
export const readOffers = async (session: EvaluationSession): Promise<readonly Offer[]> => {
  const stored = await loadOffers(session.context.table, session.evaluation.evaluationId);
  if (stored === undefined) throw absent(session, "candidates");
  return stored;
};
