/** Which pools could take the subject, worked out from the stored facts: the same facts and policy always give the same candidates. */
import { judgeOf } from "../../core/decide/judges.ts";
import { filterCandidates } from "../../core/decide/offers/candidates.ts";
import type { MarketedFacts } from "../../core/model/evaluation.ts";
import type { Candidate } from "../../core/model/offer.ts";
import type { EvaluationSession } from "../evaluation/session.ts";

export const candidatesOf = (
  { evaluation: { mode, policy } }: EvaluationSession,
  facts: MarketedFacts,
): readonly Candidate[] =>
  filterCandidates({ need: judgeOf(mode).needOf(facts, policy), market: facts.market, policy });
