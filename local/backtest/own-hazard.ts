/**
 * The baseline that learns from its own losses alone. Per zone, with all counts fading by e in 24 h:
 *
 *   hazard per hour = (losses per unit of the fleet + 0.5) / (hours there per unit of the fleet + 24)
 *   expected cost   = price + 0.5 On-Demand hours × hazard
 *
 * A unit goes to the zone of least expected cost that takes it, from On-Demand if that is below 1, from another zone if
 * it gains 0.03 at least. Counts are per unit of the fleet, since units that are lost together tell the same.
 */
import {
  places,
  type BacktestPolicy,
  type BacktestUnit,
  type Desk,
  type Placer,
} from "./policy.ts";
import type { MarketDescription } from "./recording.ts";
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
  /** What one unit counts. */
  readonly #share: number;

  constructor({ gapSeconds, zones }: MarketDescription, units: number) {
    this.#gapHours = gapSeconds / 3600;
    this.#fade = Math.exp(-gapSeconds / fadeSeconds);
    this.#order = new ZoneOrder(zones);
    this.#losses = new Float64Array(zones.length);
    this.#hours = new Float64Array(zones.length);
    this.#share = 1 / units;
  }

  tick(): void {
    for (let zone = 0; zone < this.#losses.length; zone += 1) {
      this.#losses[zone] = (this.#losses[zone] ?? 0) * this.#fade;
      this.#hours[zone] = (this.#hours[zone] ?? 0) * this.#fade;
    }
  }

  lost(_unit: BacktestUnit, zone: number): void {
    this.#losses[zone] = (this.#losses[zone] ?? 0) + this.#share;
  }

  decide(unit: BacktestUnit, desk: Desk): void {
    this.#countHours(unit.place);
    const limit = this.#limitFor(unit.place, desk);
    for (const zone of this.#order.by((each) => this.#expectedCost(each, desk))) {
      if (zone === unit.place || this.#expectedCost(zone, desk) >= limit) break;
      if (desk.launchSpot(unit, zone)) return;
    }
    if (unit.place === places.down) desk.launchOnDemand(unit);
  }

  #countHours(place: number): void {
    if (place < 0) return;
    this.#hours[place] = (this.#hours[place] ?? 0) + this.#gapHours * this.#share;
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
  start: (market, units) => new OwnHazard(market, units),
};
