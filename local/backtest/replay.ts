/**
 * Replays a recorded market under a policy. Each tick: boots that are ready are completed; what exceeds a zone's capacity
 * is reclaimed, last launched first; every unit that waits for no boot decides once; then the tick is billed.
 * Whose loss is announced within the tick decides at that very second, and the tick is billed in parts.
 * All units serve on On-Demand at the start. The same market and policy give the same figures, always.
 */
import type { SignalOptions } from "./announcements.ts";
import { Announcer } from "./announcer.ts";
import { Fleet, type FleetUnit } from "./fleet.ts";
import { Ledger, type ReplayFigures } from "./ledger.ts";
import {
  places,
  type BacktestPolicy,
  type BacktestUnit,
  type Desk,
  type Placer,
} from "./policy.ts";
import { describeMarket, levelAt, type Recording } from "./recording.ts";
import { TimelineRecorder, type Timeline } from "./timeline.ts";

export interface ReplayOptions {
  readonly units: number;
  /** From launch until an instance serves. Default 240. */
  readonly coldSeconds?: number;
  /** Warning before an interruption: so much of the downtime after it is not counted. Default 0. */
  readonly noticeSeconds?: number;
  readonly keepsTimeline?: boolean;
  /** What is announced to a policy that listens. Absent: nothing. */
  readonly signals?: SignalOptions;
}

export interface Replay {
  readonly figures: ReplayFigures;
  /** Only if it was asked for. */
  readonly timeline?: Timeline;
}

export const defaultColdSeconds = 240;

/** Whose turn it is, and when. Held by the engine; the desk only reads it. */
interface Turn {
  tick: number;
  now: number;
  deciding: FleetUnit | undefined;
}

/** The one Desk there is. Time and capacity are out of a policy's reach, not just out of its types. */
class MarketDesk implements Desk {
  readonly #market: Recording;
  readonly #fleet: Fleet;
  readonly #turn: Readonly<Turn>;
  readonly #policy: BacktestPolicy;
  readonly #placer: Placer;

  constructor(
    { market, fleet, turn }: { market: Recording; fleet: Fleet; turn: Readonly<Turn> },
    policy: BacktestPolicy,
    placer: Placer,
  ) {
    this.#market = market;
    this.#fleet = fleet;
    this.#turn = turn;
    this.#policy = policy;
    this.#placer = placer;
  }

  get now(): number {
    return this.#turn.now;
  }

  get tick(): number {
    return this.#turn.tick;
  }

  price(zone: number): number {
    return levelAt(this.#market.price, zone, this.#turn.tick);
  }

  instancesIn(zone: number): number {
    return this.#fleet.occupiedIn(zone);
  }

  isUp(zone: number): boolean {
    return this.holds(zone) > 0;
  }

  holds(zone: number): number {
    if (!this.#policy.isProbing) {
      throw new Error(`Policy ${this.#policy.name} is not probing: it may not see capacity.`);
    }
    return Math.min(this.#fleet.units.length, this.#capacityOf(zone));
  }

  launchSpot(unit: BacktestUnit, zone: number): boolean {
    const own = this.#decidingUnit(unit);
    if (!this.#hasRoom(zone)) {
      this.#placer.failed?.(zone, this);
      return false;
    }
    this.#fleet.launch(own, zone, this.#turn.now);
    this.#placer.launched?.(own, zone, this);
    return true;
  }

  launchOnDemand(unit: BacktestUnit): void {
    this.#fleet.launch(this.#decidingUnit(unit), places.onDemand, this.#turn.now);
  }

  #hasRoom(zone: number): boolean {
    return this.#capacityOf(zone) > this.#fleet.occupiedIn(zone);
  }

  #capacityOf(zone: number): number {
    return levelAt(this.#market.capacity, zone, this.#turn.tick);
  }

  #decidingUnit({ index }: BacktestUnit): FleetUnit {
    const unit = this.#turn.deciding;
    if (unit?.index !== index) {
      throw new Error(`Unit ${String(index)} launches outside its own decision.`);
    }
    if (unit.pending !== places.none) throw new Error(`Unit ${String(index)} waits for a boot.`);
    return unit;
  }
}

