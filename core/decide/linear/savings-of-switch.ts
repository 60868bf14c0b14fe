/** What a switch that was carried out is estimated to save: against the pool that was really taken. */
import type { EvaluationFacts } from "../../model/evaluation.ts";
import { poolKey, type Pool } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import type { Savings } from "../../model/verdict.ts";
import type { Policy } from "../../policy/policy.ts";
import { estimateSavings } from "../offers/savings.ts";

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
  const original = facts?.market?.onDemand.find(
    (price) => price.instanceType === facts.instance?.instanceType,
  );
  if (taken?.spotHourlyUsd === undefined || original === undefined) return undefined;
  return estimateSavings({
    beforeHourlyUsd: original.hourlyUsd,
    coveredHourlyUsd: policy.coveredHourlyUsd,
    afterHourlyUsd: taken.spotHourlyUsd,
  });
};
