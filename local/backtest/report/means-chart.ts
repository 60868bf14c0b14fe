/** J ÷ optimum per policy as bars. They begin at 1, the optimum, on a logarithmic scale as ratios ask for. */
import { chart, chartWidth, fitted, lineOf, textAt, textWidth } from "./chart.ts";
import { counted } from "../../terminal/figures.ts";
import { plainNumber, policyName, ratio } from "./figures.ts";
import { element, fragment, type Markup } from "./markup.ts";
import type { Mean } from "./report-data.ts";

const rowHeight = 24;
const top = 8;
const axisHeight = 48;
const longestName = 180;
const valueWidth = 52;

/** Ratios that read well; those with room are shown. */
const roundRatios = [
  1, 1.02, 1.05, 1.1, 1.2, 1.3, 1.5, 1.75, 2, 2.5, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100,
];
/** Between two ticks, in pixels. */
const tickRoom = 44;

interface Layout {
  readonly left: number;
  readonly bottom: number;
  readonly largest: number;
}

const xOf = ({ left, largest }: Layout, value: number): number =>
  left + ((chartWidth - valueWidth - left) * Math.log(Math.max(1, value))) / Math.log(largest);

const ticksOf = (layout: Layout): readonly number[] => {
  const shown: number[] = [];
  for (const value of roundRatios.filter((each) => each <= layout.largest)) {
    const last = shown.at(-1);
    if (last === undefined || xOf(layout, value) - xOf(layout, last) >= tickRoom) shown.push(value);
  }
  return shown;
};

const axis = (layout: Layout): Markup =>
  fragment([
    ...ticksOf(layout).flatMap((value) => {
      const x = xOf(layout, value);
      return [
        lineOf(
          { from: { x, y: top }, to: { x, y: layout.bottom } },
          value === 1 ? "frame" : "grid",
        ),
        textAt({ x, y: layout.bottom + 17 }, "tick middle", plainNumber(value)),
      ];
    }),
    textAt(
      { x: chartWidth, y: layout.bottom + 38 },
      "axis end",
      "J ÷ optimum, geometric mean over the traces (1 = optimum; logarithmic)",
    ),
  ]);

const barClass = ({ isOurs, isProbing }: Mean): string =>
  ["bar", ...(isOurs ? ["is-ours"] : []), ...(isProbing ? ["is-probing"] : [])].join(" ");

const row = (mean: Mean, y: number, layout: Layout): Markup => {
  const textClass = mean.isOurs ? "is-ours-text" : "";
  const end = xOf(layout, mean.jOverOptimum);
  const baseline = y + 16;
  return fragment([
    textAt(
      { x: layout.left - 10, y: baseline },
      `end ${textClass}`.trim(),
      fitted(policyName(mean), longestName),
    ),
    element("rect", {
      x: layout.left,
      y: y + 4,
      width: Math.max(1, end - layout.left),
      height: rowHeight - 8,
      class: barClass(mean),
    }),
    textAt({ x: end + 6, y: baseline }, textClass, ratio(mean.jOverOptimum)),
  ]);
};

const layoutOf = (means: readonly Mean[]): Layout => ({
  left: 20 + Math.min(longestName, Math.max(...means.map((mean) => textWidth(policyName(mean))))),
  bottom: top + means.length * rowHeight + 4,
  largest: Math.max(1.05, ...means.map(({ jOverOptimum }) => jOverOptimum)),
});

/** Best first. Means that are not a number have no bar. */
export const meansChart = (means: readonly Mean[], units: number): Markup => {
  const sorted = means
    .filter(({ jOverOptimum }) => Number.isFinite(jOverOptimum))
    .sort((one, other) => one.jOverOptimum - other.jOverOptimum);
  const [best] = sorted;
  if (best === undefined) return element("p", { class: "note" }, "There is no mean to show.");
  const layout = layoutOf(sorted);
  return chart(
    {
      id: `means-${String(units)}`,
      height: layout.bottom + axisHeight,
      title: `J over optimum per policy, ${counted(units, "unit")}`,
      description: sorted
        .map((mean) => `${policyName(mean)} ${ratio(mean.jOverOptimum)}`)
        .join(", "),
    },
    [axis(layout), ...sorted.map((mean, index) => row(mean, top + index * rowHeight, layout))],
  );
};
