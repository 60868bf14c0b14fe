/** Which pools could take the instance? A chain of rules, stopped at the first that fails; every rejection is kept. */
import { membersIn } from "../../model/fleet.ts";
import {
  poolKey,
  type AdvisorBand,
  type InstanceTypeFacts,
  type MarketFacts,
  type Pool,
} from "../../model/market.ts";
import type { Candidate, Rejection } from "../../model/offer.ts";
import type { Policy } from "../../policy/policy.ts";
import { launchRules } from "./candidates/like-launch.ts";
import { likenessRules } from "./candidates/like-original.ts";
import { onDemandPoolRules, poolRules } from "./candidates/pool-rules.ts";
import type { Need } from "./need.ts";
import {
  isSoldOnSpot,
  policyRulesAfterLikeness,
  policyRulesBeforeLikeness,
} from "./candidates/type-policy.ts";

export interface CandidatesInput {
  readonly need: Need;
  readonly market: MarketFacts;
  readonly policy: Policy;
}

const typeRules = [
  ...policyRulesBeforeLikeness,
  ...likenessRules,
  ...launchRules,
  ...policyRulesAfterLikeness,
];
const onDemandTypeRules = typeRules.filter((rule) => rule !== isSoldOnSpot);

const firstRejection = <Facts>(
  rules: readonly ((facts: Facts) => Rejection | undefined)[],
  facts: Facts,
): Rejection | undefined => {
  for (const rule of rules) {
    const rejection = rule(facts);
    if (rejection !== undefined) return rejection;
  }
  return undefined;
};

/** The market's lists by key, so that a region of 800 types is gone through once. */
interface MarketIndex {
  readonly typesByName: ReadonlyMap<string, InstanceTypeFacts>;
  readonly zonesByType: ReadonlyMap<string, readonly string[]>;
  readonly spotByZoneAndType: ReadonlyMap<string, number>;
  readonly onDemandByType: ReadonlyMap<string, number>;
  readonly bandByType: ReadonlyMap<string, AdvisorBand>;
  readonly scoreByZone: ReadonlyMap<string, number>;
}

const zonesByType = ({ offerings }: MarketFacts): ReadonlyMap<string, readonly string[]> => {
  const zones = new Map<string, Set<string>>();
  for (const { instanceType, zoneId } of offerings) {
    const known = zones.get(instanceType) ?? new Set();
    zones.set(instanceType, known.add(zoneId));
  }
  return new Map([...zones].map(([instanceType, ids]) => [instanceType, [...ids].sort()]));
};

export const spotKey = (zoneId: string, instanceType: string): string =>
  `${zoneId}#${instanceType}`;

/** Of several prices of one pool the latest holds, and of several at one instant the last. */
export const latestSpotPrices = ({
  spotPrices,
}: Pick<MarketFacts, "spotPrices">): ReadonlyMap<string, number> => {
  const latest = new Map<string, number>();
  const sinceMs = new Map<string, number>();
  for (const { zoneId, instanceType, since, hourlyUsd } of spotPrices) {
    const key = spotKey(zoneId, instanceType);
    const atMs = Date.parse(since);
    if (atMs < (sinceMs.get(key) ?? -Infinity)) continue;
    sinceMs.set(key, atMs);
    latest.set(key, hourlyUsd);
  }
  return latest;
};

const indexMarket = (market: MarketFacts): MarketIndex => ({
  typesByName: new Map(market.types.map((type) => [type.instanceType, type])),
  zonesByType: zonesByType(market),
  spotByZoneAndType: latestSpotPrices(market),
  onDemandByType: new Map(
    market.onDemand.map((price) => [price.instanceType, price.hourlyUsd] as const),
  ),
  bandByType: new Map(market.bands.map((band) => [band.instanceType, band])),
  scoreByZone: new Map(market.placementScores.map(({ zoneId, score }) => [zoneId, score])),
});

