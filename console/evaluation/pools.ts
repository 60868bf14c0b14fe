/** The pools that were looked at: those that may be used, cheapest all in first, and the others by why not. */
import type { Schemas } from "../api/types.ts";

export type Candidate = Schemas["Candidate"];

export interface Rejected {
  readonly code: string;
  readonly count: number;
  /** Sentence of the first of them. */
  readonly example: string;
  readonly pools: readonly Candidate[];
}

export const poolKey = ({ pool, purchase }: Candidate): string =>
  `${pool.instance_type} ${pool.zone_id} ${purchase ?? ""}`;

export const accepted = (candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates
    .filter(({ rejection }) => rejection === undefined)
    .toSorted(
      (one, other) =>
        (one.expected_hourly_usd ?? Infinity) - (other.expected_hourly_usd ?? Infinity) ||
        (poolKey(one) < poolKey(other) ? -1 : 1),
    );

/** The commonest reason first. */
export const rejectedByReason = (candidates: readonly Candidate[]): readonly Rejected[] => {
  const rejected = candidates.filter(({ rejection }) => rejection !== undefined);
  const byCode = Map.groupBy(rejected, ({ rejection }) => rejection?.code ?? "");
  return [...byCode]
    .map(([code, pools]) => ({
      code,
      count: pools.length,
      example: pools[0]?.rejection?.sentence ?? "",
      pools,
    }))
    .toSorted((one, other) => other.count - one.count || (one.code < other.code ? -1 : 1));
};

/** Place among the offers of the verdict, from 1. Undefined: it is not offered. */
export const offerOf = (
  { pool }: Candidate,
  offers: readonly Schemas["Pool"][] = [],
): number | undefined => {
  const place = offers.findIndex(
    (offer) => offer.instance_type === pool.instance_type && offer.zone_id === pool.zone_id,
  );
  return place === -1 ? undefined : place + 1;
};
