/** Which of the chosen offers is tried next, after those that gave nothing. */
import type { FailedOffer } from "../../model/swap.ts";
import type { Pool, SubnetFacts } from "../../model/market.ts";
import { poolKey } from "../../model/market.ts";
import type { Need } from "./need.ts";

export type NextLaunch =
  | { readonly kind: "TRY"; readonly pool: Pool; /** From 1. */ readonly attempt: number }
  | { readonly kind: "EXHAUSTED"; readonly sentence: string };

/**
 * Spot vCPU quotas are per class of families: Standard (A, C, D, H, I, M, R, T, Z), F, G and VT, P, X, Inf, Trn, DL,
 * HPC, high memory (u-). Source: EC2 user guide, "Spot Instance quotas".
 */
export const quotaClass = (instanceType: string): string => {
  const family = /^[a-z]+-?/.exec(instanceType)?.[0] ?? instanceType;
  if (family.startsWith("u")) return "high-memory";
  if (["g", "gr", "vt"].includes(family)) return "g-and-vt";
  if (["p", "x", "f", "dl", "inf", "trn", "hpc"].includes(family)) return family;
  return "standard";
};

/** In order; a pool is tried once; a class whose quota is used up is not tried again. */
export const openOffers = (
  offers: readonly Pool[],
  failed: readonly FailedOffer[],
): readonly Pool[] => {
  const tried = new Set(failed.map((failure) => poolKey(failure.pool)));
  const closed = new Set(
    failed
      .filter((failure) => failure.kind === "QUOTA")
      .map((failure) => quotaClass(failure.pool.instanceType)),
  );
  return offers.filter(
    (offer) => !tried.has(poolKey(offer)) && !closed.has(quotaClass(offer.instanceType)),
  );
};

export const nextLaunch = (offers: readonly Pool[], failed: readonly FailedOffer[]): NextLaunch => {
  const [pool] = openOffers(offers, failed);
  if (pool !== undefined) return { kind: "TRY", pool, attempt: failed.length + 1 };
  const story = failed
    .map(({ pool: { instanceType, zoneId }, code }) => `${instanceType} in ${zoneId}: ${code}`)
    .join("; ");
  return { kind: "EXHAUSTED", sentence: `No offer gave capacity (${story}).` };
};

/** Known of pools in which something may have been launched, and of those that had no room a moment ago. */
interface PoolsBefore {
  readonly begun: ReadonlySet<string>;
  readonly emptied: ReadonlySet<string>;
}

/** For a call that asks a single pool, where EC2 empties many at once. What has begun stays first: another pool beside it might launch a second one. */
export const emptiedLast = (
  offers: readonly Pool[],
  { begun, emptied }: PoolsBefore,
): readonly Pool[] => {
  const rankOf = (pool: Pool): number =>
    begun.has(poolKey(pool)) ? 0 : emptied.has(poolKey(pool)) ? 2 : 1;
  return offers.toSorted((one, other) => rankOf(one) - rankOf(other));
};

/** Subnets of the pool's zone that may take the replacement, none where traffic would not reach it: the one it stands in first, then by free addresses. */
export const subnetsFor = (
  pool: Pool,
  need: Need,
  subnets: readonly SubnetFacts[],
): readonly SubnetFacts[] =>
  subnets
    .filter(
      ({ subnetId, zoneId, freeAddresses }) =>
        need.subnetIds.includes(subnetId) &&
        zoneId === pool.zoneId &&
        freeAddresses > 0 &&
        need.reaches.every(({ zoneIds }) => zoneIds.includes(zoneId)),
    )
    .sort(
      (one, other) =>
        Number(other.subnetId === need.subnetId) - Number(one.subnetId === need.subnetId) ||
        other.freeAddresses - one.freeAddresses ||
        one.subnetId.localeCompare(other.subnetId),
    );
