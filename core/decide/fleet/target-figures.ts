/** What a verdict and its market tell of a target for the fleet's table: what it pays, what that saves, and how likely an interruption is. */
import type { Placement } from "../../model/evaluation.ts";
import type { GroupKind } from "../../model/group.ts";
import type { GroupTemplate } from "../../model/group-template.ts";
import { hasEnded } from "../../model/instance.ts";
import type { FleetRow } from "../../model/fleet-row.ts";
import type { RegionMarket } from "../../model/market.ts";
import type { Offer } from "../../model/offer.ts";
import type { BulkInstance, PlaceReading } from "../../model/place-reading.ts";
import { instanceIn } from "../../model/place-reading.ts";
import type { Target } from "../../model/target.ts";
import type { Verdict } from "../../model/verdict.ts";
import { effectivePolicy } from "../../policy/policy.ts";
import { latestSpotPrices, spotKey } from "../offers/candidates.ts";
import { savingsOfAll } from "../offers/savings.ts";
import { membersOf } from "./spot-inventory.ts";

export type TargetFigures = Pick<
  FleetRow,
  "risk" | "paysHourlyUsd" | "onDemandHourlyUsd" | "saves"
>;

type Prices = Pick<RegionMarket, "spotPrices" | "onDemand">;

interface PriceIndex {
  readonly spot: ReadonlyMap<string, number>;
  readonly onDemand: ReadonlyMap<string, number>;
}

/** Of each market: thousands of targets ask the same. */
const indexes = new WeakMap<Prices["spotPrices"], PriceIndex>();

const indexOf = (market: Prices): PriceIndex => {
  const known = indexes.get(market.spotPrices) ?? {
    spot: latestSpotPrices(market),
    onDemand: new Map(market.onDemand.map((each) => [each.instanceType, each.hourlyUsd])),
  };
  indexes.set(market.spotPrices, known);
  return known;
};

export const isOnSpot = ({ lifecycle }: Pick<BulkInstance, "lifecycle">): boolean =>
  lifecycle === "spot";

/** Those that are paid for: what stands still costs its disks alone. */
export const runningOf = (reading: PlaceReading, target: Target): readonly BulkInstance[] =>
  membersOf(reading, target)
    .flatMap((instanceId) => instanceIn(reading, instanceId) ?? [])
    .filter(({ state }) => !hasEnded(state) && state !== "stopped" && state !== "stopping");

/** What is known of who launched what stands there. */
interface OriginFacts {
  readonly placedBy?: Pick<Placement, "originalType">;
  readonly group?: {
    readonly kind: Pick<GroupKind, "mixedInstances">;
    readonly template?: Pick<GroupTemplate, "instanceType">;
  };
}

/**
 * The type that its owner would run On-Demand in its stead: Spot may have offered a larger one, whose full price nobody would have paid.
 * Undefined: its own, as far as anybody knows.
 */
const ownersType = ({ placedBy, group }: OriginFacts): string | undefined =>
  placedBy?.originalType ??
  (group?.kind.mixedInstances === undefined ? group?.template?.instanceType : undefined);

interface Paid {
  readonly isSpot: boolean;
  readonly pays: number;
  readonly onDemand: number;
}

/** Undefined: a price of one of them is not known. */
const paidFor = (
  running: readonly BulkInstance[],
  { market, facts }: { readonly market: Prices; readonly facts: OriginFacts },
): readonly Paid[] | undefined => {
  const { spot, onDemand } = indexOf(market);
  const before = ownersType(facts);
  const paid = running.flatMap((instance): readonly Paid[] => {
    const { instanceType, zoneId } = instance;
    const isSpot = isOnSpot(instance);
    const full = onDemand.get(isSpot ? (before ?? instanceType) : instanceType);
    const pays = isSpot ? spot.get(spotKey(zoneId, instanceType)) : full;
    return full === undefined || pays === undefined ? [] : [{ isSpot, pays, onDemand: full }];
  });
  return paid.length === 0 || paid.length < running.length ? undefined : paid;
};

const sumOf = (paid: readonly Paid[], name: "pays" | "onDemand"): number =>
  Number(paid.reduce((sum, each) => sum + each[name], 0).toFixed(6));

/** Of the pool that is likeliest to be taken. */
const highest = (risks: readonly number[]): number | undefined =>
  risks.length === 0 ? undefined : Math.max(...risks);

const riskOf = (
  running: readonly BulkInstance[],
  { verdict, offers }: { readonly verdict: Verdict; readonly offers: readonly Offer[] },
): number | undefined => {
  const onSpot = running.filter(isOnSpot);
  const isIn = ({ pool }: Offer, one: { readonly zoneId: string; readonly instanceType: string }) =>
    pool.zoneId === one.zoneId && pool.instanceType === one.instanceType;
  if (onSpot.length > 0) {
    const stands = offers.filter((offer) => onSpot.some((instance) => isIn(offer, instance)));
    return highest(stands.flatMap(({ staying, risk }) => (staying ?? risk)?.probability ?? []));
  }
  const [first] = verdict.offers;
  const chosen = first && offers.find((offer) => isIn(offer, first));
  return chosen?.risk?.probability;
};

const savesOf = (
  target: Target,
  { verdict, paid }: { readonly verdict: Verdict; readonly paid: readonly Paid[] | undefined },
): FleetRow["saves"] => {
  const onSpot = paid?.filter(({ isSpot }) => isSpot) ?? [];
  const { coveredHourlyUsd } = effectivePolicy(target.pipelineMode, target.policyOverrides);
  const standing = savingsOfAll(
    onSpot.map(({ pays, onDemand }) => ({
      beforeHourlyUsd: onDemand,
      coveredHourlyUsd,
      afterHourlyUsd: pays,
    })),
  );
  if (standing !== undefined) return { monthlyUsd: standing.monthlyUsd, basis: "ESTIMATED" };
  const { kind, savings } = verdict;
  if (kind !== "SWITCH" || savings === undefined) return undefined;
  return { monthlyUsd: savings.monthlyUsd, basis: target.isShadowMode ? "SHADOW" : "PLANNED" };
};

export interface JudgedTarget {
  readonly target: Target;
  readonly reading: PlaceReading;
  readonly verdict: Verdict;
  /** Of the judgement: each candidate, those not rejected with a risk. */
  readonly offers: readonly Offer[];
  /** That the verdict rests on. */
  readonly facts: OriginFacts;
  /** Absent: nothing of it was looked at. */
  readonly market?: Prices | undefined;
}

export const figuresOfTarget = ({
  target,
  reading,
  verdict,
  offers,
  facts,
  market,
}: JudgedTarget): TargetFigures => {
  const running = runningOf(reading, target);
  const paid = market === undefined ? undefined : paidFor(running, { market, facts });
  const risk = riskOf(running, { verdict, offers });
  const saves = savesOf(target, { verdict, paid });
  return {
    ...(risk !== undefined && { risk }),
    ...(paid !== undefined && {
      paysHourlyUsd: sumOf(paid, "pays"),
      onDemandHourlyUsd: sumOf(paid, "onDemand"),
    }),
    ...(saves !== undefined && { saves }),
  };
};
