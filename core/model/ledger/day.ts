/** What the savings ledger states of one target and day, and of a month of them. Amounts are whole billionths of a US dollar. */
import type { AccountId, TargetId } from "../ids.ts";

export const termNames = [
  /** What the owner would have paid: his own type, On-Demand, for as long as he wanted it. */
  "would",
  /** What serves, Spot and On-Demand. */
  "ran",
  /** Of `would`, what a Savings Plan would have paid anyway. */
  "covered",
  /** What ran beside what served, failed launches included. */
  "doubleRunning",
  /** Capacity that was held for the way back. */
  "reservations",
  /** Volumes of what does not serve, images with their snapshots. */
  "kept",
  /** Public IPv4 addresses of what does not serve. */
  "extras",
  /** Bytes that cross zones because of the move. */
  "crossZone",
  /** This product's own cost. */
  "tool",
] as const;
export type TermName = (typeof termNames)[number];

/** From the most certain to the least. */
export const termSources = ["billed", "priced", "estimated", "unknown"] as const;
export type TermSource = (typeof termSources)[number];

export interface Term {
  /** What is known of it: nothing is guessed into it. */
  readonly nanoUsd: bigint;
  /** The least certain of what is in it. */
  readonly source: TermSource;
  /** By so much more it may be, at the most. */
  readonly unknownNanoUsd: bigint;
  /** Seconds of it for which not even a most is known. */
  readonly unboundedSeconds: number;
}

export type Terms = Readonly<Record<TermName, Term>>;

interface LedgerSums {
  readonly terms: Terms;
  /** For how long the target was wanted; of a group the sum over its instances. */
  readonly wantedSeconds: number;
  readonly downtimeSeconds: number;
  /**
   * What Spot would come to by the price in effect at each instant, less what `ran` and `doubleRunning` have: there each hour of an instance has the price at its
   * beginning. AWS's documents say both.
   */
  readonly spotDriftNanoUsd: bigint;
}

export interface LedgerDay extends LedgerSums {
  readonly accountId: AccountId;
  readonly targetId: TargetId;
  /** `2026-11-28`, UTC */
  readonly day: string;
  /** A reading later than its end was there when it was stated. */
  readonly isFinal: boolean;
  /** ISO 8601 */
  readonly statedAt: string;
}

export interface LedgerMonth extends LedgerSums {
  readonly accountId: AccountId;
  readonly targetId: TargetId;
  /** `2026-11`, UTC */
  readonly month: string;
  readonly days: number;
  readonly isFinal: boolean;
  readonly statedAt: string;
}

/** Between these it is; the same where all is known. */
export interface NetSaving {
  readonly lowNanoUsd: bigint;
  readonly highNanoUsd: bigint;
  /** More than a hundredth of what would have been paid is unknown: only both ends together are said. */
  readonly isRange: boolean;
  /** False: of something not even a most is known, and the low end is not one. */
  readonly isBounded: boolean;
}
