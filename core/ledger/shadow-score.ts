/**
 * Scores a verdict in shadow mode by what came: prices as they were, losses that were seen in its pool, else the Spot Advisor's band. By the
 * ledger's own formula, with all that a switch costs.
 */
import type { Environment } from "../model/account.ts";
import type { InstanceSpan, PriceKind } from "../model/ledger/span.ts";
import type { Pool } from "../model/market.ts";
import type { Offer } from "../model/offer.ts";
import type { UnscoredReason } from "../model/ledger/shadow.ts";
import type { Policy } from "../policy/policy.ts";
import type { ToldLoss } from "../risk/distinct-losses.ts";
import { hoursPerMonth } from "../hours.ts";
import { ownCost } from "./own-cost.ts";
import { costAtPrices, costOfSpot, type PriceBook } from "./prices.ts";
import { hourMs, instantOf, overlap, type Stretch } from "./time.ts";

export interface ShadowDecision {
  /** ISO 8601 */
  readonly judgedAt: string;
  readonly policy: Pick<Policy, "horizonHours" | "interruptionCostHours" | "switchCostHours">;
  /** What its owner ran. */
  readonly original: PriceKind;
  /** Pools to try, best first, with what was known of them then. */
  readonly offers: readonly Offer[];
  /** Whose cost it bears: of all that one verdict sends elsewhere the first bears that. */
  readonly evaluations: 0 | 1;
}

/** What came. */
export interface ShadowCourse {
  readonly prices: PriceBook;
  /** Losses of the region, whoever's. */
  readonly losses: readonly ToldLoss[];
  /** Spot Instances of PROD accounts in the region. */
  readonly ran: readonly InstanceSpan[];
}

