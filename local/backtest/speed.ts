/** How fast each policy was replayed, over all traces. */
import { figureColumn, table } from "../terminal/table.ts";
import type { MarketRun, TimedReplay } from "./market-run.ts";
import { policyName } from "./tables.ts";

interface Speed {
  readonly policy: string;
  readonly units: number;
  readonly ticksPerSecond: number;
}

const sum = (replays: readonly TimedReplay[], of: (one: TimedReplay) => number): number =>
  replays.reduce((total, one) => total + of(one), 0);

const speedsOf = (runs: readonly MarketRun[]): readonly Speed[] =>
  [
    ...Map.groupBy(
      runs.flatMap(({ scored }) => scored),
      ({ result }) => `${policyName(result)} ${String(result.units)}`,
    ).values(),
  ].flatMap((replays) => {
    const [first] = replays;
    if (first === undefined) return [];
    const seconds = sum(replays, ({ milliseconds }) => milliseconds) / 1000;
    const ticksPerSecond = sum(replays, ({ ticks }) => ticks) / seconds;
    return [{ policy: policyName(first.result), units: first.result.units, ticksPerSecond }];
  });

export const speedLines = (runs: readonly MarketRun[]): readonly string[] => [
  "Million ticks per second, all units decided in each",
  "",
  ...table(
    speedsOf(runs),
    [
      { heading: "policy", cell: ({ policy }) => policy },
      figureColumn("units", ({ units }) => String(units)),
      figureColumn("M ticks/s", ({ ticksPerSecond }) => (ticksPerSecond / 1e6).toFixed(2)),
    ],
    "  ",
  ),
];
