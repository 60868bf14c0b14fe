/** Orders the places on On-Demand to which a load can go back, and says so: its owner's type first, then the cheapest like it. */
import { poolKey } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import type { VerdictKind, VerdictReason } from "../../model/verdict.ts";
import { filterCandidates, type CandidatesInput } from "./candidates.ts";
import { usdPerHour } from "./figures.ts";
import type { Need } from "./need.ts";

/** What is rejected last; of the others the owner's type first. */
const rankOf = ({ instanceType }: Need, { pool, rejection }: Offer): number => {
  if (rejection !== undefined) return 2;
  return pool.instanceType === instanceType ? 0 : 1;
};

const unknownPrice = Number.MAX_VALUE;

/** For sorting; of equals those that cost less, then by name, so that the order does not depend on how they were listed. */
export const compareWayBack = (need: Need, one: Offer, other: Offer): number =>
  rankOf(need, one) - rankOf(need, other) ||
  (one.onDemandHourlyUsd ?? unknownPrice) - (other.onDemandHourlyUsd ?? unknownPrice) ||
  poolKey(one.pool).localeCompare(poolKey(other.pool));

/** Where the load could go On-Demand, best first, whatever the need is otherwise bought as. */
export const wayBackOffers = ({ need, ...input }: CandidatesInput): readonly Offer[] =>
  filterCandidates({ ...input, need: { ...need, purchase: "ON_DEMAND" } })
    .filter(({ rejection }) => rejection === undefined)
    .toSorted((one, other) => compareWayBack(need, one, other));

const mostTold = 3;

const told = ({ pool, rejection }: Offer): string =>
  `${pool.instanceType} in ${pool.zoneId} ${rejection?.sentence ?? "is not tried"}`;

interface Concluded {
  readonly kind: Extract<VerdictKind, "FALLBACK_ON_DEMAND" | "REFUSE">;
  readonly reason: VerdictReason;
  readonly sentence: string;
}

/** @param offers in order; @param chosen those that are tried */
export const concludeWayBack = (
  { instanceType }: Need,
  offers: readonly Offer[],
  chosen: readonly Offer[],
): Concluded => {
  const [first] = chosen;
  if (first === undefined) {
    const why = offers.slice(0, mostTold).map(told).join("; ") || "the region offers none";
    return {
      kind: "REFUSE",
      reason: "NO_CANDIDATE",
      sentence: `No On-Demand type like ${instanceType} can take the load back: ${why}.`,
    };
  }
  const { pool, onDemandHourlyUsd } = first;
  const price =
    onDemandHourlyUsd === undefined ? "a price that is not known" : usdPerHour(onDemandHourlyUsd);
  const others = chosen.length === 1 ? "" : `, and ${String(chosen.length - 1)} more if need be`;
  return {
    kind: "FALLBACK_ON_DEMAND",
    reason: "ASKED_FOR",
    sentence: `The way back was asked for: On-Demand ${pool.instanceType} in ${pool.zoneId} at ${price}${others}.`,
  };
};
