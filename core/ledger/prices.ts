/** What an hour costs at each instant, and what a stretch of time comes to. What has no price is said to have none: it is never guessed. */
import type { Term } from "../model/ledger/day.ts";
import type { PriceKind } from "../model/ledger/span.ts";
import { costOfTime } from "./money.ts";
import { noTerm, sumOfTerms } from "./terms.ts";
import { cutEvery, hourMs, type Stretch } from "./time.ts";

/** A price that holds from then on, until the next one does. */
export interface PricePoint {
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly nanoPerHour: bigint;
}

/** By the time from which each holds, ascending; empty where none is known. */
export interface PriceBook {
  readonly onDemand: (kind: PriceKind) => readonly PricePoint[];
  readonly spot: (kind: PriceKind) => readonly PricePoint[];
  /** Of a GB-month. Undefined: none is known. */
  readonly volume: (volumeType: string) => bigint | undefined;
  readonly snapshot: bigint | undefined;
  /** Of an hour of a public IPv4 address. */
  readonly address: bigint | undefined;
}

/** Undefined: it is before the first of them. */
const priceAt = (points: readonly PricePoint[], ms: number): PricePoint | undefined =>
  points.findLast(({ since }) => since <= ms);

/** Cut where the price changes. */
const cutAtChanges = ({ from, to }: Stretch, points: readonly PricePoint[]): readonly Stretch[] => {
  const cuts = points.map(({ since }) => since).filter((since) => since > from && since < to);
  const bounds = [from, ...cuts, to];
  return bounds.slice(0, -1).map((begin, index) => ({ from: begin, to: bounds[index + 1] ?? to }));
};

const secondsOf = ({ from, to }: Stretch): number => (to - from) / 1000;

const unpriced = (stretch: Stretch): Term => ({
  ...noTerm,
  source: "unknown",
  unboundedSeconds: secondsOf(stretch),
});

/** By the price that is in effect at each instant. */
export const costAtPrices = (points: readonly PricePoint[], stretch: Stretch): Term =>
  sumOfTerms(
    cutAtChanges(stretch, points).map((part) => {
      const price = priceAt(points, part.from);
      if (price === undefined) return unpriced(part);
      return { ...noTerm, nanoUsd: costOfTime(price.nanoPerHour, part.to - part.from) };
    }),
  );

/** Not a price: by so much it can't be more, for the On-Demand price is what Spot costs at the most. */
const withinOnDemand = (onDemand: readonly PricePoint[], stretch: Stretch): Term => {
  const most = costAtPrices(onDemand, stretch);
  return { ...most, source: "unknown", nanoUsd: 0n, unknownNanoUsd: most.nanoUsd };
};

export interface SpotPrices {
  readonly spot: readonly PricePoint[];
  readonly onDemand: readonly PricePoint[];
}

/**
 * Each hour of the instance at the price at its beginning.
 * @param launchedAt from which its hours count
 */
export const costOfSpot = (
  { spot, onDemand }: SpotPrices,
  stretch: Stretch,
  launchedAt: number,
): Term =>
  sumOfTerms(
    cutEvery(stretch, { origin: launchedAt, everyMs: hourMs }).map((part) => {
      const beganAt = launchedAt + Math.floor((part.from - launchedAt) / hourMs) * hourMs;
      const price = priceAt(spot, beganAt);
      if (price === undefined) return withinOnDemand(onDemand, part);
      return { ...noTerm, nanoUsd: costOfTime(price.nanoPerHour, part.to - part.from) };
    }),
  );

/** All of it may be, or nothing. */
export const allUnknown = ({ nanoUsd, unknownNanoUsd, unboundedSeconds }: Term): Term => ({
  nanoUsd: 0n,
  source: "unknown",
  unknownNanoUsd: nanoUsd + unknownNanoUsd,
  unboundedSeconds,
});
