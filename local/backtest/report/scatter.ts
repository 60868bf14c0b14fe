/** What a policy costs against how often it is interrupted: a labelled point per policy, and the optimum. */
import { dot, link, ruleX, text, type Markish } from "@observablehq/plot";
import { counted } from "../../terminal/figures.ts";
import { chart, chartWidth, cutAt, inkOf } from "./drawing.ts";
import { percent, policyName, rate, ratio } from "./figures.ts";
import { placeLabels, type Box, type PlacedLabel, type Point } from "./label-placement.ts";
import type { Markup } from "./markup.ts";
import type { ReportRun, Score } from "./report-data.ts";
import {
  beyondOffset,
  frame,
  groundMarks,
  groundOf,
  halo,
  isoBox,
  isoLines,
  pixelsOf,
  scalesOf,
  type Ground,
  type Pixels,
} from "./scatter-axes.ts";
import { textWidth } from "./text-width.ts";

const lineHeight = 16;
/** In pixels; longer ones are cut. */
const longestLabel = 180;

/** A label's text, and how it is written. */
interface Line {
  readonly text: string;
  readonly ink: "ours" | "other" | "optimum";
}

interface Spot {
  readonly point: Point;
  readonly line: Line;
}

const isDrawable = ({ cost, interruptionsPerUnitWeek }: Score): boolean =>
  Number.isFinite(cost) && Number.isFinite(interruptionsPerUnitWeek);

/** Ours are placed first, then the best: later labels have to give way. */
const byImportance = (one: Score, other: Score): number =>
  Number(other.isOurs) - Number(one.isOurs) || one.jOverOptimum - other.jOverOptimum;

const hint = (score: Score): string =>
  `${policyName(score)}: cost ${percent(score.cost)}, ` +
  `${rate(score.interruptionsPerUnitWeek)} interruptions per unit-week, ` +
  `availability ${percent(score.availability, 2)}, J ÷ optimum ${ratio(score.jOverOptimum)}`;

const isBeyond = ({ cost }: Score, { costs }: Ground): boolean => cost > costs.to;

const spotOf = (score: Score, ground: Ground, { x, y }: Pixels): Spot => {
  const name = policyName(score);
  const isAside = isBeyond(score, ground);
  return {
    point: {
      x: isAside ? x(ground.costs.to) + beyondOffset : x(score.cost),
      y: y(score.interruptionsPerUnitWeek),
    },
    line: {
      text: isAside ? `${name} ${percent(score.cost, 0)}` : name,
      ink: score.isOurs ? "ours" : "other",
    },
  };
};

/** Points that are drawn alike: ours are larger, hollow are those that probe. */
const dotsOf = (scores: readonly Score[], ground: Ground, isOurs: boolean): readonly Markish[] =>
  [false, true].flatMap((isAside) =>
    [false, true].map((isProbing) => {
      const colour = isOurs ? "var(--ours)" : "var(--other)";
      return dot(
        scores.filter(
          (score) =>
            score.isOurs === isOurs &&
            score.isProbing === isProbing &&
            isBeyond(score, ground) === isAside,
        ),
        {
          x: ({ cost }: Score) => Math.min(cost, ground.costs.to),
          y: "interruptionsPerUnitWeek",
          dx: isAside ? beyondOffset : 0,
          r: isOurs ? 6 : 4.5,
          fill: isProbing ? "var(--paper)" : colour,
          stroke: colour,
          strokeWidth: 1.8,
          title: hint,
        },
      );
    }),
  );

const optimumMarks = (optimumCost: number): readonly Markish[] => [
  ruleX([optimumCost], { stroke: "var(--optimum)", strokeDasharray: "2 3" }),
  dot([optimumCost], {
    x: optimumCost,
    y: 0,
    symbol: "diamond",
    r: 6.5,
    fill: "var(--optimum)",
    title: (cost: number) => `optimum: cost ${percent(cost)}, never interrupted`,
  }),
];

/** Points that can't be told apart share a label of several lines. */
interface Cluster {
  readonly point: Point;
  readonly lines: readonly Line[];
}

/** In pixels. */
const sameSpot = 4;

const clustersOf = (spots: readonly Spot[]): readonly Cluster[] => {
  const clusters: Cluster[] = [];
  for (const { point, line } of spots) {
    const index = clusters.findIndex(
      (each) => Math.hypot(each.point.x - point.x, each.point.y - point.y) <= sameSpot,
    );
    const cluster = clusters[index];
    if (cluster === undefined) clusters.push({ point, lines: [line] });
    else clusters[index] = { ...cluster, lines: [...cluster.lines, line] };
  }
  return clusters;
};

