/** The results as tables: one per trace and number of units, and one of the means. */
import { counted } from "../terminal/figures.ts";
import { figureColumn, table, type Column } from "../terminal/table.ts";
import type { MarketRun } from "./market-run.ts";
import type { BacktestMean } from "./means.ts";
import type { BacktestResult } from "./score.ts";

const column = <Row>(heading: string, digits: number, pick: (row: Row) => number): Column<Row> =>
  figureColumn(heading, (row) => pick(row).toFixed(digits));

type Named = Pick<BacktestResult, "policy" | "probing">;

/** With a star where it probes. */
export const policyName = ({ policy, probing }: Named): string => `${policy}${probing ? "*" : ""}`;

const policyColumn: Column<Named> = { heading: "policy", cell: policyName };

const columns: readonly Column<BacktestResult>[] = [
  policyColumn,
  column("cost", 4, ({ cost }) => cost),
  column("available %", 3, ({ availability }) => availability),
  column("interrupted /unit-week", 3, (result) => result.interruptions_per_unit_week),
  column("moved /unit-week", 3, (result) => result.moves_per_unit_week),
  column("Spot %", 2, (result) => result.spot_share * 100),
  column("half lost in 5 min %", 3, (result) => result.half_lost_in_5_minutes * 100),
  column("J p=0", 4, ({ j }) => j["0"]),
  column("J p=0.5", 4, ({ j }) => j["0.5"]),
  column("J p=2", 4, ({ j }) => j["2"]),
  column("J ÷ optimum", 4, (result) => result.j_over_optimum),
];

const secondsPerDay = 86_400;

export const runLines = ({ market, units, optimum, scored }: MarketRun): readonly string[] => [
  `${market.name}: ${String(market.zones.length)} zones, ` +
    `${((market.ticks * market.gapSeconds) / secondsPerDay).toFixed(1)} days in ticks of ` +
    `${String(market.gapSeconds)} s, ${counted(units, "unit")}; optimum ${optimum.cost.toFixed(4)}`,
  "",
  ...table(
    scored.map(({ result }) => result),
    columns,
    "  ",
  ),
  "",
];

const meanColumns: readonly Column<BacktestMean>[] = [
  policyColumn,
  column("units", 0, ({ units }) => units),
  column("J ÷ optimum", 4, (mean) => mean.j_over_optimum),
];

export const meanLines = (means: readonly BacktestMean[]): readonly string[] => [
  "Geometric mean over the traces",
  "",
  ...table(means, meanColumns, "  "),
  "",
  "Half lost in 5 min: how likely at least half of the units are reclaimed within five minutes, whichever these are.",
  "Cost and J: what On-Demand alone costs is 1. J = cost + downtime share + p × interruptions per unit-hour, p in",
  "On-Demand hours; J ÷ optimum is with p = 0.5. A star: the policy may ask what each zone can hold.",
];
