/**
 * The clairvoyant optimum: per unit the cheapest schedule that is never down, by a dynamic programme over tick and place.
 * The unit is on On-Demand at tick 0. It may be in a zone only while that holds a unit. A move arrives at the beginning
 * of a tick, costs `coldSeconds` of the new place's price at that tick, and needs a zone that held the unit in all
 * `ceil(coldSeconds / gapSeconds)` ticks before. Several units are scheduled one after another on what is left.
 */
import { places } from "./policy.ts";
import { levelAt, type Recording } from "./recording.ts";
import { defaultColdSeconds } from "./replay.ts";

export interface Optimum {
  /** As a share of what On-Demand alone would have cost. It has neither downtime nor interruptions. */
  readonly cost: number;
  /** Unit, then tick: where it serves, a zone or `places.onDemand`. */
  readonly schedules: readonly Int16Array[];
}

interface Schedule {
  /** Seconds of On-Demand. */
  readonly costSeconds: number;
  readonly places: Int16Array;
}

interface Cheapest {
  readonly cost: number;
  readonly state: number;
}

/** The first of the cheapest states. */
const cheapestOf = (costs: Float64Array): Cheapest => {
  let state = 0;
  let cost = Infinity;
  for (let index = 0; index < costs.length; index += 1) {
    const one = costs[index] ?? Infinity;
    if (one < cost) {
      cost = one;
      state = index;
    }
  }
  return { cost, state };
};

/** States are the zones in order, then On-Demand. */
class Programme {
  readonly #market: Recording;
  readonly #capacity: readonly Int32Array[];
  readonly #coldSeconds: number;
  readonly #states: number;
  /** Cost of the cheapest schedule until now that ends in the state. */
  #costs: Float64Array;
  #nextCosts: Float64Array;
  /** Ticks in a row, before this one, in which the state could be booted. */
  readonly #upTicks: Int32Array;
  /** Tick, then state: the state before. */
  readonly #cameFrom: Int16Array;

  constructor(market: Recording, capacity: readonly Int32Array[], coldSeconds: number) {
    this.#market = market;
    this.#capacity = capacity;
    this.#coldSeconds = coldSeconds;
    this.#states = market.zones.length + 1;
    this.#costs = new Float64Array(this.#states).fill(Infinity);
    this.#costs[this.#states - 1] = 0;
    this.#nextCosts = new Float64Array(this.#states);
    this.#upTicks = new Int32Array(this.#states);
    this.#cameFrom = new Int16Array(market.ticks * this.#states);
  }

  solve(): Schedule {
    for (let tick = 0; tick < this.#market.ticks; tick += 1) this.#step(tick);
    const { cost, state } = cheapestOf(this.#costs);
    return { costSeconds: cost, places: this.#trace(state) };
  }

  #step(tick: number): void {
    const from = cheapestOf(this.#costs);
    for (let state = 0; state < this.#states; state += 1) {
      if (this.#isUp(state, tick)) {
        this.#enter(state, tick, from);
        this.#upTicks[state] = (this.#upTicks[state] ?? 0) + 1;
      } else {
        this.#nextCosts[state] = Infinity;
        this.#upTicks[state] = 0;
      }
    }
    [this.#costs, this.#nextCosts] = [this.#nextCosts, this.#costs];
  }

  /** Stays in the state, or comes to it from the cheapest one where that is cheaper. */
  #enter(state: number, tick: number, from: Cheapest): void {
    const { gapSeconds } = this.#market;
    const price = this.#priceOf(state, tick);
    const bootTicks = Math.ceil(this.#coldSeconds / gapSeconds);
    const staying = this.#costs[state] ?? Infinity;
    const moving =
      (this.#upTicks[state] ?? 0) >= bootTicks ? from.cost + this.#coldSeconds * price : Infinity;
    this.#nextCosts[state] = Math.min(staying, moving) + gapSeconds * price;
    this.#cameFrom[tick * this.#states + state] = moving < staying ? from.state : state;
  }

  #trace(last: number): Int16Array {
    const { ticks, zones } = this.#market;
    const schedule = new Int16Array(ticks);
    let state = last;
    for (let tick = ticks - 1; tick >= 0; tick -= 1) {
      schedule[tick] = state < zones.length ? state : places.onDemand;
      state = this.#cameFrom[tick * this.#states + state] ?? state;
    }
    return schedule;
  }

  #isUp(state: number, tick: number): boolean {
    return state === this.#states - 1 || levelAt(this.#capacity, state, tick) > 0;
  }

  #priceOf(state: number, tick: number): number {
    return state === this.#states - 1 ? 1 : levelAt(this.#market.price, state, tick);
  }
}

const take = (capacity: readonly Int32Array[], schedule: Int16Array): void => {
  for (let tick = 0; tick < schedule.length; tick += 1) {
    const row = capacity[schedule[tick] ?? places.onDemand];
    if (row !== undefined) row[tick] = (row[tick] ?? 0) - 1;
  }
};

/** True where no zone ever holds some of the units only: then all have the same schedule. */
const isAllOrNone = ({ capacity }: Recording, units: number): boolean =>
  capacity.every((row) => row.every((level) => level === 0 || level >= units));

export const optimumOf = (
  market: Recording,
  { units, coldSeconds = defaultColdSeconds }: { units: number; coldSeconds?: number },
): Optimum => {
  const capacity = market.capacity.map((row) => row.slice());
  const onDemandSeconds = market.ticks * market.gapSeconds;
  if (isAllOrNone(market, units)) {
    const { costSeconds, places: schedule } = new Programme(market, capacity, coldSeconds).solve();
    const schedules = Array.from({ length: units }, () => schedule);
    return { cost: costSeconds / onDemandSeconds, schedules };
  }
  const schedules: Int16Array[] = [];
  let costSeconds = 0;
  for (let unit = 0; unit < units; unit += 1) {
    const schedule = new Programme(market, capacity, coldSeconds).solve();
    take(capacity, schedule.places);
    schedules.push(schedule.places);
    costSeconds += schedule.costSeconds;
  }
  return { cost: costSeconds / (onDemandSeconds * units), schedules };
};
