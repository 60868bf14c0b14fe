/** Rules about one pool, of a type that fits: is the zone within reach, and is the price known and right? */
import { hoursBetween } from "../../../hours.ts";
import {
  poolKey,
  type AdvisorBand,
  type MarketFacts,
  type Pool,
  type SubnetFacts,
} from "../../../model/market.ts";
import type { Rejection } from "../../../model/offer.ts";
import { limitName } from "../../../policy/limit-name.ts";
import type { Policy } from "../../../policy/policy.ts";
import { hours, percent, usdPerHour } from "../figures.ts";
import { banHours, isBanned } from "../../../risk/quarantine.ts";
import type { Need } from "../need.ts";

interface PoolFacts {
  readonly pool: Pool;
  readonly need: Need;
  readonly market: MarketFacts;
  readonly policy: Policy;
  readonly spotHourlyUsd: number | undefined;
  readonly onDemandHourlyUsd: number | undefined;
  /** On-Demand price of the original's type. */
  readonly originalHourlyUsd: number | undefined;
  readonly band: AdvisorBand | undefined;
}

export type PoolRule = (facts: PoolFacts) => Rejection | undefined;

const isWhereItMustBe: PoolRule = ({ pool, need }) => {
  const pin = need.pins.find(({ zoneId }) => zoneId !== pool.zoneId);
  return pin && { code: "ZONE_PINNED", sentence: `is not in ${pin.zoneId}, where ${pin.because}` };
};

/** One that gets no traffic can't take the place of one that does. */
const isServed: PoolRule = ({ pool, need }) => {
  const reach = need.reaches.find(({ zoneIds }) => !zoneIds.includes(pool.zoneId));
  return (
    reach && {
      code: "ZONE_NOT_SERVED",
      sentence: `would get no traffic: ${reach.who} serves ${reach.zoneIds.join(", ") || "no zone"}`,
    }
  );
};

const subnetsOfZone = ({ pool, market }: PoolFacts): readonly SubnetFacts[] =>
  market.subnets.filter((subnet) => subnet.zoneId === pool.zoneId);

const subnetsWithin = (facts: PoolFacts): readonly SubnetFacts[] =>
  subnetsOfZone(facts).filter(({ subnetId }) => facts.need.subnetIds.includes(subnetId));

const hasSubnet: PoolRule = (facts) =>
  subnetsOfZone(facts).length > 0
    ? undefined
    : {
        code: "NO_SUBNET_IN_ZONE",
        sentence: `has no subnet in ${facts.need.vpcId} that the replacement could be launched into`,
      };

/** An Elastic IP belongs to a border group: in another (a Local Zone) AWS refuses to associate it. */
const addressesCanFollow: PoolRule = (facts) => {
  const { borderGroup } = facts.need;
  const groups = subnetsOfZone(facts).map((subnet) => subnet.borderGroup);
  if (borderGroup === undefined || groups.includes(borderGroup)) return undefined;
  const found = [...new Set(groups.map((group) => group ?? "an unknown one"))].join(", ");
  return {
    code: "ADDRESS_CANNOT_FOLLOW",
    sentence: `is in network border group ${found}, and the original's Elastic IPs can't leave ${borderGroup}`,
  };
};

/** A route of another kind is another exposure to the internet, or none where there was one. */
const hasLikeSubnet: PoolRule = (facts) => {
  if (subnetsWithin(facts).length > 0) return undefined;
  const { need, market } = facts;
  const own = market.subnets.find(({ subnetId }) => subnetId === need.subnetId);
  const egress = own?.egress ?? "unknown";
  const others = subnetsOfZone(facts).map((subnet) => `${subnet.subnetId} has ${subnet.egress}`);
  return {
    code: "NO_LIKE_SUBNET_IN_ZONE",
    sentence: `has no subnet with a default route like that of the original's ${need.subnetId} (${egress}): ${others.join(", ")}`,
  };
};

const hasFreeAddress: PoolRule = (facts) => {
  const subnets = subnetsWithin(facts);
  if (subnets.some((subnet) => subnet.freeAddresses > 0)) return undefined;
  return {
    code: "NO_FREE_ADDRESS",
    sentence: `has no free address (${subnets.map((subnet) => subnet.subnetId).join(", ")}: 0)`,
  };
};

