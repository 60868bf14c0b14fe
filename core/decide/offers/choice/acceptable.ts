/** Is any offer within the limits, and if not, what keeps them out? */
import { poolKey, type PoolMemory } from "../../../model/market.ts";
import type { Offer } from "../../../model/offer.ts";
import { limitName } from "../../../policy/limit-name.ts";
import type { Policy } from "../../../policy/policy.ts";
import { counted, percent, poolName, usdPerHour } from "../figures.ts";
import { isAcceptable, type Terms } from "../offer-cost.ts";
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

interface Question {
  readonly policy: Policy;
  readonly market: Pick<PoolMemory, "quarantined">;
  readonly judgementVersion: Terms["judgementVersion"];
}

/** What ends it sooner. Empty: nobody has set it, and the policy does not ban. */
const waysOut = (
  quarantined: readonly Offer[],
  { policy, market }: Question,
): readonly string[] => {
  const set = new Set(market.quarantined.map((entry) => entry.poolKey));
  return [
    ...(quarantined.some(({ pool }) => set.has(poolKey(pool)))
      ? ["lift it (DELETE /api/v1/risk/pools/{pool_id}/quarantine)"]
      : []),
    ...(policy.quarantine.mode === "ban"
      ? [`set ${limitName("quarantine")} of the policy to decay`]
      : []),
  ];
};

/** Quarantine alone keeps out what is left: that is told by a code of its own, with what to do. */
const judgeQuarantined = (offers: readonly Offer[], question: Question): Answer => {
  const quarantined = offers.filter(({ rejection }) => rejection?.code === "QUARANTINED");
  const ways = waysOut(quarantined, question);
  const [first] = quarantined;
  if (question.judgementVersion < 6 || first === undefined || ways.length === 0) return undefined;
  return {
    kind: "STAY",
    reason: "ALL_QUARANTINED",
    sentence:
      `Quarantine keeps out each of ${counted(quarantined.length, "pool")} that passed the filter otherwise: ${poolName(first.pool)} ` +
      `${first.rejection?.sentence ?? ""}. It ends by itself; who can't wait may ${ways.join(", or ")}.`,
  };
};

export const judgeAcceptable = (offers: readonly Offer[], question: Question): Answer => {
  if (offers.some(isAcceptable)) return undefined;
  const { policy } = question;
  const refusedFor = (code: string): readonly Offer[] =>
    offers.filter((offer) => offer.rejection?.code === code);
  const poor = refusedFor("SAVES_TOO_LITTLE");
  const risky = refusedFor("RISK_OVER_LIMIT");
  const nearest = poor[0] ?? risky[0];
  if (nearest === undefined) {
    return (
      judgeQuarantined(offers, question) ?? {
        kind: "STAY",
        reason: "NO_CANDIDATE",
        sentence: `None of ${counted(offers.length, "candidate")} passed the filter${commonestRejections(offers)}.`,
      }
    );
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
