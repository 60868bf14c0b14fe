/** How many instances may leave On-Demand before Reserved Instances that are paid anyway are used by nobody. */
import { hoursPerMonth } from "../../hours.ts";
import type { PlacementFacts, ReservedCoverage } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import { usd, usdPerHour } from "./figures.ts";

export type ReservedFacts = Pick<PlacementFacts, "reserved" | "reservedOthers">;

/** Of the type of a template, or of another that members have. */
export const coverageOf = (
  { reserved, reservedOthers = {} }: ReservedFacts,
  instanceType: string,
): ReservedCoverage => reservedOthers[instanceType] ?? reserved;

/** Of those that run. All of them where nothing is reserved. */
export const uncoveredCount = ({
  reservedCount,
  runningCount,
}: Pick<ReservedCoverage, "reservedCount" | "runningCount">): number =>
  reservedCount === 0 ? Infinity : Math.max(0, runningCount - reservedCount);

/** What Spot would cost besides: `Spot would add at least $0.0400 per hour ($29.20 a month)`. Of the offers of any use, the cheapest. */
export const addedBySpot = (offers: readonly Offer[], instanceType: string): string => {
  const cheapest = offers
    .filter(
      (offer) => offer.expectedHourlyUsd !== undefined || offer.pool.instanceType === instanceType,
    )
    .map((offer) => offer.spotHourlyUsd)
    .filter((price) => price !== undefined)
    .reduce<number | undefined>((low, price) => Math.min(low ?? price, price), undefined);
  return cheapest === undefined
    ? "Spot would add its whole price"
    : `Spot would add at least ${usdPerHour(cheapest)} (${usd(cheapest * hoursPerMonth)} a month)`;
};
