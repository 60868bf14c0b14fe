/** What was saved month by month; outlined what targets in shadow mode would have added. */
import type { JSX } from "preact";
import { useCallback, useMemo } from "preact/hooks";
import { pollWhole, type Polled } from "../api/polled.ts";
import type { Schemas } from "../api/types.ts";
import { Chart, type DrawChart } from "../charts/chart.tsx";
import { Legend } from "../charts/legend.tsx";
import { monthlyUsd } from "../format.ts";
import { useReading } from "../ui/screen.tsx";
import type { TableColumn } from "../ui/table.tsx";
import { monthsUntil } from "./steps.ts";

type Month = Schemas["SavingsOfMonth"];

interface MonthFigures {
  readonly month: string;
  /** The lower end. Undefined: not read yet, or nothing of it is in the ledger. */
  readonly net?: number;
  /** Likely, of the verdicts whose pool had capacity. */
  readonly shadow?: number;
}

const shownMonths = 6;
const height = 240;
const fiveMinutesMs = 300_000;

const columns: readonly TableColumn<MonthFigures>[] = [
  {
    id: "month",
    heading: "Month",
    cell: ({ month }) => (
      <a class="link" href={`/savings?month=${month}`}>
        {month}
      </a>
    ),
  },
  {
    id: "net",
    heading: "Net, realised",
    align: "right",
    cell: ({ net }) => monthlyUsd(net),
  },
  {
    id: "shadow",
    heading: "Shadow would have added, estimated",
    align: "right",
    cell: ({ shadow }) => monthlyUsd(shadow),
  },
];

/** Six of `2026-11` do not fit beside each other below that, pixels. */
const roomForYears = 480;

/** `2026-11` → `Nov`: of six months that says which. */
const shortMonth = (month: string): string =>
  new Date(`${month}-01`).toLocaleString("en", { month: "short", timeZone: "UTC" });

const drawing =
  (months: readonly MonthFigures[]): DrawChart =>
  (plot, width) => ({
    height,
    marginLeft: 56,
    x: {
      domain: months.map(({ month }) => month),
      label: null,
      tickSize: 0,
      padding: 0.3,
      tickFormat: (month: string) => (width < roomForYears ? shortMonth(month) : month),
    },
    y: { label: "USD a month", grid: true, ticks: 4 },
    marks: [
      plot.barY(
        months.filter(({ net }) => net !== undefined),
        { x: "month", y1: 0, y2: "net", fill: "var(--spot)" },
      ),
      plot.barY(
        months.filter(({ shadow }) => shadow !== undefined),
        {
          x: "month",
          y1: ({ net = 0 }: MonthFigures) => net,
          y2: ({ net = 0, shadow = 0 }: MonthFigures) => net + shadow,
          fill: "none",
          stroke: "var(--shadow)",
          strokeWidth: 1.5,
        },
      ),
      plot.ruleY([0], { stroke: "var(--control)" }),
    ],
  });

const figuresOf = (month: string, value: Month | undefined): MonthFigures => ({
  month,
  ...(value !== undefined && value.total.targets > 0 && { net: value.total.net_usd.low }),
  ...(value?.total.shadow !== undefined && { shadow: value.total.shadow.proven.saved_usd.likely }),
});

interface OfMonth {
  readonly month: string;
  readonly polled: Polled<Month>;
}

const sentenceOf = (months: readonly MonthFigures[]): string => {
  const known = months.filter(({ net }) => net !== undefined);
  return known.length === 0
    ? "None of these months is in the ledger."
    : known.map(({ month, net }) => `${month}: ${monthlyUsd(net)}`).join(", ");
};

const Drawn = ({ polls }: { readonly polls: readonly OfMonth[] }): JSX.Element => {
  const values = polls.map(({ polled }) => useReading(polled).value);
  const months = useMemo(
    () => polls.map(({ month }, index) => figuresOf(month, values[index])),
    [polls, ...values],
  );
  const draw = useCallback(drawing(months), [months]);
  return (
    <Chart
      title="Month by month"
      description={sentenceOf(months)}
      draw={draw}
      height={height}
      legend={
        <Legend
          items={[
            { word: "Net, realised", color: "spot", shape: "area" },
            { word: "Shadow would have added, estimated", color: "shadow", shape: "outline" },
          ]}
        />
      }
      table={{ rows: months, columns, keyOf: ({ month }) => month }}
    />
  );
};

/** @param month the last one */
export const Months = ({ month }: { readonly month: string }): JSX.Element => {
  const polls = useMemo(
    () =>
      monthsUntil(month, shownMonths).map((each) => ({
        month: each,
        polled: pollWhole<Month>(`/savings?month=${each}&shadow=true&limit=1`, () => fiveMinutesMs),
      })),
    [month],
  );
  return <Drawn key={month} polls={polls} />;
};
