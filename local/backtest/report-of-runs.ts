/** What the report shows of finished runs: names for numbers, shares for percents, and the timelines worth a look. */
import type { MarketRun } from "./market-run.ts";
import { meansOf } from "./means.ts";
import { isOurs } from "./our-policies.ts";
import { places } from "./policy.ts";
import type { Recording } from "./recording.ts";
import {
  down,
  onDemand,
  type ReportData,
  type ReportRun,
  type Score,
  type TickRange,
  type Timeline,
} from "./report/report-data.ts";
import type { BacktestResult, ScoredReplay } from "./score.ts";

export interface ReportHeading {
  /** As it was typed. */
  readonly command: string;
  readonly units: readonly number[];
  readonly noticeSeconds: number;
}

/** Ours, and what it is most often compared with. */
const drawnPolicies: readonly string[] = ["product", "lowest-price"];

const upRanges = (capacity: Int32Array): readonly TickRange[] => {
  const ranges: TickRange[] = [];
  let fromTick = -1;
  for (let tick = 0; tick <= capacity.length; tick += 1) {
    const isUp = (capacity[tick] ?? 0) > 0;
    if (isUp && fromTick < 0) fromTick = tick;
    if (!isUp && fromTick >= 0) {
      ranges.push({ fromTick, toTick: tick });
      fromTick = -1;
    }
  }
  return ranges;
};

const scoreOfResult = (result: BacktestResult): Score => ({
  policy: result.policy,
  isProbing: result.probing,
  isOurs: isOurs(result.policy),
  cost: result.cost,
  availability: result.availability / 100,
  interruptionsPerUnitWeek: result.interruptions_per_unit_week,
  movesPerUnitWeek: result.moves_per_unit_week,
  spotShare: result.spot_share,
  halfLost: result.half_lost_in_5_minutes,
  j: result.j,
  jOverOptimum: result.j_over_optimum,
});

const placeName = (place: number, { zones }: Recording): string => {
  if (place === places.onDemand) return onDemand;
  return place === places.down ? down : (zones[place] ?? "");
};

const timelineOf = ({ result, timeline }: ScoredReplay, market: Recording): readonly Timeline[] =>
  timeline === undefined || !drawnPolicies.includes(result.policy)
    ? []
    : [
        {
          policy: result.policy,
          isProbing: result.probing,
          isOurs: isOurs(result.policy),
          units: timeline.segments.map((segments) =>
            segments.map(({ fromTick, toTick, place }) => ({
              fromTick,
              toTick,
              place: placeName(place, market),
            })),
          ),
          interruptions: timeline.interruptions.map(({ tick, unit, zone }) => ({
            tick,
            unit,
            zone: market.zones[zone] ?? "",
          })),
        },
      ];

/** Ours first, as drawn. */
const timelinesOf = (scored: readonly ScoredReplay[], market: Recording): Timeline[] =>
  scored
    .flatMap((one) => timelineOf(one, market))
    .sort((one, other) => Number(other.isOurs) - Number(one.isOurs));

const reportRun = ({ market, units, optimum, scored }: MarketRun): ReportRun => ({
  trace: market.name,
  units,
  gapSeconds: market.gapSeconds,
  ticks: market.ticks,
  zones: market.zones,
  upZones: market.capacity.map(upRanges),
  optimumCost: optimum.cost,
  scores: scored.map(({ result }) => scoreOfResult(result)),
  timelines: timelinesOf(scored, market),
});

export const reportOf = (runs: readonly MarketRun[], heading: ReportHeading): ReportData => ({
  title: "Spot Optimizer: backtest",
  command: heading.command,
  options: { units: heading.units, noticeSeconds: heading.noticeSeconds },
  runs: runs.map(reportRun),
  means: meansOf(runs.flatMap(({ scored }) => scored.map(({ result }) => result))).map((mean) => ({
    policy: mean.policy,
    isProbing: mean.probing,
    isOurs: isOurs(mean.policy),
    units: mean.units,
    jOverOptimum: mean.j_over_optimum,
  })),
});