const hasSpotPrice: PoolRule = ({ market, spotHourlyUsd }) =>
  spotHourlyUsd !== undefined
    ? undefined
    : {
        code: "NO_SPOT_PRICE",
        sentence: `has no known ${market.product} Spot price`,
      };

const hasOnDemandPrice: PoolRule = ({ need, market, ...prices }) => {
  if (prices.onDemandHourlyUsd === undefined) {
    return {
      code: "NO_ON_DEMAND_PRICE",
      sentence: `has no known ${market.product} On-Demand price`,
    };
  }
  if (prices.originalHourlyUsd !== undefined) return undefined;
  return {
    code: "NO_ON_DEMAND_PRICE",
    sentence: `can't be held against the price cap: the original's ${need.instanceType} has no known ${market.product} On-Demand price`,
  };
};

const hasBand: PoolRule = ({ market, band }) =>
  band !== undefined
    ? undefined
    : {
        code: "NO_INTERRUPTION_BAND",
        sentence: `has no interruption band in the Spot Advisor feed of ${market.bandsFetchedAt}`,
      };

const bandIsLow: PoolRule = ({ policy, band }) => {
  if (band === undefined || band.minPercent < policy.maxBandPercent) return undefined;
  return {
    code: "BAND_OVER_LIMIT",
    sentence: `is interrupted ${band.label} a month (from ${percent(band.minPercent)}), and ${limitName("maxBandPercent")} is ${percent(policy.maxBandPercent)}`,
  };
};

const isNotQuarantined: PoolRule = ({ pool, market }) => {
  const entry = market.quarantined.find(
    ({ poolKey: key, until }) =>
      key === poolKey(pool) && hoursBetween(market.observedAt, until) > 0,
  );
  if (entry === undefined) return undefined;
  return {
    code: "QUARANTINED",
    sentence: `is in quarantine until ${entry.until}: ${entry.reason}`,
  };
};

const isNotBanned: PoolRule = ({ pool, market, policy }) => {
  const last = market.losses
    .filter((loss) => loss.zoneId === pool.zoneId && loss.instanceType === pool.instanceType)
    .reduce<string | undefined>(
      (latest, { at }) => (latest === undefined || at > latest ? at : latest),
      undefined,
    );
  if (last === undefined) return undefined;
  const since = hoursBetween(last, market.observedAt);
  if (!isBanned(since, policy.quarantine)) return undefined;
  return {
    code: "QUARANTINED",
    sentence: `took an instance ${hours(since)} ago (${last}), and the policy bans a pool for ${hours(banHours(policy.quarantine))} after that`,
  };
};

const priceIsUnderCap: PoolRule = ({ policy, spotHourlyUsd, originalHourlyUsd }) => {
  if (spotHourlyUsd === undefined || originalHourlyUsd === undefined) return undefined;
  const capUsd = (originalHourlyUsd * policy.maxPricePercent) / 100;
  if (spotHourlyUsd <= capUsd) return undefined;
  return {
    code: "PRICE_OVER_CAP",
    sentence: `costs ${usdPerHour(spotHourlyUsd)}, over the cap of ${usdPerHour(capUsd)} (${percent(policy.maxPricePercent)} of the original's ${usdPerHour(originalHourlyUsd)})`,
  };
};

/** Where it may be at all, however it is bought. */
const placeRules: readonly PoolRule[] = [
  isWhereItMustBe,
  isServed,
  hasSubnet,
  addressesCanFollow,
  hasLikeSubnet,
  hasFreeAddress,
];

/** Nothing is known of its price: that may not keep a load from the very type that its owner had. */
const hasPriceUnlessOwners: PoolRule = (facts) =>
  facts.pool.instanceType === facts.need.instanceType ? undefined : hasOnDemandPrice(facts);

/** Bands, losses and Spot prices say nothing of On-Demand capacity. */
export const onDemandPoolRules: readonly PoolRule[] = [...placeRules, hasPriceUnlessOwners];

export const poolRules: readonly PoolRule[] = [
  ...placeRules,
  hasSpotPrice,
  hasOnDemandPrice,
  hasBand,
  bandIsLow,
  isNotQuarantined,
  isNotBanned,
  priceIsUnderCap,
];
