/** What is on offer for a need: the pools that could take it, each with its risk. */
import type { MarketFacts } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import type { Policy } from "../../policy/policy.ts";
import type { RiskModel } from "../../risk/model.ts";
import { estimateRisks } from "../../risk/predict.ts";
import { filterCandidates } from "./candidates.ts";
import { stoodInBy, type Need } from "./need.ts";

interface OffersQuestion {
  readonly need: Need;
  readonly market: MarketFacts;
  readonly policy: Policy;
  readonly model: RiskModel;
  /** Of a target that has many: how likely those on Spot are lost where they stand is asked too. */
  readonly isStandingJudged?: boolean;
}

export type OffersOn = (question: OffersQuestion) => readonly Offer[];

export const offersOn: OffersOn = ({ need, market, policy, model, isStandingJudged = false }) =>
  estimateRisks({
    candidates: filterCandidates({ need, market, policy }),
    market,
    policy,
    model,
    ...stoodInBy(need),
    isStandingJudged,
  });
