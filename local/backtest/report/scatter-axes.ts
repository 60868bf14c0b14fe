/** The scatter's background: what range it shows, its axes, and lines of equal J. */
import { chartWidth, lineOf, textAt, type Line, type Point } from "./chart.ts";
import { plainNumber } from "./figures.ts";
import type { Box } from "./label-placement.ts";
import { element, fragment, nothing, type Markup } from "./markup.ts";
import type { ReportRun, Score } from "./report-data.ts";
import { linearScale, multiples, roundStep, type Scale } from "./scale.ts";

export const plot = { left: 64, top: 42, bottom: 372, height: 430 } as const;

/** Room at the right for points that are far dearer than the rest. */
const beyondWidth = 230;

const hoursPerWeek = 168;

/** The headline price of an interruption, in On-Demand hours. */
const headlinePrice = 0.5;

/** Lines of equal J, and steps of its axis, at most. */
const mostIsoLines = 8;

/** A gap of this share of the range sets the points behind it aside. */
const wideGap = 0.4;

/** The range keeps at least this share of the optimum: small differences must not look large. */
const leastRange = 0.1;

/** The largest cost with its true place on the axis. What is dearer, as always On-Demand is, would squeeze the rest. */
export const dearestInRange = (scores: readonly Score[], optimumCost: number): number => {
  const costs = [...scores.map(({ cost }) => cost), optimumCost].sort((one, other) => one - other);
  const [least = 0] = costs;
  const kept = Math.max(
    least + leastRange * optimumCost,
    ...scores.filter(({ isOurs }) => isOurs).map(({ cost }) => cost),
  );
  let dearest = costs.at(-1) ?? least;
  // At least half of the points stay in the range.
  for (let index = costs.length - 1; index >= costs.length / 2; index -= 1) {
    const lower = costs[index - 1] ?? least;
    const gap = (costs[index] ?? least) - lower;
    const isApart = gap > Math.max(wideGap * (dearest - least), leastRange * optimumCost);
    if (isApart && dearest > kept) dearest = lower;
  }
  return Math.max(dearest, kept);
};

export interface Ground {
  readonly x: Scale;
  readonly y: Scale;
  /** Right end of the axis. */
  readonly right: number;
  /** Where points beyond the axis stand. */
  readonly beyond: number | undefined;
  readonly costStep: number;
  readonly rateStep: number;
}

/** Axes begin and end at a tick. */
export const groundOf = ({ optimumCost }: ReportRun, scores: readonly Score[]): Ground => {
  const dearest = dearestInRange(scores, optimumCost);
  const hasBeyond = scores.some(({ cost }) => cost > dearest);
  const right = chartWidth - (hasBeyond ? beyondWidth : 24);
  const cheapest = Math.min(optimumCost, ...scores.map(({ cost }) => cost));
  const costStep = roundStep(Math.max(dearest - cheapest, 0.01), hasBeyond ? 7 : 9);
  const most = Math.max(1, ...scores.map((score) => score.interruptionsPerUnitWeek));
  const rateStep = roundStep(most, 6);
  const axisRange = {
    from: Math.max(0, Math.floor(cheapest / costStep - 0.15)) * costStep,
    to: Math.ceil(dearest / costStep - 1e-9) * costStep,
  };
  return {
    x: linearScale(axisRange, { from: plot.left, to: right }),
    y: linearScale(
      { from: 0, to: Math.ceil(most / rateStep - 1e-9) * rateStep },
      { from: plot.bottom, to: plot.top },
    ),
    right,
    beyond: hasBeyond ? right + 22 : undefined,
    costStep,
    rateStep,
  };
};

/** A line of equal J, with its label above the plot or at its left edge. */
export interface IsoLine {
  readonly line: Line;
  readonly text: string;
  readonly box: Box;
}

const isoLabelWidth = 52;

const boxAt = (end: Point): Box => {
  const isAbove = end.y <= plot.top;
  const left = isAbove ? end.x - isoLabelWidth / 2 : end.x + 4;
  const bottom = isAbove ? end.y - 4 : end.y - 1;
  return { left, right: left + isoLabelWidth, top: bottom - 15, bottom };
};

/** From where J is all cost, up to where it is cost and interruptions. Stubs in the corners are left out. */
const isoLine = ({ x, y }: Ground, j: number): IsoLine | undefined => {
  const perInterruption = headlinePrice / hoursPerWeek;
  const fromRate = Math.max(0, (j - x.to) / perInterruption);
  const toRate = Math.min(y.to, (j - x.from) / perInterruption);
  const pointAt = (interruptions: number): Point => ({
    x: x(j - perInterruption * interruptions),
    y: y(interruptions),
  });
  const line = { from: pointAt(fromRate), to: pointAt(toRate) };
  if (Math.hypot(line.to.x - line.from.x, line.to.y - line.from.y) < 60) return undefined;
  return { line, text: `J ${plainNumber(j)}`, box: boxAt(line.to) };
};

export const isoLines = (ground: Ground): readonly IsoLine[] => {
  const { x, y } = ground;
  const dearestJ = x.to + (headlinePrice / hoursPerWeek) * y.to;
  const step = roundStep(dearestJ - x.from, mostIsoLines);
  return multiples({ from: x.from, to: dearestJ }, step).flatMap((j) => isoLine(ground, j) ?? []);
};

const isoMarkup = ({ line, text, box }: IsoLine): Markup =>
  fragment([
    lineOf(line, "iso"),
    textAt({ x: (box.left + box.right) / 2, y: box.bottom - 4 }, "tick halo middle", text),
  ]);

const costAxis = ({ x, right, costStep }: Ground): readonly Markup[] => [
  lineOf({ from: { x: plot.left, y: plot.bottom }, to: { x: right, y: plot.bottom } }, "frame"),
  ...multiples(x, costStep).flatMap((cost) => [
    lineOf(
      { from: { x: x(cost), y: plot.bottom }, to: { x: x(cost), y: plot.bottom + 5 } },
      "frame",
    ),
    textAt({ x: x(cost), y: plot.bottom + 20 }, "tick middle", `${plainNumber(cost * 100)} %`),
  ]),
  textAt({ x: right, y: plot.bottom + 44 }, "axis end", "Cost, share of On-Demand →"),
];

const rateAxis = ({ y, right, rateStep }: Ground): readonly Markup[] => [
  ...multiples(y, rateStep).flatMap((rate) => [
    ...(rate === 0
      ? []
      : [lineOf({ from: { x: plot.left, y: y(rate) }, to: { x: right, y: y(rate) } }, "grid")]),
    textAt({ x: plot.left - 8, y: y(rate) + 4 }, "tick end", plainNumber(rate)),
  ]),
  textAt({ x: 0, y: 14 }, "axis", "↑ Interruptions per unit-week"),
];

const beyondStrip = ({ beyond, right }: Ground): Markup => {
  if (beyond === undefined) return nothing;
  const x = right + 8;
  return fragment([
    element("rect", {
      x,
      y: plot.top,
      width: chartWidth - x,
      height: plot.bottom - plot.top,
      class: "lane",
    }),
    textAt({ x: (x + chartWidth) / 2, y: plot.bottom + 20 }, "tick middle", "dearer: not to scale"),
  ]);
};

export const groundMarkup = (ground: Ground): Markup =>
  fragment([
    beyondStrip(ground),
    ...rateAxis(ground),
    ...isoLines(ground).map(isoMarkup),
    ...costAxis(ground),
  ]);
