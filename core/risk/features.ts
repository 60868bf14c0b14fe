/** Turns a candidate and the market around it into the features that every risk model sees. */
import { hoursBetween } from "../hours.ts";
import type { MarketFacts, PoolLoss } from "../model/market.ts";
import { oneWanted, type Wanted } from "../model/fleet.ts";
import type { Candidate } from "../model/offer.ts";
import { bandsOf, eventsOfFamily } from "./market-index.ts";
import type { RiskFeatures } from "./model.ts";
import {
  emptyHistory,
  historyFeatures,
  memoryHours,
  withCapacity,
  withLoss,
  withUnavailability,
  type PoolHistory,
} from "./pool-history.ts";

/** The last range of the advisor's feed, ">20%": stands in when the feed holds no band at all. */
export const worstKnownBand = { minPercent: 20, maxPercent: 100 };

const bandFeatures = (
  candidate: Candidate,
  market: Pick<MarketFacts, "bands">,
): Pick<RiskFeatures, "bandMinPercent" | "bandMaxPercent" | "isBandKnown"> => {
  const { byType, worst } = bandsOf(market.bands);
  const own = byType.get(candidate.pool.instanceType);
  const { minPercent, maxPercent } = own ?? worst ?? worstKnownBand;
  return {
    bandMinPercent: minPercent,
    bandMaxPercent: maxPercent,
    isBandKnown: own !== undefined,
  };
};

const hoursSinceLast = (losses: readonly PoolLoss[], now: string): number | undefined =>
  losses.length === 0 ? undefined : Math.min(...losses.map((loss) => hoursBetween(loss.at, now)));

/** One reclaim may take several of a fleet's instances: the pool is lost once. Each that is another's is told by itself. */
const oncePerReclaim = (losses: readonly PoolLoss[]): readonly PoolLoss[] => {
  const own = new Map(losses.flatMap((loss) => (loss.held === undefined ? [] : [[loss.at, loss]])));
  return [...losses.filter(({ held }) => held === undefined), ...own.values()];
};

/** Told after all that ended a streak, so that it counts for the streak of now alone. */
const withHolding = (history: PoolHistory, sinceHours: number): PoolHistory => {
  const last = history.lastUnavailableAtHours;
  return last !== undefined && sinceHours > last ? withCapacity(history, sinceHours) : history;
};

/**
 * Folded from the herd memory, of what says that the pool did not hold as many as are wanted. Hours count back from `now`: the
 * origin is `memoryHours` before it.
 */
const historyOf = (
  {
    losses,
    refusals,
  }: { readonly losses: readonly PoolLoss[]; readonly refusals: readonly PoolLoss[] },
  { instances, heldSince }: Wanted,
  now: string,
): PoolHistory => {
  const isShort = ({ held = 0 }: PoolLoss): boolean => held < instances;
  const hoursAt = (at: string): number => memoryHours - hoursBetween(at, now);
  const atHours = ({ at }: PoolLoss): number => hoursAt(at);
  const lost = oncePerReclaim(losses.filter(isShort))
    .map(atHours)
    .sort((one, other) => one - other)
    .reduce(withLoss, emptyHistory);
  const history = refusals.filter(isShort).map(atHours).reduce(withUnavailability, lost);
  return heldSince === undefined ? history : withHolding(history, hoursAt(heldSince));
};

const priceFeatures = ({
  spotHourlyUsd,
  onDemandHourlyUsd,
}: Candidate): Pick<RiskFeatures, "priceRatio"> =>
  spotHourlyUsd !== undefined && onDemandHourlyUsd !== undefined && onDemandHourlyUsd > 0
    ? { priceRatio: spotHourlyUsd / onDemandHourlyUsd }
    : {};

const minutesPerDay = 1440;
/** 1970-01-01 was a Thursday. */
const firstWeekday = 4;

/** UTC, to the minute. `atMs`: milliseconds since 1970. */
export const timeFeatures = (
  atMs: number,
): Required<Pick<RiskFeatures, "hourOfDay" | "weekday">> => {
  const minutes = Math.floor(atMs / 60_000);
  return {
    hourOfDay: (Math.floor(minutes / 60) % 24) + (minutes % 60) / 60,
    weekday: (Math.floor(minutes / minutesPerDay) + firstWeekday) % 7,
  };
};

/**
 * The features of one candidate at `market.observedAt`. A neighbour is a pool of the same family in the region:
 * the effect was measured between zones of one type; the types of a family share their hardware, so that the
 * whole family is counted, which can only raise the risk. Losses older than `rememberedHours` leave no trace.
 *
 * Its own history is that of holding as many as are wanted: a pool that took three of a fleet's ten back has been up for seven all
 * the while. A neighbour's loss is news however many it kept.
 */
export const riskFeatures = (
  candidate: Candidate,
  market: Pick<MarketFacts, "bands" | "losses" | "observedAt" | "refusals">,
  {
    rememberedHours = memoryHours,
    wanted = oneWanted,
  }: { readonly rememberedHours?: number; readonly wanted?: Wanted } = {},
): RiskFeatures => {
  const { zoneId, instanceType } = candidate.pool;
  const isOwn = (event: PoolLoss): boolean =>
    event.zoneId === zoneId && event.instanceType === instanceType;
  const losses = eventsOfFamily(market.losses, instanceType);
  const refusals = eventsOfFamily(market.refusals ?? [], instanceType);
  const now = market.observedAt;
  const events = { losses: losses.filter(isOwn), refusals: refusals.filter(isOwn) };
  const own = historyOf(events, wanted, now);
  const neighbours = losses.filter((loss) => !isOwn(loss));
  const hoursSinceNeighbourLoss = hoursSinceLast(neighbours, now);
  const { placementScore } = candidate;
  return {
    ...bandFeatures(candidate, market),
    ...priceFeatures(candidate),
    ...historyFeatures(own, { nowHours: memoryHours, rememberedHours }),
    ...(hoursSinceNeighbourLoss !== undefined && { hoursSinceNeighbourLoss }),
    ...(placementScore !== undefined && { placementScore }),
    ...timeFeatures(Date.parse(now)),
  };
};
