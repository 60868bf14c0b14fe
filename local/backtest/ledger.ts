/** What a replay costs and delivers: bills and measures tick by tick. */
import type { Fleet, FleetUnit } from "./fleet.ts";
import { HalfLost } from "./half-lost.ts";
import { places } from "./policy.ts";
import { levelAt, type Recording } from "./recording.ts";

export interface ReplayFigures {
  /** As a share of what On-Demand alone would have cost. */
  readonly cost: number;
  /** Share of the time served, 0 to 1. */
  readonly availability: number;
  readonly interruptionsPerUnitWeek: number;
  readonly movesPerUnitWeek: number;
  /** Share of the time in which a unit was on Spot, or its next instance booted there. */
  readonly spotShare: number;
  /** Probability, 0 to 1, that at least half of the units are lost within five minutes, whichever these are. */
  readonly halfLost: number;
}

const hoursPerWeek = 168;
const secondsPerHour = 3600;

/**
 * What a policy is judged by: cost, plus the share of downtime, plus a price per interruption.
 *
 * @param penalty price of an interruption in On-Demand hours
 */
export const scoreOf = (
  { cost, availability, interruptionsPerUnitWeek }: ReplayFigures,
  penalty: number,
): number => cost + 1 - availability + (penalty * interruptionsPerUnitWeek) / hoursPerWeek;

/** Seconds since tick 0, within one tick. */
interface BilledTime {
  readonly tick: number;
  readonly from: number;
  readonly to: number;
}

export class Ledger {
  readonly #market: Recording;
  readonly #halfLost = new HalfLost();
  #costSeconds = 0;
  #downSeconds = 0;
  #spotSeconds = 0;

  constructor(market: Recording) {
    this.#market = market;
  }

  /** Bills a part of a tick after its decisions: to the second for what serves, in full for what boots. */
  bill(units: readonly FleetUnit[], { tick, from, to }: BilledTime): void {
    const billedSeconds = to - from;
    for (const unit of units) {
      const isWaiting = unit.pending !== places.none;
      const seconds = isWaiting ? Math.min(billedSeconds, unit.readyAt - from) : billedSeconds;
      if (unit.place === places.down) this.#measureDown(unit, seconds);
      else this.#costSeconds += seconds * this.#priceOf(unit.place, tick);
      if (isWaiting) this.#costSeconds += billedSeconds * this.#priceOf(unit.pending, tick);
      if ((isWaiting ? unit.pending : unit.place) >= 0) this.#spotSeconds += billedSeconds;
    }
  }

  /** What it had was reclaimed. A unit that serves elsewhere while its next instance is taken has lost nothing. */
  lost(unit: FleetUnit, now: number): void {
    if (unit.place === places.down) this.#halfLost.lost(unit.index, now);
  }

  figures({ units, interruptions, moves }: Fleet): ReplayFigures {
    const seconds = this.#market.ticks * this.#market.gapSeconds;
    const unitSeconds = seconds * units.length;
    const unitWeeks = unitSeconds / secondsPerHour / hoursPerWeek;
    return {
      cost: this.#costSeconds / unitSeconds,
      availability: 1 - this.#downSeconds / unitSeconds,
      interruptionsPerUnitWeek: interruptions / unitWeeks,
      movesPerUnitWeek: moves / unitWeeks,
      spotShare: this.#spotSeconds / unitSeconds,
      halfLost: this.#halfLost.probability({ units: units.length, seconds }),
    };
  }

  /** A warning spares the first seconds of the downtime that follows it. */
  #measureDown(unit: FleetUnit, seconds: number): void {
    const spared = Math.min(seconds, unit.creditSeconds);
    unit.creditSeconds -= spared;
    this.#downSeconds += seconds - spared;
  }

  #priceOf(place: number, tick: number): number {
    return place === places.onDemand ? 1 : levelAt(this.#market.price, place, tick);
  }
}
