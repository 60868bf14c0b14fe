/** What a switch that was carried out is estimated to save: against the pool that was really taken. */
import type { EvaluationFacts } from "../../model/evaluation.ts";
import { poolKey, type Pool } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import type { Savings } from "../../model/verdict.ts";
import type { Policy } from "../../policy/policy.ts";
import { estimateSavings } from "../offers/savings.ts";

/** USD per hour: of its Spot pool where it stands in one, else On-Demand. */
const paidBefore = (
  facts: EvaluationFacts<"LINEAR"> | undefined,
  offers: readonly Offer[],
): number | undefined => {
  const { instance, kind, market } = facts ?? {};
  if (kind === "MOVE") {
    return offers.find(
      ({ pool }) => pool.instanceType === instance?.instanceType && pool.zoneId === instance.zoneId,
    )?.spotHourlyUsd;
  }
  return market?.onDemand.find((price) => price.instanceType === instance?.instanceType)?.hourlyUsd;
};

/** Undefined when a price of either side is not among the facts: then nothing is claimed. */
export const savingsOfSwitch = (input: {
  readonly pool: Pool | undefined;
  readonly facts: EvaluationFacts<"LINEAR"> | undefined;
  readonly offers: readonly Offer[];
  readonly policy: Pick<Policy, "coveredHourlyUsd">;
}): Savings | undefined => {
  const { pool, facts, offers, policy } = input;
  if (pool === undefined) return undefined;
  const taken = offers.find((offer) => poolKey(offer.pool) === poolKey(pool));
  const before = paidBefore(facts, offers);
  if (taken?.spotHourlyUsd === undefined || before === undefined) return undefined;
  return estimateSavings({
    beforeHourlyUsd: before,
    // A Savings Plan pays nothing of what stands on Spot.
    coveredHourlyUsd: facts?.kind === "MOVE" ? 0 : policy.coveredHourlyUsd,
    afterHourlyUsd: taken.spotHourlyUsd,
  });
};
