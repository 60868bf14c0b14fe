/** What members of a group are placed by, now: the market of the verdict with what has become known of its pools since, and where the group stands. */
import { filterCandidates } from "../../core/decide/offers/candidates.ts";
import { onDemandHourlyOf } from "../../core/decide/offers/choice.ts";
import { wayBackOffers } from "../../core/decide/offers/way-back.ts";
import type { BatchInput } from "../../core/decide/cluster/batch.ts";
import { fleetOfGroup } from "../../core/decide/offers/group-fleet.ts";
import { needOfClusterFacts } from "../../core/decide/cluster/need.ts";
import type { Placing } from "../../core/decide/cluster/place.ts";
import { kindOf } from "../../core/model/evaluation-kind.ts";
import type { MarketedFacts } from "../../core/model/evaluation.ts";
import type { GroupFacts } from "../../core/model/group.ts";
import { currentJudgementVersion, judgementVersionOf } from "../../core/model/judgement-version.ts";
import type { MarketFacts } from "../../core/model/market.ts";
import type { Offer } from "../../core/model/offer.ts";
import { poolsToTry } from "../../core/model/pools-to-try.ts";
import { estimateRisks, riskQuestions } from "../../core/risk/predict.ts";
import { absent, readFacts, readMarketFacts, readSubjectFacts } from "../evaluation/facts.ts";
import { readHerdMemory } from "../evaluation/herd-memory.ts";
import { loadRiskModel } from "../judge/risk-models.ts";
import { policyOf } from "./group.ts";
import type { ClusterSession } from "./session.ts";

/** Prices are the verdict's, a few hours old at most; of the pools is known what is known now. */
const marketNow = async (session: ClusterSession): Promise<MarketFacts> => {
  const { market } = await readMarketFacts(session);
  return { ...market, ...(await readHerdMemory(session)), observedAt: session.now.toISOString() };
};

/** @param group as it is now; what the swaps of this evaluation have launched besides is added */
const readPlacing = async (session: ClusterSession, group: GroupFacts): Promise<Placing> => {
  const { context, evaluation, swaps, now } = session;
  const { modelVersion, verdict } = evaluation;
  const market = await marketNow(session);
  const { noFallback } = await readSubjectFacts<"CLUSTER">(session);
  const policy = policyOf(session, group);
  const kind = kindOf(evaluation);
  const facts: MarketedFacts<"CLUSTER"> = { observedAt: market.observedAt, kind, group, market };
  const fleet = fleetOfGroup(group, { policy, swaps, now: now.toISOString() });
  const need = { ...needOfClusterFacts(facts, policy), fleet };
  const onDemandHourlyUsd = onDemandHourlyOf(need, market);
  if (onDemandHourlyUsd === undefined) throw absent(session, "On-Demand price");
  const candidates = filterCandidates({ need, market, policy });
  const asked = { candidates, market, policy, fleet, isStandingJudged: true };
  const offers = async (): Promise<readonly Offer[]> => {
    const model = await loadRiskModel(context.table, modelVersion, riskQuestions(asked));
    return estimateRisks({ ...asked, model });
  };
  const judgementVersion =
    verdict === undefined ? currentJudgementVersion : judgementVersionOf(verdict);
  return {
    fleet,
    offers: kind === "FALL_BACK" ? [] : await offers(),
    terms: { policy, onDemandHourlyUsd, judgementVersion },
    wayBack: noFallback === undefined ? wayBackOffers({ need, market, policy }) : [],
  };
};

/** What is reserved, as it was when the group was judged. */
const readCovered = async (session: ClusterSession): Promise<Pick<BatchInput, "covered">> => {
  const { group: judged, market } = await readFacts<"CLUSTER">(session);
  return judged === undefined || market === undefined ? {} : { covered: { judged, market } };
};

/** What the verdict was given by, as it is now: what a batch is planned by. */
export const readPlaced = async (
  session: ClusterSession,
  group: GroupFacts,
): Promise<Omit<BatchInput, "swaps">> => {
  const { evaluation, now } = session;
  const { recommended } = await readSubjectFacts<"CLUSTER">(session);
  return {
    kind: kindOf(evaluation),
    group,
    recommended,
    policy: policyOf(session, group),
    placing: await readPlacing(session, group),
    pools: poolsToTry(evaluation),
    at: now.toISOString(),
    ...(await readCovered(session)),
  };
};
