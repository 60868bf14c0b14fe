/** The scatter's ground: what range it shows, its axes, and lines of equal J. */
import { chartWidth, lineOf, textAt } from "./chart.ts";
import { percent, plainNumber } from "./figures.ts";
import { element, fragment, nothing, type Markup } from "./markup.ts";
import type { ReportRun, Score } from "./report-data.ts";
import { linearScale, multiples, roundStep, type Scale } from "./scale.ts";

export const plot = { left: 64, top: 42, bottom: 372, height: 430 } as const;

/** Room at the right for points that are far dearer than the rest. */
const beyondWidth = 190;

const hoursPerWeek = 168;

/** The headline price of an interruption, in On-Demand hours. */
const headlinePrice = 0.5;

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
  for (let index = costs.length - 1; index > 0; index -= 1) {
    const lower = costs[index - 1] ?? least;
    const isApart = (costs[index] ?? least) - lower > wideGap * (dearest - least);
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
  const right = chartWidth - (hasBeyond ? beyondWidth : 16);
  const cheapest = Math.min(optimumCost, ...scores.map(({ cost }) => cost));
  const costStep = roundStep(Math.max(dearest - cheapest, 0.01), hasBeyond ? 7 : 9);
  const most = Math.max(1, ...scores.map((score) => score.interruptionsPerUnitWeek));
  const rateStep = roundStep(most, 6);
  const axisRange = {
    from: Math.floor(cheapest / costStep - 0.15) * costStep,
    to: Math.ceil(dearest / costStep + 0.15) * costStep,
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

/** From where J is all cost, up to where it is cost and interruptions. It goes on where the axis has ended. */
const isoLine = ({ x, y }: Ground, j: number): Markup => {
  const perInterruption = headlinePrice / hoursPerWeek;
  const fromRate = Math.max(0, (j - x.to) / perInterruption);
  const toRate = Math.min(y.to, (j - x.from) / perInterruption);
  if (toRate - fromRate < 0.05 * y.to) return nothing;
  const costAt = (rate: number): number => j - perInterruption * rate;
  const end = { x: x(costAt(toRate)), y: y(toRate) };
  return fragment([
    lineOf({ from: { x: x(costAt(fromRate)), y: y(fromRate) }, to: end }, "iso"),
    toRate === y.to
      ? textAt({ x: end.x, y: plot.top - 8 }, "tick middle", `J ${plainNumber(j)}`)
      : nothing,
  ]);
};

const isoLines = (ground: Ground): readonly Markup[] => {
  const { x, y, costStep } = ground;
  const dearestJ = x.to + (headlinePrice / hoursPerWeek) * y.to;
  return multiples({ from: x.from, to: dearestJ }, costStep).map((j) => isoLine(ground, j));
};

const costAxis = ({ x, right, costStep }: Ground): readonly Markup[] => [
  lineOf({ from: { x: plot.left, y: plot.bottom }, to: { x: right, y: plot.bottom } }, "frame"),
  ...multiples(x, costStep).flatMap((cost) => [
    lineOf(
      { from: { x: x(cost), y: plot.bottom }, to: { x: x(cost), y: plot.bottom + 5 } },
      "frame",
    ),
    textAt(
      { x: x(cost), y: plot.bottom + 20 },
      "tick middle",
      percent(cost, costStep < 0.01 ? 1 : 0),
    ),
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
    textAt(
      { x: (x + chartWidth) / 2, y: plot.bottom + 20 },
      "tick middle",
      "beyond the axis, cost as given",
    ),
  ]);
};

export const groundMarkup = (ground: Ground): Markup =>
  fragment([beyondStrip(ground), ...rateAxis(ground), ...isoLines(ground), ...costAxis(ground)]);
