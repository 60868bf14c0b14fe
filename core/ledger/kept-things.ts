/** What is kept beside what serves, and costs on: volumes, images, lent addresses, and capacity that is held for the way back. */
import type { Term } from "../model/ledger/day.ts";
import type { InstanceSpan, PriceKind } from "../model/ledger/span.ts";
import { costOfTime } from "./money.ts";
import { costAtPrices, type PriceBook } from "./prices.ts";
import { noTerm, sumOfTerms } from "./terms.ts";
import { hoursOfMonth, overlap, type Stretch } from "./time.ts";
import type { Segment } from "./timeline.ts";

/** An image that we made, with its snapshots. */
export interface KeptImage {
  readonly stretch: Stretch;
  /** Of the volumes that it holds. */
  readonly sizeGib: number;
}

/** On-Demand capacity that nobody ran in. */
export interface HeldCapacity {
  readonly stretch: Stretch;
  readonly kind: PriceKind;
}

const priced = (
  nanoPerHour: bigint | undefined,
  { from, to }: Stretch,
): Pick<Term, "nanoUsd" | "source" | "unboundedSeconds"> =>
  nanoPerHour === undefined
    ? { nanoUsd: 0n, source: "unknown", unboundedSeconds: (to - from) / 1000 }
    : { nanoUsd: costOfTime(nanoPerHour, to - from), source: "priced", unboundedSeconds: 0 };

/** Of a GB-month: by the hours of the very month, see D1 of AWS's price examples. */
const perHour = (
  nanoPerGbMonth: bigint | undefined,
  gib: number,
  ms: number,
): bigint | undefined =>
  nanoPerGbMonth === undefined
    ? undefined
    : (nanoPerGbMonth * BigInt(Math.ceil(gib))) / BigInt(hoursOfMonth(ms));

/** An instance has the volumes that are its own: one that moved to its successor is not counted twice. */
const ownVolumes = (
  span: InstanceSpan,
  standing: InstanceSpan | undefined,
): InstanceSpan["volumes"] =>
  span.volumes.filter(
    ({ volumeId }) => standing?.volumes.some((one) => one.volumeId === volumeId) !== true,
  );

export const costOfVolumes = (segments: readonly Segment[], prices: PriceBook): Term =>
  sumOfTerms(
    segments.flatMap(({ from, to, beside, standing }) =>
      beside
        .flatMap((span) => ownVolumes(span, standing))
        .map(({ sizeGib, volumeType }) => ({
          ...noTerm,
          ...priced(perHour(prices.volume(volumeType), sizeGib, from), { from, to }),
        })),
    ),
  );

const estimated = "estimated" as const;

/** The largest of those that there are then. */
const largestAt = (images: readonly KeptImage[], ms: number): number =>
  Math.max(
    0,
    ...images
      .filter(({ stretch: { from, to } }) => from <= ms && ms < to)
      .map((one) => one.sizeGib),
  );

/**
 * Snapshots of one volume, and of those that were made from them, hold what has changed since the one before: of several images at a time
 * one is counted, at its whole size. What has changed between them nobody tells, nor how much of the first one is empty.
 */
export const costOfImages = (
  images: readonly KeptImage[],
  within: Stretch,
  prices: PriceBook,
): Term => {
  const inside = images
    .flatMap(({ stretch: { from, to } }) => [from, to])
    .filter((ms) => ms > within.from && ms < within.to);
  const bounds = [...new Set([within.from, ...inside, within.to])].toSorted((a, b) => a - b);
  return sumOfTerms(
    bounds.slice(0, -1).flatMap((from, index) => {
      const sizeGib = largestAt(images, from);
      if (sizeGib === 0) return [];
      const part = { from, to: bounds[index + 1] ?? within.to };
      const term = priced(perHour(prices.snapshot, sizeGib, from), part);
      return [{ ...noTerm, ...term, ...(term.source === "priced" && { source: estimated }) }];
    }),
  );
};

export const costOfAddresses = (segments: readonly Segment[], prices: PriceBook): Term =>
  sumOfTerms(
    segments.flatMap(({ from, to, beside }) =>
      beside
        .filter(({ state, hasLentAddress }) => state === "RUNNING" && hasLentAddress)
        .map(() => ({ ...noTerm, ...priced(prices.address, { from, to }) })),
    ),
  );

export const costOfReservations = (
  held: readonly HeldCapacity[],
  within: Stretch,
  prices: PriceBook,
): Term =>
  sumOfTerms(
    held.flatMap(({ stretch, kind }) => {
      const part = overlap(stretch, within);
      return part === undefined ? [] : [costAtPrices(prices.onDemand(kind), part)];
    }),
  );
