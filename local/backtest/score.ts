/** Replays contenders on a market and sets their figures against the optimum. */
import type { Contender } from "./contenders.ts";
import { scoreOf, type ReplayFigures } from "./ledger.ts";
import type { Optimum } from "./optimum.ts";
import type { Recording } from "./recording.ts";
import type { SignalOptions } from "./announcements.ts";
import type { BacktestPolicy } from "./policy.ts";
import { replay, type ReplayOptions } from "./replay.ts";
import type { Timeline } from "./timeline.ts";

/** A line of the document that `--json` prints; its names are those of the document. Nothing is rounded. */
export interface BacktestResult {
  readonly trace: string;
  readonly policy: string;
  readonly units: number;
  readonly probing: boolean;
  /** As a share of what On-Demand alone costs. */
  readonly cost: number;
  /** In percent. */
  readonly availability: number;
  readonly interruptions_per_unit_week: number;
  readonly moves_per_unit_week: number;
  /** 0 to 1. */
  readonly spot_share: number;
  /** 0 to 1: the probability that at least half of the units are lost within five minutes. */
  readonly half_lost_in_5_minutes: number;
  /** Penalty per interruption in On-Demand hours, then J. */
  readonly j: Readonly<Record<"0" | "0.5" | "2", number>>;
  /** With the penalty of 0.5. */
  readonly j_over_optimum: number;
}

/** A result with what the report draws. A contender that is a mean of several has no timeline. */
export interface ScoredReplay {
  readonly result: BacktestResult;
  readonly timeline?: Timeline;
}

const meanBy = (
  figures: readonly ReplayFigures[],
  pick: (figures: ReplayFigures) => number,
): number => figures.reduce((sum, one) => sum + pick(one), 0) / figures.length;

const meanFigures = (figures: readonly ReplayFigures[]): ReplayFigures => ({
  cost: meanBy(figures, ({ cost }) => cost),
  availability: meanBy(figures, ({ availability }) => availability),
  interruptionsPerUnitWeek: meanBy(figures, (one) => one.interruptionsPerUnitWeek),
  movesPerUnitWeek: meanBy(figures, ({ movesPerUnitWeek }) => movesPerUnitWeek),
  spotShare: meanBy(figures, ({ spotShare }) => spotShare),
  halfLost: meanBy(figures, ({ halfLost }) => halfLost),
});

/** What is announced, by seed: one that listens is replayed once for each. None: nothing is announced. */
export type SignalsBySeed = readonly SignalOptions[];

interface ScoreOptions extends Omit<ReplayOptions, "signals"> {
  readonly optimum: Optimum;
  readonly signals: SignalsBySeed;
}

const hears = (policy: BacktestPolicy, signals: SignalsBySeed): boolean =>
  policy.isListening === true && signals.length > 0;

/** How often a contender is replayed: its figures are the mean. */
export const replaysOf = (
  contender: Contender,
  market: Recording,
  signals: SignalsBySeed,
): number =>
  contender
    .policiesFor(market.zones)
    .reduce((sum, policy) => sum + (hears(policy, signals) ? signals.length : 1), 0);

export const scoreContender = (
  market: Recording,
  contender: Contender,
  { optimum, signals: signalsBySeed, ...options }: ScoreOptions,
): ScoredReplay => {
  const replays = contender
    .policiesFor(market.zones)
    .flatMap((policy) =>
      hears(policy, signalsBySeed)
        ? signalsBySeed.map((signals) => replay(market, policy, { ...options, signals }))
        : [replay(market, policy, options)],
    );
  const figures = meanFigures(replays.map((one) => one.figures));
  const timeline = replays.length === 1 ? replays[0]?.timeline : undefined;
  const headline = scoreOf(figures, 0.5);
  const result: BacktestResult = {
    trace: market.name,
    policy: contender.name,
    units: options.units,
    probing: contender.isProbing,
    cost: figures.cost,
    availability: figures.availability * 100,
    interruptions_per_unit_week: figures.interruptionsPerUnitWeek,
    moves_per_unit_week: figures.movesPerUnitWeek,
    spot_share: figures.spotShare,
    half_lost_in_5_minutes: figures.halfLost,
    j: { "0": scoreOf(figures, 0), "0.5": headline, "2": scoreOf(figures, 2) },
    j_over_optimum: headline / optimum.cost,
  };
  return timeline === undefined ? { result } : { result, timeline };
};
