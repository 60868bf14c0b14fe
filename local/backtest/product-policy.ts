/**
 * The product under test: its risk model and its decisions, by the very functions that the Lambdas call, on what an online
 * system would know. Only the filter is left out: a trace knows neither instance types, subnets nor advisor bands.
 */
import type { PricedOffer } from "../../core/decide/offers/offer-cost.ts";
import { placeAmong } from "../../core/decide/offers/batch.ts";
import { moveCeiling, type Standing } from "../../core/decide/offers/placement.ts";
import {
  places,
  type BacktestPolicy,
  type BacktestUnit,
  type Desk,
  type Placer,
} from "./policy.ts";
import { heededSeconds, PoolOffers, type ProductOptions } from "./pool-offers.ts";
import type { MarketDescription } from "./recording.ts";

/** The sweep's own interval; an interruption is answered at once. */
const reviewSeconds = 900;

const secondsPerHour = 3600;

class ProductPlacer implements Placer {
  readonly #options: ProductOptions;
  readonly #offers: PoolOffers;
  /** By unit: when it last moved, in seconds. */
  readonly #movedAt: Float64Array;
  /** By unit: when the loss of its instance was announced last, in seconds. */
  readonly #announcedAt: Float64Array;
  readonly #reviewTicks: number;

  constructor(options: ProductOptions, market: MarketDescription, units: number) {
    this.#options = options;
    this.#offers = new PoolOffers(options, market, units);
    this.#movedAt = new Float64Array(units).fill(-Infinity);
    this.#announcedAt = new Float64Array(units).fill(-Infinity);
    this.#reviewTicks = Math.max(1, Math.round(reviewSeconds / market.gapSeconds));
  }

  tick(desk: Desk): void {
    if (this.#options.isProbing) this.#offers.look(desk);
  }

  lost(_unit: BacktestUnit, zone: number, desk: Desk): void {
    this.#offers.lost(zone, desk);
  }

  announced(unit: BacktestUnit, zone: number, desk: Desk): void {
    this.#announcedAt[unit.index] = desk.now;
    this.#offers.announced(zone, desk);
  }

  failed(zone: number, desk: Desk): void {
    this.#offers.refused(zone, desk);
  }

  decide(unit: BacktestUnit, desk: Desk): void {
    if (!this.#isDue(unit, desk)) return;
    const { terms } = this.#offers;
    const standing = this.#standingOf(unit, desk);
    // Where even a pool without any risk would cost too much, no risk need be asked for.
    const couldMove = this.#offers.leastCost(desk) <= moveCeiling(standing, terms);
    const placement = placeAmong(standing, couldMove ? this.#offersFor(unit, desk) : [], {
      spread: {
        instances: this.#movedAt.length,
        instancesIn: (offer) => desk.instancesIn(this.#offers.zoneOf(offer)),
      },
      terms,
    });
    const isPlaced = placement.kind === "MOVE" && this.#tryPools(unit, placement.offers, desk);
    const mustLeave = placement.kind === "FALL_BACK" || unit.place === places.down;
    if (!isPlaced && mustLeave) desk.launchOnDemand(unit);
    if (isPlaced || mustLeave) this.#movedAt[unit.index] = desk.now;
  }

  /** At a review, or when something is told of the unit's own pool; within the dwell time only when it is down. */
  #isDue(unit: BacktestUnit, desk: Desk): boolean {
    const { response } = this.#options;
    const isReview = desk.tick % this.#reviewTicks === 0;
    if (unit.place === places.down && response === "NEVER") return false;
    if (unit.place === places.down) return response === "AT_ONCE" || isReview;
    const sinceMove = (desk.now - (this.#movedAt[unit.index] ?? -Infinity)) / secondsPerHour;
    if (sinceMove < this.#options.policy.dwellHours) return false;
    return isReview || (response === "AT_ONCE" && this.#offers.isStirred(unit.place, desk));
  }

  #standingOf(unit: BacktestUnit, desk: Desk): Standing {
    if (unit.place === places.onDemand) return { kind: "ON_DEMAND" };
    if (unit.place === places.down) return { kind: "INTERRUPTED" };
    return {
      kind: "SPOT",
      spotHourlyUsd: desk.price(unit.place),
      risk: this.#isAnnounced(unit, desk)
        ? this.#offers.announcedRisk()
        : this.#offers.riskOfStaying(unit.place, desk),
    };
  }

  /** Of the instance that it still has: not of one before its last move. */
  #isAnnounced({ index }: BacktestUnit, { now }: Desk): boolean {
    const at = this.#announcedAt[index] ?? -Infinity;
    return at > (this.#movedAt[index] ?? -Infinity) && now - at < heededSeconds;
  }

  #offersFor(unit: BacktestUnit, desk: Desk): readonly PricedOffer[] {
    return this.#offers.ranked(desk).filter((offer) => this.#offers.zoneOf(offer) !== unit.place);
  }

  #tryPools(unit: BacktestUnit, offers: readonly PricedOffer[], desk: Desk): boolean {
    for (const offer of offers) {
      const zone = this.#offers.zoneOf(offer);
      if (!desk.launchSpot(unit, zone)) continue;
      this.#offers.gave(zone, desk);
      return true;
    }
    return false;
  }
}

export const productPolicy = (options: ProductOptions): BacktestPolicy => ({
  name: options.name,
  isProbing: options.isProbing,
  isListening: true,
  start: (market, units) => new ProductPlacer(options, market, units),
});