interface Labelled extends Cluster {
  readonly place: PlacedLabel;
}

/** Room for labels: the plot, and above the axis' own figures. */
const bounds = {
  left: frame.left + 3,
  top: frame.top + 2,
  right: chartWidth,
  bottom: frame.bottom + 1,
};

const labelled = (spots: readonly Spot[], texts: readonly Box[]): readonly Labelled[] => {
  const clusters = clustersOf(spots);
  const places = placeLabels(
    clusters.map(({ point, lines }) => ({
      anchor: point,
      width: Math.min(longestLabel, Math.max(...lines.map((line) => textWidth(line.text)))),
      height: lines.length * lineHeight,
    })),
    { bounds, points: spots.map(({ point }) => point), texts },
  );
  return clusters.flatMap((cluster, index) => {
    const place = places[index];
    return place === undefined ? [] : [{ ...cluster, place }];
  });
};

/** A channel that is in pixels already. */
const pixel = (value: string) => ({ value, scale: null });

/** From the marker's rim, so that hollow markers stay hollow. */
const leaderOf = ({ point, place: { leaderEnd } }: Labelled) => {
  if (leaderEnd === undefined) return [];
  const rim = 7 / Math.hypot(leaderEnd.x - point.x, leaderEnd.y - point.y);
  return [
    {
      x1: point.x + (leaderEnd.x - point.x) * rim,
      y1: point.y + (leaderEnd.y - point.y) * rim,
      x2: leaderEnd.x,
      y2: leaderEnd.y,
    },
  ];
};

interface WrittenLine extends Point, Line {
  readonly textAnchor: "start" | "end" | "middle";
}

/** Text begins or ends where the leader does. */
const sideOf = (point: Point, { left, right }: Box): Pick<WrittenLine, "x" | "textAnchor"> => {
  if (left >= point.x) return { x: left, textAnchor: "start" };
  if (right <= point.x) return { x: right, textAnchor: "end" };
  return { x: (left + right) / 2, textAnchor: "middle" };
};

const writtenLines = ({ point, lines, place: { box } }: Labelled): readonly WrittenLine[] =>
  lines.map((line, index) => ({
    ...line,
    ...sideOf(point, box),
    y: box.top + (index + 0.5) * lineHeight,
  }));

const inks = {
  ours: inkOf({ isOurs: true }),
  other: inkOf({ isOurs: false }),
  optimum: { fill: "var(--optimum)" },
} as const;

const labelMarks = (labels: readonly Labelled[]): readonly Markish[] => {
  const lines = labels.flatMap(writtenLines);
  return [
    link(labels.flatMap(leaderOf), {
      x1: pixel("x1"),
      y1: pixel("y1"),
      x2: pixel("x2"),
      y2: pixel("y2"),
      stroke: "var(--other)",
      strokeWidth: 0.8,
    }),
    ...(["other", "optimum", "ours"] as const).flatMap((ink) =>
      (["start", "end", "middle"] as const).map((textAnchor) =>
        text(
          lines.filter((line) => line.ink === ink && line.textAnchor === textAnchor),
          {
            ...halo,
            ...inks[ink],
            ...cutAt(longestLabel),
            x: pixel("x"),
            y: pixel("y"),
            text: "text",
            textAnchor,
          },
        ),
      ),
    ),
  ];
};

const description = (run: ReportRun, scores: readonly Score[]): string =>
  [...scores.map(hint), `optimum: cost ${percent(run.optimumCost)}`].join("; ");

export const scatter = (run: ReportRun): Markup => {
  const scores = run.scores.filter(isDrawable).sort(byImportance);
  const ground = groundOf(run, scores);
  const pixels = pixelsOf(ground);
  const optimum: Spot = {
    point: { x: pixels.x(run.optimumCost), y: pixels.y(0) },
    line: { text: "optimum", ink: "optimum" },
  };
  const labels = labelled(
    [...scores.map((score) => spotOf(score, ground, pixels)), optimum],
    isoLines(ground).map((line) => isoBox(line, pixels)),
  );
  return chart(
    {
      title: `Cost and interruptions on ${run.trace}, ${counted(run.units, "unit")}`,
      description: description(run, scores),
    },
    {
      height: frame.height,
      marginTop: frame.top,
      marginRight: ground.marginRight,
      marginBottom: frame.height - frame.bottom,
      marginLeft: frame.left,
      ...scalesOf(ground),
      marks: [
        ...groundMarks(ground),
        ...optimumMarks(run.optimumCost),
        // Ours come last, and so on top.
        ...[false, true].flatMap((isOurs) => dotsOf(scores, ground, isOurs)),
        ...labelMarks(labels),
      ],
    },
  );
};
