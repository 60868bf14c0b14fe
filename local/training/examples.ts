/**
 * Examples of a recorded market, as an online system that probes would have met them: about every 15 minutes, for each
 * zone that is up, what was known by then, and whether the zone was empty at some tick of the next half hour.
 */
import type { RiskFeatures } from "../../core/risk/model.ts";
import { PoolWatch } from "../backtest/pool-watch.ts";
import { levelAt, type Recording } from "../backtest/recording.ts";
import { partAt, type Part } from "./parts.ts";
import { PlainHazard } from "./plain-hazard.ts";

export interface Example {
  readonly market: string;
  readonly zone: string;
  /** Since the market's first tick. */
  readonly atSeconds: number;
  /** Absent: between two parts. */
  readonly part?: Part;
  readonly features: RiskFeatures;
  /** Within `modelHours`. */
  readonly isLost: boolean;
  /** Within the next 24 hours; absent where the recording ends before. */
  readonly isLostInDay?: boolean;
  /** Losses per hour by the pool's own past alone. */
  readonly plainHazard: number;
}

/**
 * Hours that a trained model answers for. Half an hour: the hazard of a pool that has just come back halves within its
 * first hour, and the recordings' ticks of 68 to 600 s all divide it well.
 */
export const modelHours = 0.5 as const;

const hourSeconds = 3600;
const exampleSeconds = 900;

/** By tick, the next later tick at which the zone is empty; Infinity where none is recorded. */
const nextEmptyTicks = (capacity: Int32Array): Float64Array => {
  const next = new Float64Array(capacity.length).fill(Infinity);
  for (let tick = capacity.length - 2; tick >= 0; tick -= 1) {
    next[tick] = capacity[tick + 1] === 0 ? tick + 1 : (next[tick + 1] ?? Infinity);
  }
  return next;
};

const dayMs = 24 * hourSeconds * 1000;

/** A start at midnight sharp is most likely a date alone: of the hour, and so of the weekday, it says nothing. */
const withoutDoubtfulStart = ({ startMs, ...market }: Recording): Recording =>
  startMs === undefined || startMs % dayMs === 0 ? market : { ...market, startMs };

interface Walk {
  readonly market: Recording;
  readonly watch: PoolWatch;
  readonly hazards: readonly PlainHazard[];
  readonly nextEmpty: readonly Float64Array[];
}

const lookAtZones = ({ market, watch, hazards }: Walk, tick: number): void => {
  for (const [zone, hazard] of hazards.entries()) {
    const isUp = levelAt(market.capacity, zone, tick) > 0;
    watch.seen(zone, isUp ? 1 : 0, tick * market.gapSeconds);
    hazard.seen(isUp);
  }
};

const exampleAt = (walk: Walk, zone: number, tick: number): Example => {
  const { market, watch, hazards, nextEmpty } = walk;
  const atSeconds = tick * market.gapSeconds;
  const secondsToLoss = ((nextEmpty[zone]?.[tick] ?? Infinity) - tick) * market.gapSeconds;
  const part = partAt(atSeconds, market.ticks * market.gapSeconds);
  const isDayKnown = atSeconds + 24 * hourSeconds <= (market.ticks - 1) * market.gapSeconds;
  return {
    market: market.name,
    zone: market.zones[zone] ?? "",
    atSeconds,
    ...(part !== undefined && { part }),
    features: watch.features(zone, {
      seconds: atSeconds,
      priceRatio: levelAt(market.price, zone, tick),
    }),
    isLost: secondsToLoss <= modelHours * hourSeconds,
    ...(isDayKnown && { isLostInDay: secondsToLoss <= 24 * hourSeconds }),
    plainHazard: hazards[zone]?.lossesPerHour() ?? 0,
  };
};

/**
 * In order of time. What happens in an hour that the recording does not hold to its end is not known: no example.
 *
 * @throws Error for a market whose ticks are longer than an hour.
 */
export const examplesOf = (market: Recording): readonly Example[] => {
  const { name, gapSeconds, ticks, zones } = market;
  if (gapSeconds > hourSeconds) {
    throw new Error(`${name} has a tick each ${String(gapSeconds)} s: none falls into an hour.`);
  }
  const walk: Walk = {
    market,
    watch: new PoolWatch(withoutDoubtfulStart(market)),
    hazards: zones.map(() => new PlainHazard(gapSeconds)),
    nextEmpty: market.capacity.map(nextEmptyTicks),
  };
  const stride = Math.max(1, Math.round(exampleSeconds / gapSeconds));
  const lastTick = ticks - 1 - Math.ceil(hourSeconds / gapSeconds);
  const examples: Example[] = [];
  for (let tick = 0; tick <= lastTick; tick += 1) {
    lookAtZones(walk, tick);
    if (tick % stride !== 0) continue;
    for (const zone of zones.keys()) {
      if (levelAt(market.capacity, zone, tick) > 0) examples.push(exampleAt(walk, zone, tick));
    }
  }
  return examples;
};
