/** What a person is asked to agree to, made of a verdict: the same whether it is asked for, or judged again within what was agreed to. */
import type { Incarnation, Plan, PlannedPool } from "../../approval/bounds.ts";
import type { ApprovalKind } from "../../model/approval.ts";
import { poolKey, type MarketFacts, type Pool } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import type { Verdict } from "../../model/verdict.ts";
import type { Need } from "../offers/need.ts";

export interface PlanInput {
  readonly subjectName: string;
  readonly incarnation: Incarnation;
  readonly verdict: Verdict;
  readonly offers: readonly Offer[];
  readonly market: Pick<MarketFacts, "onDemand">;
  readonly need: Pick<Need, "standing" | "standsIn">;
  readonly downtimeSeconds: number;
  readonly changes: readonly string[];
}

const kindOf = ({ verdict, need }: PlanInput): ApprovalKind => {
  if (verdict.kind !== "SWITCH") return "FALL_BACK";
  return need.standsIn !== undefined || need.standing.kind === "SPOT" ? "MOVE" : "SWITCH";
};

const onDemandOf = ({ market, offers }: PlanInput, pool: Pool): number | undefined =>
  offers.find((offer) => poolKey(offer.pool) === poolKey(pool))?.onDemandHourlyUsd ??
  market.onDemand.find(({ instanceType }) => instanceType === pool.instanceType)?.hourlyUsd;

/** What an offer saves is of the On-Demand price: of what leaves a Spot pool that says nothing. */
const savingIn = (
  input: PlanInput,
  offer: Offer | undefined,
): Pick<PlannedPool, "savingsPercent"> =>
  kindOf(input) === "SWITCH" && offer?.savingsPercent !== undefined
    ? { savingsPercent: offer.savingsPercent }
    : {};

const plannedPool = (input: PlanInput, pool: Pool): PlannedPool => {
  const offer = input.offers.find((each) => poolKey(each.pool) === poolKey(pool));
  const hourlyUsd =
    input.verdict.kind === "SWITCH" ? offer?.spotHourlyUsd : onDemandOf(input, pool);
  return {
    key: poolKey(pool),
    ...(hourlyUsd !== undefined && { hourlyUsd }),
    ...savingIn(input, offer),
  };
};

export const planOf = (input: PlanInput): Plan => {
  const { subjectName, incarnation, verdict, downtimeSeconds, changes } = input;
  const { savings } = verdict;
  return {
    kind: kindOf(input),
    subject: subjectName,
    ...incarnation,
    pools: verdict.offers.map((pool) => plannedPool(input, pool)),
    ...(savings !== undefined && { savingsPercent: savings.percent }),
    downtimeSeconds,
    changes,
  };
};
