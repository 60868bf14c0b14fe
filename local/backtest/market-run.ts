/** What a backtest found on a market: its tables, its report and its speed are made of this. */
import type { Optimum } from "./optimum.ts";
import type { Recording } from "./recording.ts";
import type { ScoredReplay } from "./score.ts";

/** All contenders on one market, with one number of units. */
export interface MarketRun {
  readonly market: Recording;
  readonly units: number;
  readonly optimum: Optimum;
  readonly scored: readonly TimedReplay[];
}

export interface TimedReplay extends ScoredReplay {
  /** Ticks that were replayed: those of the market, times the replays that the figures are a mean of. */
  readonly ticks: number;
  readonly milliseconds: number;
}
