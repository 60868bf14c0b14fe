/** May an evaluation judge on the market that another one has read, or must it read its own? */
import { hoursBetween } from "../../hours.ts";
import type { RegionMarket } from "../../model/market.ts";
import type { Policy } from "../../policy/policy.ts";

/** A quarter of an hour: the sweep's default interval, and Spot prices move a few times an hour at most. */
const sharedMinutes = 15;

/**
 * When the oldest part of it was fetched, ISO 8601. A last good copy makes the whole as old as itself: the next
 * evaluation asks the feed again, unless the copy is from the same quarter of an hour.
 */
export const asOf = (market: RegionMarket): string =>
  [
    market.readAt,
    market.spotPricesFetchedAt,
    market.onDemandFetchedAt,
    market.bandsFetchedAt,
  ].reduce((oldest, at) => (Date.parse(at) < Date.parse(oldest) ? at : oldest));

/** A policy that wants younger Spot prices than that gets them. `oldest`: as `asOf` says. */
export const isShareable = (
  oldest: string,
  now: string,
  { maxSpotPriceAgeMinutes }: Pick<Policy, "maxSpotPriceAgeMinutes">,
): boolean => hoursBetween(oldest, now) * 60 < Math.min(sharedMinutes, maxSpotPriceAgeMinutes);
