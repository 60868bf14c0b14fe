/** Which pools could take the subject, worked out from the stored facts: the same facts and policy always give the same candidates. */
import { judgeOf } from "../../core/decide/judges.ts";
import { filterCandidates } from "../../core/decide/offers/candidates.ts";
import type { MarketedFacts } from "../../core/model/evaluation.ts";
import type { Candidate } from "../../core/model/offer.ts";
import type { EvaluationSession } from "../evaluation/session.ts";

/** By the policy that applies to the subject: its owner may have set limits at the thing itself. */
export const candidatesOf = (
  { evaluation }: EvaluationSession,
  facts: MarketedFacts,
): readonly Candidate[] => {
  const judge = judgeOf(evaluation.mode);
  const policy = judge.policyFor(facts, evaluation.policy);
  return filterCandidates({ need: judge.needOf(facts, policy), market: facts.market, policy });
};
