/** What a policy costs against how often it is interrupted: a labelled point per policy, and the optimum. */
import { chart, chartWidth, fitted, lineOf, textAt, textWidth, type Point } from "./chart.ts";
import { counted } from "../../terminal/figures.ts";
import { percent, policyName, rate, ratio } from "./figures.ts";
import { placeLabels, type Box, type PlacedLabel } from "./label-placement.ts";
import { element, fragment, nothing, type Markup } from "./markup.ts";
import type { ReportRun, Score } from "./report-data.ts";
import { groundMarkup, groundOf, isoLines, plot, type Ground } from "./scatter-axes.ts";

const lineHeight = 16;
const longestLabel = 260;
const longestBeyond = 180;

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
      ? `${fitted(name, longestBeyond - 42)} ${percent(score.cost, 0)}`
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

/** Dots that can't be told apart share a label of several lines. */
interface Cluster {
  readonly point: Point;
  readonly dots: readonly Dot[];
}

/** In pixels. */
const sameSpot = 4;

const clustersOf = (dots: readonly Dot[]): readonly Cluster[] => {
  const clusters: Cluster[] = [];
  for (const dot of dots) {
    const { x, y } = dot.point;
    const index = clusters.findIndex(
      ({ point }) => Math.hypot(point.x - x, point.y - y) <= sameSpot,
    );
    const cluster = clusters[index];
    if (cluster === undefined) clusters.push({ point: dot.point, dots: [dot] });
    else clusters[index] = { ...cluster, dots: [...cluster.dots, dot] };
  }
  return clusters;
};

/** From the marker's rim, so that hollow markers stay hollow. */
const leaderOf = (point: Point, end: Point): Markup => {
  const length = Math.hypot(end.x - point.x, end.y - point.y);
  const rim = 7 / length;
  const from = {
    x: point.x + (end.x - point.x) * rim,
    y: point.y + (end.y - point.y) * rim,
  };
  return lineOf({ from, to: end }, "leader");
};

/** Text begins or ends where the leader does. */
const sideOf = (
  point: Point,
  { left, right }: Box,
): { readonly x: number; readonly className: string } => {
  if (left >= point.x) return { x: left, className: "" };
  if (right <= point.x) return { x: right, className: "end" };
  return { x: (left + right) / 2, className: "middle" };
};

const labelMarkup = ({ point, dots }: Cluster, { box, leaderEnd }: PlacedLabel): Markup => {
  const { x, className } = sideOf(point, box);
  return fragment([
    leaderEnd === undefined ? nothing : leaderOf(point, leaderEnd),
    ...dots.map(({ label, textClass }, index) =>
      textAt(
        { x, y: box.top + (index + 0.75) * lineHeight },
        ["halo", className, textClass].filter((name) => name !== "").join(" "),
        label,
      ),
    ),
  ]);
};

const description = (run: ReportRun, scores: readonly Score[]): string =>
  [...scores.map(hint), `optimum: cost ${percent(run.optimumCost)}`].join("; ");

/** Room for labels: the plot, and above the axis' own figures. */
const bounds = {
  left: plot.left + 3,
  top: plot.top + 2,
  right: chartWidth,
  bottom: plot.bottom + 1,
};

/** `id` is unique on the page. */
export const scatter = (run: ReportRun, id: string): Markup => {
  const scores = run.scores.filter(isDrawable).sort(byImportance);
  const ground = groundOf(run, scores);
  const dots = [
    ...scores.map((score) => dotOf(score, ground)),
    optimumDot(run.optimumCost, ground),
  ];
  const clusters = clustersOf(dots);
  const places = placeLabels(
    clusters.map(({ point, dots: near }) => ({
      anchor: point,
      width: Math.max(...near.map(({ label }) => textWidth(label))),
      height: near.length * lineHeight,
    })),
    {
      bounds,
      points: dots.map(({ point }) => point),
      texts: isoLines(ground).map(({ box }) => box),
    },
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
      // Ours come last, and so on top.
      ...dots.map(({ mark }) => mark).reverse(),
      ...clusters.flatMap((cluster, index) => {
        const place = places[index];
        return place === undefined ? [] : [labelMarkup(cluster, place)];
      }),
    ],
  );
};
