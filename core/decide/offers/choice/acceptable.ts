/** Is any offer within the limits, and if not, what keeps them out? */
import type { Offer } from "../../../model/offer.ts";
import type { Policy } from "../../../policy/policy.ts";
import { counted, percent, poolName, usdPerHour } from "../figures.ts";
import { isAcceptable } from "../offer-cost.ts";
import type { Answer } from "./conclusion.ts";

/** Says what quarantine excluded: how many pools, and what the cheapest would have cost. */
export const quarantineNote = (offers: readonly Offer[]): string => {
  const excluded = offers.filter((offer) => offer.rejection?.code === "QUARANTINED");
  if (excluded.length === 0) return "";
  const prices = excluded
    .map((offer) => offer.spotHourlyUsd)
    .filter((price) => price !== undefined);
  const cheapest =
    prices.length === 0 ? "" : `, the cheapest at ${usdPerHour(Math.min(...prices))}`;
  return ` Quarantine excludes ${counted(excluded.length, "pool")}${cheapest}.`;
};

/** How many are named: the rest is in the record. */
const namedRejections = 3;

/** ` (12 BAND_OVER_LIMIT, 4 PRICE_OVER_CAP …)`: what an operator would look at first. */
const commonestRejections = (offers: readonly Offer[]): string => {
  const counts = new Map<string, number>();
  for (const { rejection } of offers) {
    if (rejection !== undefined) counts.set(rejection.code, (counts.get(rejection.code) ?? 0) + 1);
  }
  const ordered = [...counts].sort(
    ([code, count], [otherCode, otherCount]) =>
      otherCount - count || code.localeCompare(otherCode, "en"),
  );
  const named = ordered
    .slice(0, namedRejections)
    .map(([code, count]) => `${String(count)} ${code}`);
  const rest = ordered.length > namedRejections ? " …" : "";
  return named.length === 0 ? "" : ` (${named.join(", ")}${rest})`;
};

export const judgeAcceptable = (
  offers: readonly Offer[],
  policy: Pick<Policy, "minSavingsPercent">,
): Answer => {
  if (offers.some(isAcceptable)) return undefined;
  const refusedFor = (code: string): readonly Offer[] =>
    offers.filter((offer) => offer.rejection?.code === code);
  const poor = refusedFor("SAVES_TOO_LITTLE");
  const risky = refusedFor("RISK_OVER_LIMIT");
  const nearest = poor[0] ?? risky[0];
  if (nearest === undefined) {
    return {
      kind: "STAY",
      reason: "NO_CANDIDATE",
      sentence: `None of ${counted(offers.length, "candidate")} passed the filter${commonestRejections(offers)}.`,
    };
  }
  const passed = counted(poor.length + risky.length, "pool");
  const example = `${poolName(nearest.pool)} ${nearest.rejection?.sentence ?? ""}`;
  return poor.length > 0
    ? {
        kind: "STAY",
        reason: "SAVINGS_BELOW_MINIMUM",
        sentence: `Of ${passed} that passed the filter none saves ${percent(policy.minSavingsPercent)} within the risk limit: ${example}.`,
      }
    : {
        kind: "STAY",
        reason: "NO_CANDIDATE_UNDER_MAX_RISK",
        sentence: `Each of ${passed} that passed the filter is too risky: ${example}.`,
      };
};
