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
  /** Of these, what was written when it was made, GiB. Absent: AWS has not told it. */
  readonly writtenGib?: number;
}

/** On-Demand capacity that nobody ran in. */
export interface HeldCapacity {
  readonly reservationId: string;
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

const mibPerGib = 1024;

/** Of a GB-month: by the hours of the very month, see D1 of AWS's price examples. */
export const gibHour = (
  nanoPerGbMonth: bigint | undefined,
  gib: number,
  ms: number,
): bigint | undefined =>
  nanoPerGbMonth === undefined
    ? undefined
    : (nanoPerGbMonth * BigInt(Math.ceil(gib * mibPerGib))) /
      BigInt(mibPerGib) /
      BigInt(hoursOfMonth(ms));

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
          ...priced(gibHour(prices.volume(volumeType), sizeGib, from), { from, to }),
        })),
    ),
  );

interface StoredSize {
  /** At the least, and by how much more at the most. GiB */
  readonly least: number;
  readonly more: number;
}

/**
 * Snapshots of a volume, and of those that were made from them, hold what has changed since the one before: several images store no less than the
 * largest of them shows, and no more than all of them. How much has changed nobody tells; nor what of an image is written that AWS tells nothing of.
 */
const sizeAt = (images: readonly KeptImage[], ms: number): StoredSize => {
  const there = images.filter(({ stretch: { from, to } }) => from <= ms && ms < to);
  const least = Math.max(0, ...there.map(({ writtenGib = 0 }) => writtenGib));
  const most = there.reduce((sum, { sizeGib, writtenGib = sizeGib }) => sum + writtenGib, 0);
  return { least, more: most - least };
};

/** Of a price that nobody knows nothing is: not even a most. */
const termOf = (
  { least, more }: StoredSize,
  { part, price }: { readonly part: Stretch; readonly price: bigint | undefined },
): Term => {
  if (price === undefined) return { ...noTerm, ...priced(undefined, part) };
  const costOfGib = (gib: number): bigint => priced(gibHour(price, gib, part.from), part).nanoUsd;
  return {
    ...noTerm,
    source: more > 0 ? "unknown" : "priced",
    nanoUsd: costOfGib(least),
    unknownNanoUsd: costOfGib(more),
  };
};

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
      const size = sizeAt(images, from);
      if (size.least + size.more === 0) return [];
      const part = { from, to: bounds[index + 1] ?? within.to };
      return [termOf(size, { part, price: prices.snapshot })];
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
