/** What a policy costs against how often it is interrupted: a labelled point per policy, and the optimum. */
import { chart, chartWidth, fitted, lineOf, textAt, textWidth, type Point } from "./chart.ts";
import { counted, percent, policyName, rate, ratio } from "./figures.ts";
import { labelHeight, placeLabels, type PlacedLabel } from "./label-placement.ts";
import { element, fragment, nothing, type Markup } from "./markup.ts";
import type { ReportRun, Score } from "./report-data.ts";
import { groundMarkup, groundOf, plot, type Ground } from "./scatter-axes.ts";

const longestLabel = 260;
const longestBeyond = 150;

interface Dot {
  readonly point: Point;
  readonly label: string;
  readonly textClass: string;
  readonly mark: Markup;
}

const isDrawable = ({ cost, interruptionsPerUnitWeek }: Score): boolean =>
  Number.isFinite(cost) && Number.isFinite(interruptionsPerUnitWeek);

/** Ours are placed first, then the best: later labels have to give way. */
const byImportance = (one: Score, other: Score): number =>
  Number(other.isOurs) - Number(one.isOurs) || one.jOverOptimum - other.jOverOptimum;

const dotClass = ({ isOurs, isProbing }: Score): string =>
  ["dot", ...(isOurs ? ["is-ours"] : []), ...(isProbing ? ["is-probing"] : [])].join(" ");

const hint = (score: Score): string =>
  `${policyName(score)}: cost ${percent(score.cost)}, ` +
  `${rate(score.interruptionsPerUnitWeek)} interruptions per unit-week, ` +
  `availability ${percent(score.availability, 2)}, J ÷ optimum ${ratio(score.jOverOptimum)}`;

const dotOf = (score: Score, { x, y, beyond }: Ground): Dot => {
  const isBeyond = beyond !== undefined && score.cost > x.to;
  const point = {
    x: isBeyond ? beyond : x(score.cost),
    y: y(score.interruptionsPerUnitWeek),
  };
  const name = policyName(score);
  return {
    point,
    label: isBeyond
      ? `${fitted(name, longestBeyond - 40)} ${percent(score.cost, 0)}`
      : fitted(name, longestLabel),
    textClass: score.isOurs ? "is-ours-text" : "",
    mark: element(
      "circle",
      { cx: point.x, cy: point.y, r: score.isOurs ? 6 : 4.5, class: dotClass(score) },
      element("title", {}, hint(score)),
    ),
  };
};

const diamondSize = 7;

const optimumDot = (optimumCost: number, { x, y }: Ground): Dot => {
  const point = { x: x(optimumCost), y: y(0) };
  const size = String(diamondSize);
  const down = `${size} ${size}`;
  return {
    point,
    label: "optimum",
    textClass: "optimum-text",
    mark: fragment([
      lineOf({ from: { x: point.x, y: plot.top }, to: point }, "optimum-line"),
      element(
        "path",
        {
          d: `M${point.x.toFixed(1)} ${(point.y - diamondSize).toFixed(1)}l${down} -${down} -${size} -${size}z`,
          class: "optimum",
        },
        element("title", {}, `optimum: cost ${percent(optimumCost)}, never interrupted`),
      ),
    ]),
  };
};

/** From the marker's rim, so that hollow markers stay hollow. */
const leaderOf = ({ point }: Dot, end: Point): Markup => {
  const length = Math.hypot(end.x - point.x, end.y - point.y);
  const rim = 6 / length;
  return lineOf(
    {
      from: { x: point.x + (end.x - point.x) * rim, y: point.y + (end.y - point.y) * rim },
      to: end,
    },
    "leader",
  );
};

const labelMarkup = (dot: Dot, { box, leaderEnd }: PlacedLabel): Markup =>
  fragment([
    leaderEnd === undefined ? nothing : leaderOf(dot, leaderEnd),
    textAt(
      { x: (box.left + box.right) / 2, y: box.bottom - labelHeight / 4 },
      `middle ${dot.textClass}`.trim(),
      dot.label,
    ),
  ]);

const description = (run: ReportRun, scores: readonly Score[]): string =>
  [...scores.map(hint), `optimum: cost ${percent(run.optimumCost)}`].join("; ");

/** Room for labels: the plot, and above the axis' own figures. */
const bounds = {
  left: plot.left + 3,
  top: plot.top + 2,
  right: chartWidth,
  bottom: plot.bottom - 2,
};

/** `id` is unique on the page. */
export const scatter = (run: ReportRun, id: string): Markup => {
  const scores = run.scores.filter(isDrawable).sort(byImportance);
  const ground = groundOf(run, scores);
  const dots = [
    ...scores.map((score) => dotOf(score, ground)),
    optimumDot(run.optimumCost, ground),
  ];
  const places = placeLabels(
    dots.map(({ point, label }) => ({ anchor: point, width: textWidth(label) })),
    dots.map(({ point }) => point),
    bounds,
  );
  return chart(
    {
      id,
      height: plot.height,
      title: `Cost and interruptions on ${run.trace}, ${counted(run.units, "unit")}`,
      description: description(run, scores),
    },
    [
      groundMarkup(ground),
      ...dots.flatMap((dot, index) => {
        const place = places[index];
        return place === undefined ? [] : [labelMarkup(dot, place)];
      }),
      // Ours come last, and so on top.
      ...dots.map(({ mark }) => mark).reverse(),
    ],
  );
};
