/** States what one target's day comes to: what its owner would have paid, less all that was paid instead. */
import type { LedgerDay, Term, Terms } from "../model/ledger/day.ts";
import type { AccountId, TargetId } from "../model/ids.ts";
import type { InstanceSpan, PriceKind } from "../model/ledger/span.ts";
import {
  costOfAddresses,
  costOfImages,
  costOfReservations,
  costOfVolumes,
  type HeldCapacity,
  type KeptImage,
} from "./kept-things.ts";
import { costOfTime } from "./money.ts";
import { ownCost } from "./own-cost.ts";
import { allUnknown, costAtPrices, type PriceBook } from "./prices.ts";
import { runningCost, type RunningCost } from "./running-cost.ts";
import { noTerm, sumOfTerms } from "./terms.ts";
import { hourMs, instantOf, overlap, stretchOfDay, type Stretch } from "./time.ts";
import { chainsOf, timelineOf, type Segment } from "./timeline.ts";

export interface DayFacts {
  readonly accountId: AccountId;
  readonly targetId: TargetId;
  readonly day: string;
  /** When the target was registered: before that it was not ours to save anything of. ISO 8601 */
  readonly since: string;
  /** ISO 8601 */
  readonly statedAt: string;
  /** Of one instance: LINEAR, and one node. */
  readonly isSingle: boolean;
  /** All of the target that the day touches, and the last before it where there is one. */
  readonly spans: readonly InstanceSpan[];
  /** When the last complete reading of the place began, ISO 8601. */
  readonly knownUntil: string;
  readonly prices: PriceBook;
  /** What a Savings Plan pays of an instance that stands on Spot now, as its owner has declared it. */
  readonly coveredNanoPerHour: bigint;
  readonly reservations: readonly HeldCapacity[];
  readonly images: readonly KeptImage[];
  /** Of the evaluations that ended on this day. */
  readonly downtimeSeconds: number;
  readonly evaluations: number;
}

/** Undefined: nobody knows what stood there before us. */
const baselineOf = (span: InstanceSpan): PriceKind | undefined => {
  if (span.baseline !== undefined) return span.baseline;
  return span.launchedBy === undefined && span.purchase === "ON_DEMAND" ? span : undefined;
};

const unbounded = ({ from, to }: Stretch): Term => ({
  ...noTerm,
  source: "unknown",
  unboundedSeconds: (to - from) / 1000,
});

const wouldOf = (segments: readonly Segment[], prices: PriceBook): Term =>
  sumOfTerms(
    segments
      .filter(({ wish }) => wish !== "NOT_WANTED")
      .map((segment) => {
        const { standing, wish } = segment;
        const baseline = standing && baselineOf(standing);
        if (baseline === undefined) return unbounded(segment);
        const cost = costAtPrices(prices.onDemand(baseline), segment);
        return wish === "UNKNOWN" ? allUnknown(cost) : cost;
      }),
  );

/** Only what stands on Spot leaves a plan without use. */
const coveredOf = (segments: readonly Segment[], nanoPerHour: bigint): Term => ({
  ...noTerm,
  source: "estimated",
  nanoUsd: segments
    .filter(({ server }) => server?.purchase === "SPOT")
    .reduce((sum, { from, to }) => sum + costOfTime(nanoPerHour, to - from), 0n),
});

/** How many bytes crossed is not known. In the zone of its original a move makes none do so; members of a group stand in several anyway. */
const crossZoneOf = (segments: readonly Segment[], isSingle: boolean): Term =>
  sumOfTerms(
    segments
      .filter(({ server }) => {
        const baseline = server && baselineOf(server);
        return isSingle && baseline !== undefined && baseline.zoneId !== server?.zoneId;
      })
      .map(unbounded),
  );

interface ChainSums extends RunningCost {
  readonly segments: readonly Segment[];
  readonly would: Term;
  readonly covered: Term;
  readonly crossZone: Term;
}

/** A Spot Instance that its owner has launched himself: we save nothing of it. */
const isOwnersSpot = (chain: readonly InstanceSpan[]): boolean =>
  chain.every(({ purchase, launchedBy }) => purchase === "SPOT" && launchedBy === undefined);

