/** From what was saved gross to what is left of it: each step is one of the ledger's terms. */
import type { JSX } from "preact";
import { useCallback, useMemo } from "preact/hooks";
import { Chart, type DrawChart } from "../charts/chart.tsx";
import { hatch } from "../charts/hatch.ts";
import { monthlyUsd, none } from "../format.ts";
import type { TableColumn } from "../ui/table.tsx";
import { stepsOf, type MonthSums, type Step } from "./steps.ts";

const rowHeight = 30;
const axisHeight = 44;

const columns: readonly TableColumn<Step>[] = [
  { id: "step", heading: "Step", cell: ({ word }) => word },
  {
    id: "usd",
    heading: "USD",
    align: "right",
    cell: ({ from, to }) => monthlyUsd(to - from),
  },
  { id: "left", heading: "Left", align: "right", cell: ({ to }) => monthlyUsd(to) },
  { id: "source", heading: "Source", cell: ({ source }) => source ?? none },
];

const colors = {
  GROSS: "var(--on-demand)",
  COST: "var(--fallback)",
  NET: "var(--spot)",
} as const satisfies Partial<Record<Step["kind"], string>>;

const drawing =
  (steps: readonly Step[], height: number): DrawChart =>
  (plot) => {
    const unknown = hatch("var(--on-demand)");
    const place = { y: "word", x1: "from", x2: "to" } as const;
    const reach = steps.flatMap(({ from, to }) => [from, to]);
    const [least, most] = [Math.min(0, ...reach), Math.max(0.01, ...reach)];
    return {
      height,
      marginLeft: 132,
      marginRight: 76,
      marginBottom: axisHeight - 10,
      marginTop: 6,
      x: { domain: [least, most], label: "USD in the month", grid: true, ticks: 4 },
      y: { domain: steps.map(({ word }) => word), label: null, tickSize: 0 },
      marks: [
        unknown.mark,
        plot.barX(
          steps.filter(({ kind }) => kind === "UNKNOWN"),
          { ...place, fill: unknown.fill, stroke: "var(--on-demand)", insetTop: 4, insetBottom: 4 },
        ),
        ...(["GROSS", "COST", "NET"] as const).map((kind) =>
          plot.barX(
            steps.filter((step) => step.kind === kind),
            { ...place, fill: colors[kind], insetTop: 4, insetBottom: 4 },
          ),
        ),
        plot.text(steps, {
          y: "word",
          x: ({ from, to }: Step) => Math.max(from, to),
          text: ({ from, to }: Step) => monthlyUsd(to - from),
          textAnchor: "start",
          dx: 6,
          fill: "var(--text)",
        }),
        plot.ruleX([0], { stroke: "var(--control)" }),
      ],
    };
  };

/** `$40.10`, or both ends where too much of it is not known. */
export const netText = ({ net_usd: net }: Pick<MonthSums, "net_usd">): string =>
  net.is_range ? `${monthlyUsd(net.low)} to ${monthlyUsd(net.high)}` : monthlyUsd(net.low);

export const Waterfall = ({ sums }: { readonly sums: MonthSums }): JSX.Element => {
  const steps = useMemo(() => stepsOf(sums), [sums]);
  const height = steps.length * rowHeight + axisHeight;
  const draw = useCallback(drawing(steps, height), [steps, height]);
  return (
    <Chart
      title="From gross to net"
      description={`Gross ${monthlyUsd(sums.gross_usd)}, net ${netText(sums)}, realised.`}
      note={
        <>
          Realised, by what ran and the prices of then.
          {!sums.net_usd.is_bounded && " Of a part not even a most is known: it may be less."}
          {!sums.is_final && " Its last days are stated again until they are settled."}
        </>
      }
      draw={draw}
      height={height}
      table={{ rows: steps, columns, keyOf: ({ word }) => word }}
    />
  );
};
