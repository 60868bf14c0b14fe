/** Stores facts as the steps do: the region's market under its digest, the rest with the evaluation. */
import { saveFacts } from "../../../adapters/store/evaluations.ts";
import { saveMarket } from "../../../adapters/store/markets.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { asOf } from "../../../core/decide/offers/shared-market.ts";
import type { EvaluationFacts } from "../../../core/model/evaluation.ts";
import type { EvaluationId } from "../../../core/model/ids.ts";
import type { MarketFacts, MarketView, RegionMarket } from "../../../core/model/market.ts";

const split = (
  facts: MarketFacts,
): { readonly region: RegionMarket; readonly view: MarketView } => {
  const {
    observedAt,
    losses,
    refusals,
    quarantined,
    subnets,
    reserved,
    placementScores,
    ...region
  } = facts;
  const view = { observedAt, losses, quarantined, subnets, reserved, placementScores };
  return { region, view: refusals === undefined ? view : { ...view, refusals } };
};

export const saveJudgedFacts = async (
  table: Table,
  evaluationId: EvaluationId,
  { market, ...facts }: EvaluationFacts,
): Promise<void> => {
  if (market === undefined) return saveFacts(table, evaluationId, facts);
  const { region, view } = split(market);
  const stored = await saveMarket(table, region, asOf(region));
  return saveFacts(table, evaluationId, { ...facts, market: { ...view, stored } });
};
