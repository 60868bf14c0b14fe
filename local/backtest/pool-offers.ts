/**
 * What the product would offer on a recorded market now: each pool with its price, its risk by the product's model, and the
 * product's ranking. Kept for one tick, and until something new is known of a pool.
 */
import {
  compareOffers,
  isAcceptable,
  priceOffer,
  switchingHourlyCost,
  type PricedOffer,
  type Terms,
} from "../../core/decide/offers/offer-cost.ts";
import { currentJudgementVersion } from "../../core/model/judgement-version.ts";
import type { Pool } from "../../core/model/market.ts";
import type { Offer, RiskEstimate } from "../../core/model/offer.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { RiskModel } from "../../core/risk/model.ts";
import { isBanned, rememberedHours } from "../../core/risk/quarantine.ts";
import { places, type Desk } from "./policy.ts";
import { PoolWatch } from "./pool-watch.ts";
import type { MarketDescription } from "./recording.ts";

/** When what was interrupted is launched anew: at the event that tells of it, by the next sweep that finds it, or not at all. */
type Response = "AT_ONCE" | "BY_SWEEP" | "NEVER";

export interface ProductOptions {
  readonly name: string;
  readonly isProbing: boolean;
  readonly policy: Policy;
  readonly model: RiskModel;
  readonly response: Response;
}

/**
 * For so long an announcement is taken for certain. EC2's come "generally 10–20 minutes" ahead, as one of its engineers said (Karpenter's design
 * of interruption handling). Of 15, 30, 60 and 120 minutes this did best on the traces that defaults are chosen on, without false alarms
 * and with two a day.
 */
export const heededSeconds = 900;

/** No tick. */
const never = -1;

export class PoolOffers {
  /** A trace's prices are shares of On-Demand. */
  readonly terms: Terms;
  readonly #options: ProductOptions;
  readonly #watch: PoolWatch;
  readonly #pools: readonly Pool[];
  readonly #zones: ReadonlyMap<Pool, number>;
  /** By zone: at which tick it last refused an instance, and at which anything new was known of it. */
  readonly #refusedAt: Int32Array;
  readonly #stirredAt: Int32Array;
  /** By zone: until when it is closed because a loss was announced there, in seconds since tick 0. */
  readonly #closedUntil: Float64Array;
  #rankedAt = never;
  #ranked: readonly PricedOffer[] = [];

  constructor(
    options: ProductOptions,
    { zones, instanceType = "", startMs }: MarketDescription,
    units: number,
  ) {
    this.terms = {
      policy: options.policy,
      onDemandHourlyUsd: 1,
      judgementVersion: currentJudgementVersion,
    };
    this.#options = options;
    this.#watch = new PoolWatch({ zones, ...(startMs === undefined ? {} : { startMs }) }, units);
    this.#pools = zones.map((zoneId) => ({ region: "", zoneId, instanceType, product: "" }));
    this.#zones = new Map(this.#pools.map((pool, zone) => [pool, zone]));
    this.#refusedAt = new Int32Array(zones.length).fill(never);
    this.#stirredAt = new Int32Array(zones.length).fill(never);
    this.#closedUntil = new Float64Array(zones.length);
  }

  /** For a policy that probes: a look at every pool. */
  look(desk: Desk): void {
    for (let zone = 0; zone < this.#pools.length; zone += 1) {
      this.#watch.seen(zone, desk.holds(zone), desk.now);
    }
  }

  lost(zone: number, desk: Desk): void {
    this.#watch.lost(zone, desk.now, desk.instancesIn(zone));
    this.#stir(zone, desk);
  }

  refused(zone: number, desk: Desk): void {
    this.#watch.refused(zone, desk.now, desk.instancesIn(zone));
    this.#refusedAt[zone] = desk.tick;
    this.#stir(zone, desk);
  }

  /** Whoever looks for a pool takes this one for lost, for a while. */
  announced(zone: number, desk: Desk): void {
    this.#closedUntil[zone] = desk.now + heededSeconds;
    this.#stir(zone, desk);
  }

  gave(zone: number, desk: Desk): void {
    this.#watch.gave(zone, desk.now, desk.instancesIn(zone));
    // The next one asks the pool for one more.
    this.#rankedAt = never;
  }

  /** A loss or a refusal there at this very tick. */
  isStirred(zone: number, { tick }: Desk): boolean {
    return this.#stirredAt[zone] === tick;
  }

  zoneOf({ pool }: Offer): number {
    return this.#zones.get(pool) ?? places.none;
  }

  /** Of a pool in which units are: the risk that it no longer holds them all. */
  riskOfStaying(zone: number, desk: Desk): RiskEstimate {
    return this.#riskOf(zone, desk.instancesIn(zone), desk);
  }

  /** Of an instance whose loss was announced. */
  announcedRisk(): RiskEstimate {
    const { model, policy } = this.#options;
    return { probability: 1, horizonHours: policy.horizonHours, modelVersion: model.version };
  }

  #riskOf(zone: number, wanted: number, desk: Desk): RiskEstimate {
    const { model, policy } = this.#options;
    const features = this.#watch.features(
      zone,
      { seconds: desk.now, priceRatio: desk.price(zone), wanted },
      rememberedHours(policy.quarantine),
    );
    return {
      probability: model.probability(features, policy.horizonHours),
      horizonHours: policy.horizonHours,
      modelVersion: model.version,
    };
  }

  /** USD per hour: what the cheapest pool would cost at least, if it had no risk. */
  leastCost(desk: Desk): number {
    let lowestPrice = Infinity;
    for (let zone = 0; zone < this.#pools.length; zone += 1) {
      lowestPrice = Math.min(lowestPrice, desk.price(zone));
    }
    return lowestPrice + switchingHourlyCost(this.terms);
  }

  /** Best first; pools that are known to have nothing now, are banned, or break a limit are left out. */
  ranked(desk: Desk): readonly PricedOffer[] {
    if (this.#rankedAt !== desk.tick) {
      this.#ranked = this.#pools
        .flatMap((pool, zone) => (this.#isOpen(zone, desk) ? [this.#offerOf(pool, desk)] : []))
        .filter(isAcceptable)
        .sort(compareOffers);
      this.#rankedAt = desk.tick;
    }
    return this.#ranked;
  }

  #isOpen(zone: number, desk: Desk): boolean {
    const { isProbing, policy } = this.#options;
    const own = desk.instancesIn(zone);
    if (desk.now < (this.#closedUntil[zone] ?? 0)) return false;
    if (this.#refusedAt[zone] === desk.tick || (isProbing && desk.holds(zone) <= own)) return false;
    if (desk.price(zone) * 100 > policy.maxPricePercent) return false;
    return !isBanned(this.#watch.hoursSinceLoss(zone, desk.now), policy.quarantine);
  }

  #offerOf(pool: Pool, desk: Desk): Offer | PricedOffer {
    const zone = this.zoneOf({ pool });
    return priceOffer(
      {
        pool,
        spotHourlyUsd: desk.price(zone),
        onDemandHourlyUsd: 1,
        risk: this.#riskOf(zone, desk.instancesIn(zone) + 1, desk),
      },
      this.terms,
    );
  }

  #stir(zone: number, { tick }: Desk): void {
    this.#stirredAt[zone] = tick;
    this.#rankedAt = never;
  }
}
