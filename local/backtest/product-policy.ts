/**
 * The product under test: its risk model and its decisions, by the very functions that the Lambdas call, on what an online
 * system would know. Only the filter is left out: a trace knows neither instance types, subnets nor advisor bands.
 */
import {
  compareOffers,
  isAcceptable,
  priceOffer,
  switchingHourlyCost,
  type PricedOffer,
  type Terms,
} from "../../core/decide/offer-cost.ts";
import { choosePlacement, moveCeiling, type Standing } from "../../core/decide/placement.ts";
import { spreadOverPools } from "../../core/decide/spread.ts";
import type { Pool } from "../../core/model/market.ts";
import type { Offer, RiskEstimate } from "../../core/model/offer.ts";
import type { Policy } from "../../core/policy.ts";
import type { RiskModel } from "../../core/risk/model.ts";
import { isBanned, rememberedHours } from "../../core/risk/quarantine.ts";
import {
  places,
  type BacktestPolicy,
  type BacktestUnit,
  type Desk,
  type Placer,
} from "./policy.ts";
import { PoolWatch } from "./pool-watch.ts";
import type { MarketDescription } from "./recorded-market.ts";

export interface ProductOptions {
  readonly name: string;
  readonly isProbing: boolean;
  readonly policy: Policy;
  readonly model: RiskModel;
}

/** The sweep's own interval; an interruption is answered at once. */
const reviewSeconds = 900;

const secondsPerHour = 3600;
/** No tick. */
const never = -1;

/** Of one zone, as long as nothing new is known of it. */
interface KnownOffer {
  readonly tick: number;
  readonly offer: Offer | PricedOffer;
}

class ProductPlacer implements Placer {
  readonly #options: ProductOptions;
  readonly #terms: Terms;
  readonly #watch: PoolWatch;
  readonly #pools: readonly Pool[];
  readonly #unitPlaces: Int32Array;
  readonly #movedAt: Float64Array;
  /** By zone: how many of our instances are there; at which tick it last took or refused one. */
  readonly #instances: Int32Array;
  readonly #stirredAt: Int32Array;
  readonly #refusedAt: Int32Array;
  readonly #known: (KnownOffer | undefined)[];
  readonly #zones: ReadonlyMap<Pool, number>;
  readonly #reviewTicks: number;
  /** What all units are offered at that tick. */
  #rankedAt = never;
  #rankedOffers: readonly PricedOffer[] = [];

