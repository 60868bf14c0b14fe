/** Measures what it is worth to heed announcements, the more of them are false alarms: by the backtest of the product that probes. */
import { announcementsOf, type SignalOptions } from "../../backtest/announcements.ts";
import { everyContender } from "../../backtest/contenders.ts";
import { meansOf } from "../../backtest/means.ts";
import { optimumOf } from "../../backtest/optimum.ts";
import { levelAt, type Recording } from "../../backtest/recording.ts";
import { scoreContender, type SignalsBySeed } from "../../backtest/score.ts";

export interface RecommendationFigure {
  /** In each pool. Absent: nothing is announced at all. */
  readonly falseAlarmsPerDay?: number;
  /** Share of the announcements, 0 to 1, that the loss they announce follows; of those in a pool that holds anything then. */
  readonly trueShare?: number;
  /** Geometric mean over the markets. */
  readonly jOverOptimum: number;
}

const falseAlarmRates = [0, 1, 2, 4, 8, 16] as const;

const isHeard = ({ capacity, gapSeconds }: Recording, zone: number, at: number): boolean =>
  levelAt(capacity, zone, Math.floor(at / gapSeconds)) > 0;

const trueShareOf = (markets: readonly Recording[], signals: SignalsBySeed): number => {
  const heard = markets.flatMap((market) =>
    signals
      .flatMap((options) => announcementsOf(market, options))
      .filter(({ zone, at }) => isHeard(market, zone, at)),
  );
  return heard.filter(({ lossTick }) => lossTick !== undefined).length / Math.max(1, heard.length);
};

interface Prepared {
  readonly market: Recording;
  readonly optimum: ReturnType<typeof optimumOf>;
}

const jOf = (prepared: readonly Prepared[], signals: SignalsBySeed): number => {
  const contender = everyContender.find(({ name, isProbing }) => name === "product" && isProbing);
  if (contender === undefined) throw new Error("No contender is the product that probes.");
  const results = prepared.map(
    ({ market, optimum }) =>
      scoreContender(market, contender, { units: 1, optimum, signals }).result,
  );
  return meansOf(results)[0]?.j_over_optimum ?? NaN;
};

export const recommendationFigures = (
  markets: readonly Recording[],
  drawn: Omit<SignalOptions, "falseAlarmsPerDay" | "seed">,
  seeds: number,
): readonly RecommendationFigure[] => {
  const prepared = markets.map((market) => ({ market, optimum: optimumOf(market, { units: 1 }) }));
  const signalsAt = (falseAlarmsPerDay: number): SignalsBySeed =>
    Array.from({ length: seeds }, (_, index) => ({ ...drawn, falseAlarmsPerDay, seed: index + 1 }));
  return [
    { jOverOptimum: jOf(prepared, []) },
    ...falseAlarmRates.map((falseAlarmsPerDay) => ({
      falseAlarmsPerDay,
      trueShare: trueShareOf(markets, signalsAt(falseAlarmsPerDay)),
      jOverOptimum: jOf(prepared, signalsAt(falseAlarmsPerDay)),
    })),
  ];
};