const sumChain = (facts: DayFacts, chain: readonly InstanceSpan[], within: Stretch): ChainSums => {
  const { isSingle, prices, coveredNanoPerHour } = facts;
  const segments = timelineOf({ spans: chain, within, isSingle });
  const knownUntil = instantOf(facts.knownUntil);
  return {
    segments,
    would: wouldOf(segments, prices),
    covered: coveredOf(segments, coveredNanoPerHour),
    crossZone: crossZoneOf(segments, isSingle),
    ...runningCost(chain, { segments, within, knownUntil, prices }),
  };
};

/** Readings come every quarter of an hour: what has passed since the last one is stated with the next. */
const lateAfterMs = hourMs;

/** Where no reading has come for longer nobody knows anything of what stood there since. */
const unseenOf = (
  facts: DayFacts,
  chain: readonly InstanceSpan[],
  day: Stretch,
): Terms["would"] => {
  const { knownUntil, statedAt, prices } = facts;
  const since = { from: instantOf(knownUntil), to: instantOf(statedAt) };
  const unseen = since.to - since.from > lateAfterMs ? overlap(day, since) : undefined;
  if (unseen === undefined) return noTerm;
  return sumOfTerms(
    chain
      .filter(({ state, end }) => state === "RUNNING" && end === undefined)
      .map((span) => {
        const kind = baselineOf(span) ?? span;
        return allUnknown(costAtPrices(prices.onDemand(kind), unseen));
      }),
  );
};

/** A Spot Instance that EC2 takes within its first hour costs nothing: until then a day is not settled. */
const settledAfterMs = hourMs;

const termsOf = (facts: DayFacts, sums: readonly ChainSums[], within: Stretch): Terms => {
  const { prices, images, reservations, evaluations } = facts;
  const segments = sums.flatMap((one) => one.segments);
  const of = (name: "would" | "covered" | "crossZone" | "ran" | "doubleRunning"): Term =>
    sumOfTerms(sums.map((one) => one[name]));
  return {
    would: of("would"),
    ran: of("ran"),
    covered: of("covered"),
    doubleRunning: of("doubleRunning"),
    reservations: costOfReservations(reservations, within, prices),
    kept: sumOfTerms([costOfVolumes(segments, prices), costOfImages(images, within, prices)]),
    extras: costOfAddresses(segments, prices),
    crossZone: of("crossZone"),
    tool: ownCost({ hours: (within.to - within.from) / hourMs, evaluations }),
  };
};

const secondsOf = (stretches: readonly Stretch[]): number =>
  stretches.reduce((sum, { from, to }) => sum + (to - from), 0) / 1000;

/** It ends with the last reading; undefined where the day had not begun then, or had ended before the target was registered. */
export const stateDay = (facts: DayFacts): LedgerDay | undefined => {
  const { accountId, targetId, day, isSingle, statedAt, downtimeSeconds } = facts;
  const whole = stretchOfDay(day);
  const knownUntil = instantOf(facts.knownUntil);
  const within = overlap(whole, { from: instantOf(facts.since), to: knownUntil });
  if (within === undefined) return undefined;
  const chains = chainsOf(facts.spans, isSingle).filter((chain) => !isOwnersSpot(chain));
  const sums = chains.map((chain) => sumChain(facts, chain, within));
  const terms = termsOf(facts, sums, within);
  const unseen = sumOfTerms(chains.map((chain) => unseenOf(facts, chain, whole)));
  const segments = sums.flatMap((one) => one.segments);
  return {
    accountId,
    targetId,
    day,
    statedAt,
    isFinal: knownUntil >= whole.to + settledAfterMs,
    terms: {
      ...terms,
      would: sumOfTerms([terms.would, unseen]),
      ran: sumOfTerms([terms.ran, unseen]),
    },
    wantedSeconds: secondsOf(segments.filter(({ wish }) => wish === "WANTED")),
    downtimeSeconds,
    spotDriftNanoUsd: sums.reduce((sum, one) => sum + one.spotDriftNanoUsd, 0n),
  };
};
