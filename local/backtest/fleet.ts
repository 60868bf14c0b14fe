/** The units of a replay and the instances they hold: launched, served by, replaced, reclaimed. */
import { places, type BacktestUnit } from "./policy.ts";

export interface FleetUnit extends BacktestUnit {
  place: number;
  pending: number;
  readyAt: number;
  /** Number of the launch that the serving instance, and the booting one, came from. */
  placeLaunch: number;
  pendingLaunch: number;
  /** Seconds of downtime that a warning still spares. */
  creditSeconds: number;
}

export class Fleet {
  readonly units: readonly FleetUnit[];
  /** Per zone: instances there, booting ones and those being replaced included. */
  readonly occupied: Int32Array;
  interruptions = 0;
  moves = 0;
  #launches = 0;
  readonly #coldSeconds: number;
  readonly #noticeSeconds: number;

  constructor(
    size: { readonly units: number; readonly zones: number },
    {
      coldSeconds,
      noticeSeconds,
    }: { readonly coldSeconds: number; readonly noticeSeconds: number },
  ) {
    this.units = Array.from({ length: size.units }, (_, index) => ({
      index,
      place: places.onDemand,
      pending: places.none,
      readyAt: 0,
      placeLaunch: 0,
      pendingLaunch: 0,
      creditSeconds: 0,
    }));
    this.occupied = new Int32Array(size.zones);
    this.#coldSeconds = coldSeconds;
    this.#noticeSeconds = noticeSeconds;
  }

  /** Instances that are ready serve, and what they replace is given up. `now` in seconds. */
  completeBoots(now: number): void {
    for (const unit of this.units) {
      if (unit.pending === places.none || unit.readyAt > now) continue;
      this.#leave(unit.place);
      unit.place = unit.pending;
      unit.placeLaunch = unit.pendingLaunch;
      unit.pending = places.none;
      unit.creditSeconds = 0;
    }
  }

  occupiedIn(zone: number): number {
    return this.occupied[zone] ?? 0;
  }

  launch(unit: FleetUnit, place: number, now: number): void {
    if (place >= 0) this.occupied[place] = this.occupiedIn(place) + 1;
    if (unit.place !== places.down) this.moves += 1;
    this.#launches += 1;
    unit.pending = place;
    unit.pendingLaunch = this.#launches;
    unit.readyAt = now + this.#coldSeconds;
  }

  /** Seconds since the launch of what serves, where nothing boots. */
  ageOf({ readyAt }: FleetUnit, now: number): number {
    return now - readyAt + this.#coldSeconds;
  }

  /** The units with the instances that were launched last into the zone, serving or booting, last first. */
  latestIn(zone: number, count: number): readonly FleetUnit[] {
    return this.units
      .filter((unit) => launchIn(unit, zone) >= 0)
      .sort((one, other) => launchIn(other, zone) - launchIn(one, zone))
      .slice(0, Math.max(0, count));
  }

  /** Takes the instance that was launched last away from the zone, serving or booting, and says from which unit. */
  reclaim(zone: number): FleetUnit {
    const unit = this.#lastLaunchedIn(zone);
    this.#leave(zone);
    this.interruptions += 1;
    if (unit.pending === zone) {
      unit.pending = places.none;
    } else {
      unit.place = places.down;
    }
    unit.creditSeconds = unit.place === places.down ? this.#noticeSeconds : 0;
    return unit;
  }

  #leave(place: number): void {
    if (place >= 0) this.occupied[place] = this.occupiedIn(place) - 1;
  }

  #lastLaunchedIn(zone: number): FleetUnit {
    let last: FleetUnit | undefined;
    let lastLaunch = -1;
    for (const unit of this.units) {
      const launch = launchIn(unit, zone);
      if (launch > lastLaunch) {
        last = unit;
        lastLaunch = launch;
      }
    }
    if (last === undefined) throw new Error(`No unit has an instance in zone ${String(zone)}.`);
    return last;
  }
}

/** The unit's latest launch into the zone; -1 where it has no instance there. What boots was launched later. */
const launchIn = (unit: FleetUnit, zone: number): number => {
  if (unit.pending === zone) return unit.pendingLaunch;
  return unit.place === zone ? unit.placeLaunch : -1;
};
