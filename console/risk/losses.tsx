/** What the pools of a region took back, day by day. */
import type { JSX } from "preact";
import { useCallback, useMemo } from "preact/hooks";
import { Chart, type DrawChart } from "../charts/chart.tsx";
import { nowMs } from "../clock.ts";
import { count } from "../format.ts";
import type { TableColumn } from "../ui/table.tsx";
import { lossesByDay, type LossesOfDay, type RiskPool } from "./pools.ts";

const height = 180;

const columns: readonly TableColumn<LossesOfDay>[] = [
  { id: "day", heading: "Day (UTC)", cell: ({ day }) => day },
  { id: "losses", heading: "Losses", align: "right", cell: ({ losses }) => count(losses) },
];

const drawing =
  (days: readonly LossesOfDay[]): DrawChart =>
  (plot) => ({
    height,
    marginLeft: 40,
    x: {
      domain: days.map(({ day }) => day),
      label: null,
      tickSize: 0,
      padding: 0.3,
      tickFormat: (day: string) => day.slice("2026-".length),
    },
    y: { label: "Losses a day", ticks: 3, grid: true, tickFormat: "d", nice: true, zero: true },
    marks: [
      plot.barY(days, { x: "day", y: "losses", fill: "var(--bad)" }),
      plot.ruleY([0], { stroke: "var(--control)" }),
    ],
  });

export const Losses = ({ pools }: { readonly pools: readonly RiskPool[] }): JSX.Element => {
  // As of when the pools were read.
  const days = useMemo(() => lossesByDay(pools, nowMs.peek()), [pools]);
  const draw = useCallback(drawing(days), [days]);
  const all = days.reduce((sum, { losses }) => sum + losses, 0);
  const sentence = `${count(all)} ${all === 1 ? "loss" : "losses"} of these pools in ${String(days.length)} days.`;
  return (
    <Chart
      title="Losses by day"
      description={sentence}
      note={`${sentence} What a pool took within three minutes is one.`}
      draw={draw}
      height={height}
      table={{ rows: days, columns, keyOf: ({ day }) => day }}
    />
  );
};
