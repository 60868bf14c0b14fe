/**
 * What is known of each pool of a region that has taken an instance back or refused one of late, or is in quarantine: for people to
 * read. It is what an account sees that has lost nothing there itself, and names no account and no instance.
 */
import { hoursPerMonth } from "../hours.ts";
import { poolKey, type Pool, type PoolLoss, type RegionMarket } from "../model/market.ts";
import type { PoolCost } from "../model/pool-cost.ts";
import type { Candidate } from "../model/offer.ts";
import type { PoolQuarantine } from "../model/pool-quarantine.ts";
import { distinctLosses, lossesOfLab, type ToldLoss } from "./distinct-losses.ts";
import { riskFeatures } from "./features.ts";
import { firstByName } from "./market-index.ts";
import type { RiskFeatures, RiskModel } from "./model.ts";

/** With its product, of which a judgement does not ask: what Windows loses in a zone and type, Linux loses as well. */
type OfPool<Event> = Event & Pick<Pool, "product">;

export interface PoolsKnown {
  readonly region: string;
  /** ISO 8601 */
  readonly now: string;
  /** As they were told, from as far back as a model remembers. */
  readonly losses: readonly OfPool<ToldLoss & { readonly isLate?: true }>[];
  readonly refusals: readonly OfPool<PoolLoss>[];
  readonly quarantines: readonly PoolQuarantine[];
  /** What quarantine and bans cost, as the last sweeps have judged. */
  readonly costs: readonly Omit<PoolCost, "accountId">[];
}

interface PoolRisk {
  /** 0…1, within `horizonHours`. */
  readonly probability: number;
  /** As if no pool of the region had lost or refused anything. */
  readonly calmProbability: number;
  readonly horizonHours: number;
  readonly modelVersion: string;
}

interface SavingGivenUp {
  /** That would go there. */
  readonly targets: number;
  readonly hourlyUsd: number;
  readonly monthlyUsd: number;
  /** When the oldest of the verdicts was given, ISO 8601. */
  readonly judgedAt: string;
}

interface LossesOfDay {
  /** UTC, `2026-03-01`. */
  readonly day: string;
  readonly losses: number;
}

export interface PoolStanding {
  readonly pool: Pool;
  /** Each half as much every 24 h, now. */
  readonly decayedLosses: number;
  readonly losses: number;
  /** Of LAB accounts, besides: they count for these alone. */
  readonly labLosses: number;
  /** Oldest first; a day without one is left out. */
  readonly lossesByDay: readonly LossesOfDay[];
  /** ISO 8601 */
  readonly lastLossAt?: string;
  /** Instances whose loss a sweep has found, and of which no event told. */
  readonly foundLate: number;
  readonly refusals: number;
  readonly lastRefusalAt?: string;
  /** Absent: the market of its product has never been read. */
  readonly risk?: PoolRisk;
  readonly quarantine?: PoolQuarantine;
  /** Absent: no target is known that would go there but for its quarantine. */
  readonly givenUp?: SavingGivenUp;
}

/** Those of which anything is known, in the order of their keys. */
export const poolsOf = ({ region, losses, refusals, quarantines }: PoolsKnown): readonly Pool[] => {
  const told = [...losses, ...refusals].map(({ zoneId, instanceType, product }) => ({
    region,
    zoneId,
    instanceType,
    product,
  }));
  const pools = new Map(
    [...told, ...quarantines.map(({ pool }) => pool)].map((pool) => [poolKey(pool), pool]),
  );
  return [...pools.values()].toSorted((one, other) => (poolKey(one) < poolKey(other) ? -1 : 1));
};

/** Whatever its product: what Windows loses in a zone and type, Linux loses as well. */
const placeOf = ({ zoneId, instanceType }: Pick<Pool, "instanceType" | "zoneId">): string =>
  `${zoneId} ${instanceType}`;

const lastOf = (events: readonly PoolLoss[]): string | undefined =>
  events
    .map(({ at }) => at)
    .toSorted()
    .at(-1);

const byDay = (losses: readonly PoolLoss[]): readonly LossesOfDay[] =>
  [...Map.groupBy(losses, ({ at }) => at.slice(0, "2026-03-01".length))]
    .map(([day, ofDay]) => ({ day, losses: ofDay.length }))
    .toSorted((one, other) => (one.day < other.day ? -1 : 1));

type Prices = Pick<Candidate, "spotHourlyUsd" | "onDemandHourlyUsd">;

const pricesIn = (market: RegionMarket): ((pool: Pool) => Prices) => {
  const spotPrices = firstByName(market.spotPrices, placeOf);
  const onDemandPrices = firstByName(market.onDemand, ({ instanceType }) => instanceType);
  return (pool) => {
    const spot = spotPrices.get(placeOf(pool));
    const onDemand = onDemandPrices.get(pool.instanceType);
    return {
      ...(spot !== undefined && { spotHourlyUsd: spot.hourlyUsd }),
      ...(onDemand !== undefined && { onDemandHourlyUsd: onDemand.hourlyUsd }),
    };
  };
};

