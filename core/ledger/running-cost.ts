/** What the instances of one chain cost, each at its own time and price: those that serve, and those beside them. */
import type { Term } from "../model/ledger/day.ts";
import type { InstanceSpan } from "../model/ledger/span.ts";
import { billedTime } from "./billed-time.ts";
import { allUnknown, costAtPrices, costOfSpot, type PriceBook } from "./prices.ts";
import { noTerm, sumOfTerms } from "./terms.ts";
import { instantOf, overlap, type Stretch } from "./time.ts";
import { servesAt, type Segment } from "./timeline.ts";

export interface RunningCost {
  readonly ran: Term;
  readonly doubleRunning: Term;
  /** By the Spot price of each instant, less by that at the beginning of each hour of the instance. */
  readonly spotDriftNanoUsd: bigint;
}

interface Costing {
  readonly segments: readonly Segment[];
  readonly within: Stretch;
  /** Of the last complete reading. */
  readonly knownUntil: number;
  readonly prices: PriceBook;
}

export const costOf = (span: InstanceSpan, stretch: Stretch, prices: PriceBook): Term => {
  const onDemand = prices.onDemand(span);
  if (span.purchase === "ON_DEMAND") return costAtPrices(onDemand, stretch);
  return costOfSpot({ spot: prices.spot(span), onDemand }, stretch, instantOf(span.startedAt));
};

const driftOf = (span: InstanceSpan, stretch: Stretch, prices: PriceBook): bigint => {
  if (span.purchase === "ON_DEMAND") return 0n;
  const atEach = costAtPrices(prices.spot(span), stretch);
  const atBegin = costOf(span, stretch, prices);
  const isKnown = atEach.unboundedSeconds === 0 && atBegin.source !== "unknown";
  return isKnown ? atEach.nanoUsd - atBegin.nanoUsd : 0n;
};

interface Part extends Stretch {
  readonly serves: boolean;
}

/** What it is billed for after its end, its minimum, counts as what it did last. */
const endedServing = (span: InstanceSpan): boolean => {
  const end = span.end === undefined ? undefined : instantOf(span.end.earliest);
  return end !== undefined && servesAt(span, Math.max(instantOf(span.startedAt), end - 1));
};

/** Pieces of its billed time, the neighbours of one kind together. */
const partsOf = (span: InstanceSpan, billed: Stretch, { segments }: Costing): readonly Part[] => {
  const parts: Part[] = [];
  for (const segment of segments) {
    const part = overlap(billed, segment);
    if (part === undefined) continue;
    const isThere = segment.server === span || segment.running.includes(span);
    const serves = isThere ? segment.server === span : endedServing(span);
    const last = parts.at(-1);
    if (last?.serves === serves && last.to === part.from) {
      parts[parts.length - 1] = { ...last, to: part.to };
    } else parts.push({ ...part, serves });
  }
  return parts;
};

const costOfSpan = (span: InstanceSpan, costing: Costing): RunningCost => {
  const { within, knownUntil, prices } = costing;
  const { certain, atMost } = billedTime(span, { knownUntil, ends: within.to });
  const sure = overlap(certain, within);
  const doubt = overlap({ from: certain.to, to: atMost }, within);
  const parts = sure === undefined ? [] : partsOf(span, sure, costing);
  const doubtful = doubt === undefined ? noTerm : allUnknown(costOf(span, doubt, prices));
  const servesLast = parts.at(-1)?.serves ?? endedServing(span);
  const sum = (serves: boolean): Term =>
    sumOfTerms([
      ...parts.filter((part) => part.serves === serves).map((part) => costOf(span, part, prices)),
      ...(servesLast === serves ? [doubtful] : []),
    ]);
  return {
    ran: sum(true),
    doubleRunning: sum(false),
    spotDriftNanoUsd: parts.reduce((all, part) => all + driftOf(span, part, prices), 0n),
  };
};

export const runningCost = (spans: readonly InstanceSpan[], costing: Costing): RunningCost => {
  const costs = spans
    .filter(({ state }) => state === "RUNNING")
    .map((span) => costOfSpan(span, costing));
  return {
    ran: sumOfTerms(costs.map(({ ran }) => ran)),
    doubleRunning: sumOfTerms(costs.map(({ doubleRunning }) => doubleRunning)),
    spotDriftNanoUsd: costs.reduce((all, { spotDriftNanoUsd: one }) => all + one, 0n),
  };
};