/** What the market knows of a pool; what it does not know is left out. */
const describePool = (pool: Pool, { purchase }: Need, index: MarketIndex): Candidate => {
  const spotHourlyUsd = index.spotByZoneAndType.get(spotKey(pool.zoneId, pool.instanceType));
  const onDemandHourlyUsd = index.onDemandByType.get(pool.instanceType);
  const band = index.bandByType.get(pool.instanceType);
  const placementScore = index.scoreByZone.get(pool.zoneId);
  return {
    pool,
    ...(purchase === undefined ? {} : { purchase }),
    ...(spotHourlyUsd === undefined ? {} : { spotHourlyUsd }),
    ...(onDemandHourlyUsd === undefined ? {} : { onDemandHourlyUsd }),
    ...(band === undefined ? {} : { band: band.band, bandLabel: band.label }),
    ...(placementScore === undefined ? {} : { placementScore }),
  };
};

const judgeType = (
  type: InstanceTypeFacts,
  { need, market, policy }: CandidatesInput,
  index: MarketIndex,
): Rejection | undefined => {
  const isWayBack = need.purchase === "ON_DEMAND";
  // What its owner had is good enough, whatever the policy says of Spot.
  if (isWayBack && type.instanceType === need.instanceType) return undefined;
  const original = index.typesByName.get(need.instanceType);
  const rules = isWayBack ? onDemandTypeRules : typeRules;
  if (original !== undefined) return firstRejection(rules, { type, original, need, policy });
  return {
    code: "TYPE_OF_ORIGINAL_UNKNOWN",
    sentence: `can't be compared: the catalogue of ${market.region} does not have the original's type ${need.instanceType}`,
  };
};

const judgePool = (candidate: Candidate, input: CandidatesInput, index: MarketIndex): Candidate => {
  const isWayBack = input.need.purchase === "ON_DEMAND";
  const rejection = firstRejection(isWayBack ? onDemandPoolRules : poolRules, {
    ...input,
    pool: candidate.pool,
    spotHourlyUsd: candidate.spotHourlyUsd,
    onDemandHourlyUsd: candidate.onDemandHourlyUsd,
    originalHourlyUsd: index.onDemandByType.get(input.need.instanceType),
    band: index.bandByType.get(candidate.pool.instanceType),
  });
  return rejection === undefined ? candidate : { ...candidate, rejection };
};

const candidatesOfType = (
  type: InstanceTypeFacts,
  input: CandidatesInput,
  index: MarketIndex,
): readonly Candidate[] => {
  const { region, product } = input.market;
  const candidates = (index.zonesByType.get(type.instanceType) ?? []).map((zoneId) =>
    describePool({ region, zoneId, instanceType: type.instanceType, product }, input.need, index),
  );
  const rejection = judgeType(type, input, index);
  if (rejection === undefined) {
    return candidates.map((candidate) => judgePool(candidate, input, index));
  }
  const { fleet, standsIn } = input.need;
  const isStoodIn = (pool: Pool): boolean =>
    (fleet !== undefined && membersIn(fleet, pool) > 0) ||
    (standsIn !== undefined && poolKey(standsIn) === poolKey(pool));
  return candidates
    .filter(({ pool }, index) => index === 0 || isStoodIn(pool))
    .map((candidate) => ({ ...candidate, rejection }));
};

/**
 * One candidate per type and zone in which the region offers the type, sorted by type and zone; each that can't
 * take the instance has the first reason why, with the figures. A type that is rejected as a whole (all codes that
 * begin with TYPE_) gives ONE row, for its first zone, because the reason is the same in each: this keeps the record
 * of a region of 800 types and six zones at about 1,000 rows instead of 4,800. A pool in which the target stands on Spot has its row all the
 * same: what it costs to stay there is judged.
 */
export const filterCandidates = (input: CandidatesInput): readonly Candidate[] => {
  const index = indexMarket(input.market);
  return [...index.typesByName.values()]
    .sort((one, other) => (one.instanceType < other.instanceType ? -1 : 1))
    .flatMap((type) => candidatesOfType(type, input, index));
};