const givenUpBy = (own: PoolsKnown["costs"]): SavingGivenUp | undefined => {
  const [judgedAt] = own.map(({ at }) => at).toSorted();
  if (judgedAt === undefined) return undefined;
  const hourlyUsd = own.reduce((sum, cost) => sum + cost.hourlyUsd, 0);
  return {
    targets: own.reduce((sum, { targets }) => sum + targets, 0),
    hourlyUsd,
    monthlyUsd: hourlyUsd * hoursPerMonth,
    judgedAt,
  };
};

interface Asked {
  readonly market: RegionMarket | undefined;
  readonly model: RiskModel;
  readonly horizonHours: number;
}

/** The sums of the `losses` and `labLosses` of these pools, without judging any of them. */
export const lossesOf = (
  { losses: told }: Pick<PoolsKnown, "losses">,
  pools: readonly Pool[],
): Pick<PoolStanding, "losses" | "labLosses"> => {
  const sumOf = (losses: readonly PoolLoss[]): number => {
    const byPlace = Map.groupBy(losses, placeOf);
    return pools.reduce((sum, pool) => sum + (byPlace.get(placeOf(pool))?.length ?? 0), 0);
  };
  return { losses: sumOf(distinctLosses(told, undefined)), labLosses: sumOf(lossesOfLab(told)) };
};

/** Of every pool what is its own, found in one walk through all that is known. */
const ownOf = (known: PoolsKnown, told: readonly PoolLoss[]) => {
  const losses = Map.groupBy(told, placeOf);
  const labLosses = Map.groupBy(lossesOfLab(known.losses), placeOf);
  const foundLate = Map.groupBy(
    known.losses.filter(({ isLate }) => isLate === true),
    placeOf,
  );
  const refusals = Map.groupBy(known.refusals, placeOf);
  const costs = Map.groupBy(known.costs, (cost) => poolKey(cost.pool));
  const quarantines = firstByName(known.quarantines, (one) => poolKey(one.pool));
  return (pool: Pool) => ({
    losses: losses.get(placeOf(pool)) ?? [],
    labLosses: labLosses.get(placeOf(pool))?.length ?? 0,
    foundLate: foundLate.get(placeOf(pool))?.length ?? 0,
    refusals: refusals.get(placeOf(pool)) ?? [],
    givenUp: givenUpBy(costs.get(poolKey(pool)) ?? []),
    quarantine: quarantines.get(poolKey(pool)),
  });
};

interface Judging extends Asked {
  readonly pricesOf: (pool: Pool) => Prices;
}

const noPrices = (): Prices => ({});

const judgingBy = (asked: (product: string) => Asked): ((product: string) => Judging) => {
  const products = new Map<string, Judging>();
  return (product) => {
    const before = products.get(product);
    if (before !== undefined) return before;
    const answer = asked(product);
    const { market } = answer;
    const made = { ...answer, pricesOf: market === undefined ? noPrices : pricesIn(market) };
    products.set(product, made);
    return made;
  };
};

const riskOf = (
  { model, horizonHours }: Asked,
  features: RiskFeatures,
  calm: RiskFeatures,
): PoolRisk => ({
  probability: model.probability(features, horizonHours),
  calmProbability: model.probability(calm, horizonHours),
  horizonHours,
  modelVersion: model.version,
});

/**
 * @param asked of each product once
 * @returns of each pool that is asked for
 */
export const poolStandings = (
  known: PoolsKnown,
  pools: readonly Pool[],
  asked: (product: string) => Asked,
): readonly PoolStanding[] => {
  const { now: observedAt } = known;
  const memory = { losses: distinctLosses(known.losses, undefined), refusals: known.refusals };
  const own = ownOf(known, memory.losses);
  const judging = judgingBy(asked);
  return pools.map((pool) => {
    const of = judging(pool.product);
    const { bands = [] } = of.market ?? {};
    const candidate = { pool, ...of.pricesOf(pool) };
    const features = riskFeatures(candidate, { bands, observedAt, ...memory });
    const calm = riskFeatures(candidate, { bands, observedAt, losses: [] });
    const { losses, labLosses, foundLate, refusals, quarantine, givenUp } = own(pool);
    const [lastLossAt, lastRefusalAt] = [lastOf(losses), lastOf(refusals)];
    return {
      pool,
      decayedLosses: features.recentPoolLosses ?? 0,
      losses: losses.length,
      labLosses,
      lossesByDay: byDay(losses),
      ...(lastLossAt !== undefined && { lastLossAt }),
      foundLate,
      refusals: refusals.length,
      ...(lastRefusalAt !== undefined && { lastRefusalAt }),
      ...(of.market !== undefined && { risk: riskOf(of, features, calm) }),
      ...(quarantine !== undefined && { quarantine }),
      ...(givenUp !== undefined && { givenUp }),
    };
  });
};