  constructor(options: ProductOptions, market: MarketDescription, units: number) {
    this.#options = options;
    // A trace's prices are shares of On-Demand.
    this.#terms = { policy: options.policy, onDemandHourlyUsd: 1 };
    this.#watch = new PoolWatch(market);
    this.#pools = market.zones.map((zone) => ({
      region: "",
      zoneId: zone,
      instanceType: market.instanceType ?? "",
      product: "",
    }));
    this.#zones = new Map(this.#pools.map((pool, zone) => [pool, zone]));
    this.#unitPlaces = new Int32Array(units).fill(places.onDemand);
    this.#movedAt = new Float64Array(units).fill(-Infinity);
    this.#instances = new Int32Array(market.zones.length);
    this.#stirredAt = new Int32Array(market.zones.length).fill(never);
    this.#refusedAt = new Int32Array(market.zones.length).fill(never);
    this.#known = market.zones.map(() => undefined);
    this.#reviewTicks = Math.max(1, Math.round(reviewSeconds / market.gapSeconds));
  }

  tick(desk: Desk): void {
    if (!this.#options.isProbing) return;
    for (let zone = 0; zone < this.#pools.length; zone += 1) {
      const isUp = desk.isUp(zone);
      // A pool that our own instances have filled is not empty.
      if (isUp || this.#instancesIn(zone) === 0) this.#watch.seen(zone, isUp, desk.now);
    }
  }

  lost(unit: BacktestUnit, zone: number, desk: Desk): void {
    this.#count(zone, -1);
    this.#unitPlaces[unit.index] = unit.place;
    this.#watch.lost(zone, desk.now);
    this.#stir(zone, desk.tick);
  }

  failed(zone: number, desk: Desk): void {
    this.#watch.refused(zone, desk.now);
    this.#refusedAt[zone] = desk.tick;
    this.#stir(zone, desk.tick);
  }

  decide(unit: BacktestUnit, desk: Desk): void {
    this.#settle(unit);
    if (!this.#isDue(unit, desk)) return;
    const standing = this.#standingOf(unit, desk);
    const offers = this.#couldMove(standing, desk) ? this.#offersFor(unit, desk) : [];
    const placement = choosePlacement(standing, offers, this.#terms);
    const isPlaced = placement.kind === "MOVE" && this.#tryPools(unit, placement.offers, desk);
    const mustLeave = placement.kind === "FALL_BACK" || unit.place === places.down;
    if (!isPlaced && mustLeave) desk.launchOnDemand(unit);
    if (isPlaced || mustLeave) this.#movedAt[unit.index] = desk.now;
  }

  /** A boot has ended since the unit last decided: what it left is free. */
  #settle(unit: BacktestUnit): void {
    const before = this.#unitPlaces[unit.index] ?? places.onDemand;
    if (before === unit.place) return;
    if (before >= 0) this.#count(before, -1);
    this.#unitPlaces[unit.index] = unit.place;
  }

  #isDue(unit: BacktestUnit, { tick, now }: Desk): boolean {
    if (unit.place === places.down) return true;
    const sinceMove = (now - (this.#movedAt[unit.index] ?? -Infinity)) / secondsPerHour;
    if (sinceMove < this.#options.policy.dwellHours) return false;
    return tick % this.#reviewTicks === 0 || this.#stirredAt[unit.place] === tick;
  }

  #standingOf(unit: BacktestUnit, desk: Desk): Standing {
    if (unit.place === places.onDemand) return { kind: "ON_DEMAND" };
    if (unit.place === places.down) return { kind: "INTERRUPTED" };
    return {
      kind: "SPOT",
      spotHourlyUsd: desk.price(unit.place),
      risk: this.#riskOf(unit.place, desk),
    };
  }

  #riskOf(zone: number, desk: Desk): RiskEstimate {
    const { model, policy } = this.#options;
    const features = this.#watch.features(
      zone,
      { seconds: desk.now, priceRatio: desk.price(zone) },
      rememberedHours(policy.quarantine),
    );
    return {
      probability: model.probability(features, policy.horizonHours),
      horizonHours: policy.horizonHours,
      modelVersion: model.version,
    };
  }

  /** False where even a pool without any risk would cost too much: no risk need be asked for then. */
  #couldMove(standing: Standing, desk: Desk): boolean {
    let lowestPrice = Infinity;
    for (let zone = 0; zone < this.#pools.length; zone += 1) {
      lowestPrice = Math.min(lowestPrice, desk.price(zone));
    }
    const leastCost = lowestPrice + switchingHourlyCost(this.#terms);
    return leastCost <= moveCeiling(standing, this.#terms);
  }

  #offersFor(unit: BacktestUnit, desk: Desk): readonly PricedOffer[] {
    const elsewhere = this.#ranked(desk).filter((offer) => this.#zoneOf(offer) !== unit.place);
    return spreadOverPools(
      elsewhere,
      {
        instances: this.#unitPlaces.length,
        instancesIn: (offer) => this.#instancesIn(this.#zoneOf(offer)),
      },
      this.#options.policy,
    );
  }

  /** Best first; pools that are known to have nothing now, are banned, or break a limit are left out. */
  #ranked(desk: Desk): readonly PricedOffer[] {
    if (this.#rankedAt !== desk.tick) {
      const offers: Offer[] = [];
      for (let zone = 0; zone < this.#pools.length; zone += 1) {
        if (this.#isOpen(zone, desk)) offers.push(this.#offerOf(zone, desk));
      }
      this.#rankedOffers = offers.filter(isAcceptable).sort(compareOffers);
      this.#rankedAt = desk.tick;
    }
    return this.#rankedOffers;
  }

  #zoneOf({ pool }: Offer): number {
    return this.#zones.get(pool) ?? places.none;
  }

  #isOpen(zone: number, desk: Desk): boolean {
    const { isProbing, policy } = this.#options;
    if (this.#refusedAt[zone] === desk.tick || (isProbing && !desk.isUp(zone))) return false;
    if (desk.price(zone) * 100 > policy.maxPricePercent) return false;
    return !isBanned(this.#watch.hoursSinceLoss(zone, desk.now), policy.quarantine);
  }

  #offerOf(zone: number, desk: Desk): Offer | PricedOffer {
    const known = this.#known[zone];
    if (known?.tick === desk.tick) return known.offer;
    const pool = this.#pools[zone];
    if (pool === undefined) throw new RangeError(`The market has no zone ${String(zone)}.`);
    const offer = priceOffer(
      {
        pool,
        spotHourlyUsd: desk.price(zone),
        onDemandHourlyUsd: 1,
        risk: this.#riskOf(zone, desk),
      },
      this.#terms,
    );
    this.#known[zone] = { tick: desk.tick, offer };
    return offer;
  }

  #tryPools(unit: BacktestUnit, offers: readonly PricedOffer[], desk: Desk): boolean {
    for (const offer of offers) {
      const zone = this.#zoneOf(offer);
      if (!desk.launchSpot(unit, zone)) continue;
      this.#count(zone, 1);
      this.#watch.gave(zone, desk.now);
      return true;
    }
    return false;
  }

  #instancesIn(zone: number): number {
    return this.#instances[zone] ?? 0;
  }

  #count(zone: number, change: number): void {
    this.#instances[zone] = this.#instancesIn(zone) + change;
  }

  /** Something new is known of the pool: what was computed is void, and units there decide anew. */
  #stir(zone: number, tick: number): void {
    this.#stirredAt[zone] = tick;
    this.#known[zone] = undefined;
    this.#rankedAt = never;
  }
}

export const productPolicy = (options: ProductOptions): BacktestPolicy => ({
  name: options.name,
  isProbing: options.isProbing,
  start: (market, units) => new ProductPlacer(options, market, units),
});
