/**
 * The baseline that learns from its own losses alone. Per zone, with all counts fading by e in 24 h:
 *
 *   hazard per hour = (ticks with a loss + 0.5) / (hours in which it had a unit there + 24)
 *   expected cost   = price + 0.5 On-Demand hours × hazard
 *
 * A unit goes to the zone of least expected cost that takes it, from On-Demand if that is below 1, from another zone if
 * it gains 0.03 at least. A tick in which many units are lost in a zone counts as one, as they tell the same.
 */
import {
  places,
  type BacktestPolicy,
  type BacktestUnit,
  type Desk,
  type Placer,
} from "./policy.ts";
import type { MarketDescription } from "./recorded-market.ts";
import { ZoneOrder } from "./zone-order.ts";

const interruptionHours = 0.5;
const fadeSeconds = 24 * 3600;
const priorLosses = 0.5;
const priorHours = 24;
const leastGain = 0.03;

class OwnHazard implements Placer {
  readonly #gapHours: number;
  readonly #fade: number;
  readonly #order: ZoneOrder;
  readonly #losses: Float64Array;
  readonly #hours: Float64Array;
  /** Latest tick in which the zone's loss, or its hour, was counted. */
  readonly #lossTick: Int32Array;
  readonly #hourTick: Int32Array;

  constructor({ gapSeconds, zones }: MarketDescription) {
    this.#gapHours = gapSeconds / 3600;
    this.#fade = Math.exp(-gapSeconds / fadeSeconds);
    this.#order = new ZoneOrder(zones);
    this.#losses = new Float64Array(zones.length);
    this.#hours = new Float64Array(zones.length);
    this.#lossTick = new Int32Array(zones.length).fill(-1);
    this.#hourTick = new Int32Array(zones.length).fill(-1);
  }

  tick(): void {
    for (let zone = 0; zone < this.#losses.length; zone += 1) {
      this.#losses[zone] = (this.#losses[zone] ?? 0) * this.#fade;
      this.#hours[zone] = (this.#hours[zone] ?? 0) * this.#fade;
    }
  }

  lost(_unit: BacktestUnit, zone: number, desk: Desk): void {
    if (this.#lossTick[zone] === desk.tick) return;
    this.#lossTick[zone] = desk.tick;
    this.#losses[zone] = (this.#losses[zone] ?? 0) + 1;
  }

  decide(unit: BacktestUnit, desk: Desk): void {
    this.#countHours(unit.place, desk.tick);
    const limit = this.#limitFor(unit.place, desk);
    for (const zone of this.#order.by((each) => this.#expectedCost(each, desk))) {
      if (zone === unit.place || this.#expectedCost(zone, desk) >= limit) break;
      if (desk.launchSpot(unit, zone)) return;
    }
    if (unit.place === places.down) desk.launchOnDemand(unit);
  }

  #countHours(place: number, tick: number): void {
    if (place < 0 || this.#hourTick[place] === tick) return;
    this.#hourTick[place] = tick;
    this.#hours[place] = (this.#hours[place] ?? 0) + this.#gapHours;
  }

  #limitFor(place: number, desk: Desk): number {
    return place < 0 ? 1 : this.#expectedCost(place, desk) - leastGain;
  }

  #expectedCost(zone: number, desk: Desk): number {
    const losses = (this.#losses[zone] ?? 0) + priorLosses;
    const hours = (this.#hours[zone] ?? 0) + priorHours;
    return desk.price(zone) + (interruptionHours * losses) / hours;
  }
}

export const ownHazard: BacktestPolicy = {
  name: "own-hazard",
  isProbing: false,
  start: (market) => new OwnHazard(market),
};