const reclaimExcess = (
  { capacity }: Recording,
  fleet: Fleet,
  { tick, each }: { tick: number; each: (unit: FleetUnit, zone: number) => void },
): void => {
  for (let zone = 0; zone < fleet.occupied.length; zone += 1) {
    while (fleet.occupiedIn(zone) > levelAt(capacity, zone, tick)) {
      each(fleet.reclaim(zone), zone);
    }
  }
};

/** Handles each unit that is not waiting for a boot. */
const decideAll = (fleet: Fleet, turn: Turn, decide: (unit: FleetUnit) => void): void => {
  for (const unit of fleet.units) {
    if (unit.pending !== places.none) continue;
    turn.deciding = unit;
    decide(unit);
  }
  turn.deciding = undefined;
};

const announcerOf = (
  market: Recording,
  fleet: Fleet,
  signals: SignalOptions | undefined,
): Announcer | undefined =>
  signals === undefined ? undefined : new Announcer(market, fleet, signals);

interface Running {
  readonly market: Recording;
  readonly fleet: Fleet;
  readonly turn: Turn;
  readonly ledger: Ledger;
  /** Absent: nothing is announced. */
  readonly announcer: Announcer | undefined;
}

/** Bills the tick to its end, in parts: between them its units decide on what is announced. */
const finishTick = (
  { market, fleet, turn, ledger, announcer }: Running,
  decide: (unit: FleetUnit, zone: number) => void,
): void => {
  const end = (turn.tick + 1) * market.gapSeconds;
  for (;;) {
    const announcement = announcer?.nextBefore(end);
    const to = announcement?.at ?? end;
    ledger.bill(fleet.units, { tick: turn.tick, from: turn.now, to });
    if (announcement === undefined) return;
    turn.now = to;
    fleet.completeBoots(to);
    announcer?.tell(announcement, decide);
  }
};

/** @throws what the policy throws, and Error where it acts out of turn. */
export const replay = (
  market: Recording,
  policy: BacktestPolicy,
  {
    units,
    coldSeconds = defaultColdSeconds,
    noticeSeconds = 0,
    keepsTimeline = false,
    signals,
  }: ReplayOptions,
): Replay => {
  const fleet = new Fleet({ units, zones: market.zones.length }, { coldSeconds, noticeSeconds });
  const ledger = new Ledger(market);
  const recorder = keepsTimeline ? new TimelineRecorder(fleet.units) : undefined;
  const placer = policy.start(describeMarket(market), units);
  const turn: Turn = { tick: 0, now: 0, deciding: undefined };
  const desk = new MarketDesk({ market, fleet, turn }, policy, placer);
  const each = (unit: FleetUnit, zone: number): void => {
    recorder?.lost(unit, zone, turn.tick);
    ledger.lost(unit, turn.now);
    placer.lost?.(unit, zone, desk);
  };
  const decide = (unit: FleetUnit): void => {
    placer.decide(unit, desk);
  };
  const announcer = policy.isListening === true ? announcerOf(market, fleet, signals) : undefined;
  const decideAnnounced = (unit: FleetUnit, zone: number): void => {
    turn.deciding = unit;
    placer.announced?.(unit, zone, desk);
    placer.decide(unit, desk);
    turn.deciding = undefined;
  };
  for (let tick = 0; tick < market.ticks; tick += 1) {
    turn.tick = tick;
    turn.now = tick * market.gapSeconds;
    fleet.completeBoots(turn.now);
    reclaimExcess(market, fleet, { tick, each });
    recorder?.see(fleet.units, tick);
    placer.tick?.(desk);
    decideAll(fleet, turn, decide);
    finishTick({ market, fleet, turn, ledger, announcer }, decideAnnounced);
  }
  const figures = ledger.figures(fleet);
  return recorder === undefined
    ? { figures }
    : { figures, timeline: recorder.timeline(market.ticks) };
};
