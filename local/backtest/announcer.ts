/** Tells the units of a replay what is announced of their instances, at its very second, and lets those that may heed it decide. */
import { announcementsOf, type Announcement, type SignalOptions } from "./announcements.ts";
import type { Fleet, FleetUnit } from "./fleet.ts";
import { places } from "./policy.ts";
import { levelAt, type Recording } from "./recording.ts";

export class Announcer {
  readonly #market: Recording;
  readonly #fleet: Fleet;
  readonly #signals: SignalOptions;
  readonly #announcements: readonly Announcement[];
  /** By unit: when it last moved at an announcement, in seconds since tick 0. */
  readonly #movedAt: Float64Array;
  #next = 0;

  constructor(market: Recording, fleet: Fleet, signals: SignalOptions) {
    this.#market = market;
    this.#fleet = fleet;
    this.#signals = signals;
    this.#announcements = announcementsOf(market, signals);
    this.#movedAt = new Float64Array(fleet.units.length).fill(-Infinity);
  }

  /** The next one before that time, once. */
  nextBefore(seconds: number): Announcement | undefined {
    const next = this.#announcements[this.#next];
    if (next === undefined || next.at >= seconds) return undefined;
    this.#next += 1;
    return next;
  }

  /** What boots can't be told to go elsewhere, and what leaves needs not. */
  tell(announcement: Announcement, decide: (unit: FleetUnit, zone: number) => void): void {
    const { at, zone } = announcement;
    for (const unit of this.#meant(announcement)) {
      if (unit.place !== zone || unit.pending !== places.none) continue;
      if (!this.#mayHeed(unit, at)) continue;
      decide(unit, zone);
      if (this.#isMoving(unit)) this.#movedAt[unit.index] = at;
    }
  }

  /** Those that the loss takes if nothing moves, or all that are there. */
  #meant({ zone, lossTick }: Announcement): readonly FleetUnit[] {
    const own = this.#fleet.occupiedIn(zone);
    const left = lossTick === undefined ? 0 : levelAt(this.#market.capacity, zone, lossTick);
    return this.#fleet.latestIn(zone, own - left);
  }

  #mayHeed(unit: FleetUnit, now: number): boolean {
    const { restHours, youngMinutes } = this.#signals;
    const sinceMove = now - (this.#movedAt[unit.index] ?? -Infinity);
    return sinceMove >= restHours * 3600 && this.#fleet.ageOf(unit, now) >= youngMinutes * 60;
  }

  #isMoving({ pending }: FleetUnit): boolean {
    return pending !== places.none;
  }
}
