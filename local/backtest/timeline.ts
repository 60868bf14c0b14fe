/** What a replay looked like: where each unit served, and what was reclaimed. For the report. */
import type { FleetUnit } from "./fleet.ts";

interface Segment {
  readonly fromTick: number;
  /** The first tick that is no longer part of it. */
  readonly toTick: number;
  /** Where the unit served: a zone, `places.onDemand` or `places.down`. */
  readonly place: number;
}

export interface Interruption {
  readonly tick: number;
  readonly zone: number;
  readonly unit: number;
}

export interface Timeline {
  /** Unit, then its segments in order of time, without gaps. */
  readonly segments: readonly (readonly Segment[])[];
  readonly interruptions: readonly Interruption[];
}

interface OpenSegment {
  readonly done: Segment[];
  fromTick: number;
  place: number;
}

export class TimelineRecorder {
  readonly #open: readonly OpenSegment[];
  readonly #interruptions: Interruption[] = [];

  constructor(units: readonly FleetUnit[]) {
    this.#open = units.map(({ place }) => ({ done: [], fromTick: 0, place }));
  }

  lost(unit: FleetUnit, zone: number, tick: number): void {
    this.#interruptions.push({ tick, zone, unit: unit.index });
  }

  /** Notes where each unit is, once the tick's boots and losses are done. */
  see(units: readonly FleetUnit[], tick: number): void {
    for (const unit of units) {
      const open = this.#open[unit.index];
      if (open === undefined || open.place === unit.place) continue;
      if (tick > open.fromTick) open.done.push(segmentOf(open, tick));
      open.fromTick = tick;
      open.place = unit.place;
    }
  }

  timeline(ticks: number): Timeline {
    return {
      segments: this.#open.map((open) => [...open.done, segmentOf(open, ticks)]),
      interruptions: [...this.#interruptions],
    };
  }
}

const segmentOf = ({ fromTick, place }: OpenSegment, toTick: number): Segment => ({
  fromTick,
  toTick,
  place,
});