/** 0…1 */
interface Chance {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

export interface ShadowScore {
  readonly hours: number;
  readonly exposedHours: number;
  readonly isProven: boolean;
  /** Net, had it stood there all the time, and had it been lost on the way. */
  readonly heldNanoUsd: bigint;
  readonly lostNanoUsd: bigint;
  readonly chance: Chance;
  /** What was said beforehand. */
  readonly predicted: number;
  /** Absent: nobody knows. */
  readonly wasLost?: boolean;
  /** Of the best of the offers, had it held. */
  readonly bestNanoUsd: bigint;
}

const half = 0.5;

/** Within so long of the verdict a launch in the pool shows that there was capacity. */
const provesWithinMs = hourMs;

export const horizonOf = ({
  judgedAt,
  policy,
}: Pick<ShadowDecision, "judgedAt" | "policy">): Stretch => {
  const from = instantOf(judgedAt);
  return { from, to: from + policy.horizonHours * hourMs };
};

/** Percent of a month, of the label `5-10%`, `<5%`, `>20%`. */
const boundsOf = (label: string): readonly [low: number, high: number] | undefined => {
  const [first, second] = [...label.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  if (first === undefined) return undefined;
  if (label.startsWith("<")) return [0, first];
  return [first, second ?? 100];
};

/** A share of a month as a chance within hours, at an even hazard. */
const within = (percentOfMonth: number, hours: number): number =>
  1 - (1 - Math.min(percentOfMonth, 99) / 100) ** (hours / hoursPerMonth);

/** That none was seen says nothing of how likely one was. */
const chanceOf = ({ bandLabel = "", risk }: Offer, hours: number): Chance => {
  const bounds = boundsOf(bandLabel);
  if (bounds === undefined) return { low: 0, likely: risk?.probability ?? half, high: 1 };
  const [low, high] = bounds;
  return {
    low: within(low, hours),
    likely: within((low + high) / 2, hours),
    high: within(high, hours),
  };
};

const kindOf = ({ product, tenancy }: PriceKind, pool: Pool): PriceKind => ({
  product,
  tenancy,
  instanceType: pool.instanceType,
  zoneId: pool.zoneId,
});

/** Undefined: a part of it has no price. */
const savedOn = (
  { original }: ShadowDecision,
  { prices }: ShadowCourse,
  {
    pool,
    stretch,
    from,
  }: { readonly pool: Pool; readonly stretch: Stretch; readonly from: number },
): bigint | undefined => {
  const kind = kindOf(original, pool);
  const would = costAtPrices(prices.onDemand(original), stretch);
  const spot = { spot: prices.spot(kind), onDemand: prices.onDemand(kind) };
  const ran = costOfSpot(spot, stretch, from);
  const isKnown = would.unboundedSeconds === 0 && ran.source !== "unknown";
  return isKnown ? would.nanoUsd - ran.nanoUsd : undefined;
};

const isIn = (pool: Pool, there: Pick<InstanceSpan, "zoneId" | "instanceType">): boolean =>
  there.zoneId === pool.zoneId && there.instanceType === pool.instanceType;

/** Hours of the stretch in which any of them ran. */
const exposedHours = (spans: readonly InstanceSpan[], stretch: Stretch): number => {
  const parts = spans
    .flatMap(({ startedAt, end }) => {
      const to = end === undefined ? stretch.to : instantOf(end.earliest);
      return overlap({ from: instantOf(startedAt), to }, stretch) ?? [];
    })
    .toSorted((one, other) => one.from - other.from);
  let reached = stretch.from;
  let ms = 0;
  for (const { from, to } of parts) {
    ms += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return ms / hourMs;
};

const isProds = ({ environment = "PROD" }: { readonly environment?: Environment }): boolean =>
  environment === "PROD";

const firstLoss = ({ losses }: ShadowCourse, pool: Pool, stretch: Stretch): number | undefined =>
  losses
    .filter((loss) => isProds(loss) && isIn(pool, loss))
    .map(({ at }) => instantOf(at))
    .filter((at) => at >= stretch.from && at < stretch.to)
    .toSorted((one, other) => one - other)[0];

const certain: Chance = { low: 1, likely: 1, high: 1 };

export const scoreShadow = (
  decision: ShadowDecision,
  course: ShadowCourse,
): ShadowScore | UnscoredReason => {
  const [chosen] = decision.offers;
  if (chosen === undefined) return "FACTS_MISSING";
  const { policy, original, evaluations } = decision;
  const { pool } = chosen;
  const stretch = horizonOf(decision);
  const { from, to } = stretch;
  const hours = (to - from) / hourMs;
  const lossAt = firstLoss(course, pool, stretch);
  const lostAt = lossAt ?? from + (to - from) / 2;
  const held = savedOn(decision, course, { pool, stretch, from });
  const until = savedOn(decision, course, { pool, stretch: { from, to: lostAt }, from });
  if (held === undefined || until === undefined) return "NO_PRICE";
  const hour = costAtPrices(course.prices.onDemand(original), { from, to: from + hourMs }).nanoUsd;
  const ofHours = (count: number): bigint => (hour * BigInt(Math.round(count * 1000))) / 1000n;
  const switching = ofHours(policy.switchCostHours) + ownCost({ hours, evaluations }).nanoUsd;
  const recovering =
    ofHours(policy.interruptionCostHours) + ownCost({ hours: 0, evaluations: 1 }).nanoUsd;
  const inPool = course.ran.filter((span) => isIn(pool, span) && span.product === original.product);
  const exposed = exposedHours(inPool, stretch);
  const others = decision.offers.map((offer) =>
    savedOn(decision, course, { pool: offer.pool, stretch, from }),
  );
  const best = others.reduce<bigint>(
    (most, one) => (one !== undefined && one > most ? one : most),
    held,
  );
  return {
    hours,
    exposedHours: exposed,
    isProven: inPool.some(
      ({ startedAt }) => Math.abs(instantOf(startedAt) - from) <= provesWithinMs,
    ),
    heldNanoUsd: held - switching,
    lostNanoUsd: until - switching - recovering,
    chance: lossAt === undefined ? chanceOf(chosen, hours) : certain,
    predicted: chosen.risk?.probability ?? half,
    // Somebody stood there all the time, and was not taken.
    ...(lossAt !== undefined ? { wasLost: true } : exposed >= hours && { wasLost: false }),
    bestNanoUsd: best - switching,
  };
};
