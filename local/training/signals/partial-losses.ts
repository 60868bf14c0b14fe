/** Measures what the loss of a part of a pool foretells: how often what it kept goes too, beside what the model says of it. */
import type { RiskModel } from "../../../core/risk/model.ts";
import { PoolWatch } from "../../backtest/pool-watch.ts";
import { everyUnit, levelAt, type Recording } from "../../backtest/recording.ts";

/** Within which the pool is lost to its last instance. */
export const lossHours = [0.5, 1, 4] as const;
const longestHours = 4;

/** Right after a part was lost; within two hours of that; at all other times with capacity. */
const moments = ["AT_PARTIAL_LOSS", "TWO_HOURS_AFTER", "OTHER"] as const;
export type Moment = (typeof moments)[number];

export interface PartialLossFigure {
  readonly trace: string;
  readonly moment: Moment;
  readonly examples: number;
  /** As `lossHours`: share in which the pool was found empty within these hours, 0 to 1, and what the model said on average. */
  readonly lost: readonly number[];
  readonly foretold: readonly number[];
}

const recentSeconds = 7200;

/** Its zones hold numbers, not all or none. */
export const isCounted = ({ capacity }: Recording): boolean =>
  capacity.some((row) => row.some((level) => level > 0 && level < everyUnit));

interface Tally {
  examples: number;
  readonly lost: number[];
  readonly foretold: number[];
}

const emptyTally = (): Tally => ({
  examples: 0,
  lost: lossHours.map(() => 0),
  foretold: lossHours.map(() => 0),
});

/** Hours until the zone is found empty; Infinity where the recording shows none. */
const hoursToEmpty = (market: Recording, zone: number, tick: number): number => {
  for (let later = tick + 1; later < market.ticks; later += 1) {
    const hours = ((later - tick) * market.gapSeconds) / 3600;
    if (hours > longestHours) return Infinity;
    if (levelAt(market.capacity, zone, later) === 0) return hours;
  }
  return Infinity;
};

const mostHeld = ({ capacity }: Recording): number =>
  capacity.reduce((most, row) => row.reduce((one, level) => Math.max(one, level), most), 1);

interface Walk {
  readonly market: Recording;
  readonly watch: PoolWatch;
  readonly model: RiskModel;
  /** By zone: seconds of the last partial loss. */
  readonly partialAt: Float64Array;
}

const momentOf = ({ market, partialAt }: Walk, zone: number, tick: number): Moment => {
  const now = tick * market.gapSeconds;
  const level = levelAt(market.capacity, zone, tick);
  if (level < levelAt(market.capacity, zone, tick - 1)) {
    partialAt[zone] = now;
    return "AT_PARTIAL_LOSS";
  }
  return now - (partialAt[zone] ?? -Infinity) <= recentSeconds ? "TWO_HOURS_AFTER" : "OTHER";
};

const count = (tally: Tally, walk: Walk, { zone, tick }: { zone: number; tick: number }): void => {
  const { market, watch, model } = walk;
  const seconds = tick * market.gapSeconds;
  const priceRatio = levelAt(market.price, zone, tick);
  const features = watch.features(zone, { seconds, priceRatio });
  const untilEmpty = hoursToEmpty(market, zone, tick);
  tally.examples += 1;
  for (const [index, hours] of lossHours.entries()) {
    tally.lost[index] = (tally.lost[index] ?? 0) + Number(untilEmpty <= hours);
    tally.foretold[index] = (tally.foretold[index] ?? 0) + model.probability(features, hours);
  }
};

/** At each tick, for each zone with capacity whose next four hours are recorded: a line for each kind of moment. */
export const partialLossFigures = (
  market: Recording,
  model: RiskModel,
): readonly PartialLossFigure[] => {
  const walk: Walk = {
    market,
    model,
    watch: new PoolWatch(market, mostHeld(market)),
    partialAt: new Float64Array(market.zones.length).fill(-Infinity),
  };
  const tallies = new Map(moments.map((moment) => [moment, emptyTally()]));
  const lastTick = market.ticks - 1 - Math.ceil((longestHours * 3600) / market.gapSeconds);
  for (let tick = 0; tick <= lastTick; tick += 1) {
    for (const zone of market.zones.keys()) {
      const level = levelAt(market.capacity, zone, tick);
      walk.watch.seen(zone, level, tick * market.gapSeconds);
      if (tick === 0 || level === 0) continue;
      const tally = tallies.get(momentOf(walk, zone, tick));
      if (tally !== undefined) count(tally, walk, { zone, tick });
    }
  }
  return [...tallies].map(([moment, { examples, lost, foretold }]) => ({
    trace: market.name,
    moment,
    examples,
    lost: lost.map((sum) => sum / Math.max(1, examples)),
    foretold: foretold.map((sum) => sum / Math.max(1, examples)),
  }));
};
