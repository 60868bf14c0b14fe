/** J ÷ optimum per policy as bars. They begin at 1, the optimum, on a logarithmic scale as ratios ask for. */
import { axisX, axisY, barX, ruleX, text } from "@observablehq/plot";
import { counted } from "../../terminal/figures.ts";
import { chart, chartWidth, cutAt, inkOf, quiet, quietAxis } from "./drawing.ts";
import { plainNumber, policyName, ratio } from "./figures.ts";
import { element, type Markup } from "./markup.ts";
import type { Mean } from "./report-data.ts";
import { textWidth } from "./text-width.ts";

const rowHeight = 24;
const top = 8;
const axisHeight = 52;
const longestName = 180;
const valueWidth = 52;

/** Ratios that read well; those with room are shown. */
const roundRatios = [
  1, 1.02, 1.05, 1.1, 1.2, 1.3, 1.5, 1.75, 2, 2.5, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100,
];
/** Between two ticks, in pixels. */
const tickRoom = 44;

/** @param width of the largest ratio's bar, pixels */
const ticksOf = (largest: number, width: number): readonly number[] => {
  const xOf = (value: number): number => (width * Math.log(value)) / Math.log(largest);
  const shown: number[] = [];
  for (const value of roundRatios.filter((each) => each <= largest)) {
    const last = shown.at(-1);
    if (last === undefined || xOf(value) - xOf(last) >= tickRoom) shown.push(value);
  }
  return shown;
};

interface Bar extends Mean {
  readonly row: number;
}

const colourOf = ({ isOurs, isProbing }: Mean): string =>
  `var(--${isOurs ? "ours" : "other"}${isProbing ? "-pale" : ""})`;

/** What is written in the same way: ours, and the others. */
const written = (bars: readonly Bar[], isOurs: boolean, nameWidth: number) => {
  const some = bars.filter((bar) => bar.isOurs === isOurs);
  const ink = inkOf({ isOurs });
  return [
    axisY(
      some.map(({ row }) => row),
      {
        ...quietAxis,
        ...ink,
        ...cutAt(nameWidth),
        fontSize: 13,
        tickPadding: 10,
        tickFormat: (row: number) =>
          bars
            .filter((bar) => bar.row === row)
            .map(policyName)
            .join(""),
      },
    ),
    text(some, {
      ...ink,
      x: "jOverOptimum",
      y: "row",
      text: ({ jOverOptimum }: Bar) => ratio(jOverOptimum),
      textAnchor: "start",
      dx: 6,
    }),
  ];
};

/** Best first. Means that are not a number have no bar. */
export const meansChart = (means: readonly Mean[], units: number): Markup => {
  const bars: readonly Bar[] = means
    .filter(({ jOverOptimum }) => Number.isFinite(jOverOptimum))
    .sort((one, other) => one.jOverOptimum - other.jOverOptimum)
    .map((mean, row) => ({ ...mean, row }));
  if (bars.length === 0) return element("p", { class: "note" }, "There is no mean to show.");
  const largest = Math.max(1.05, ...bars.map(({ jOverOptimum }) => jOverOptimum));
  const nameWidth = Math.min(
    longestName,
    Math.max(...bars.map((bar) => textWidth(policyName(bar)))),
  );
  const marginLeft = 20 + nameWidth;
  const ticks = ticksOf(largest, chartWidth - valueWidth - marginLeft);
  return chart(
    {
      title: `J over optimum per policy, ${counted(units, "unit")}`,
      description: bars.map((bar) => `${policyName(bar)} ${ratio(bar.jOverOptimum)}`).join(", "),
    },
    {
      height: top + bars.length * rowHeight + axisHeight,
      marginTop: top,
      marginRight: valueWidth,
      marginBottom: axisHeight,
      marginLeft,
      x: { type: "log", domain: [1, largest], clamp: true },
      y: { type: "band", domain: bars.map(({ row }) => row), padding: 1 / 3 },
      marks: [
        ruleX(ticks, { stroke: "var(--line)" }),
        axisX(ticks, { ...quietAxis, tickFormat: plainNumber }),
        text(["J ÷ optimum, geometric mean over the traces (1 = optimum; logarithmic)"], {
          ...quiet,
          frameAnchor: "bottom-right",
          lineAnchor: "top",
          dx: valueWidth,
          dy: 30,
        }),
        barX(bars, { x1: 1, x2: "jOverOptimum", y: "row", fill: colourOf }),
        ruleX([1], { stroke: "var(--other)" }),
        ...[false, true].flatMap((isOurs) => written(bars, isOurs, nameWidth)),
      ],
    },
  );
};
