/** The scatter's background: what range it shows, its axes, and lines of equal J. */
import { axisX, axisY, link, rect, ruleY, scale, text, type Markish } from "@observablehq/plot";
import { chartWidth, quiet, quietAxis } from "./drawing.ts";
import { plainNumber } from "./figures.ts";
import type { Box } from "./label-placement.ts";
import type { ReportRun, Score } from "./report-data.ts";
import { multiples, roundStep, type Range } from "./ticks.ts";

export const frame = { left: 64, top: 42, bottom: 372, height: 430 } as const;

/** Room at the right for points that are far dearer than the rest. */
const beyondWidth = 230;
/** Of that room, from the end of the axis: the strip begins, and the points stand. */
const beyondGap = 8;
export const beyondOffset = 22;

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
  /** What the axes show. They begin and end at a tick. */
  readonly costs: Range;
  readonly rates: Range;
  readonly costStep: number;
  readonly rateStep: number;
  /** Points that are dearer than the axis shows stand beside it. */
  readonly hasBeyond: boolean;
  /** Of the drawing, pixels. */
  readonly marginRight: number;
}

export const groundOf = ({ optimumCost }: ReportRun, scores: readonly Score[]): Ground => {
  const dearest = dearestInRange(scores, optimumCost);
  const hasBeyond = scores.some(({ cost }) => cost > dearest);
  const cheapest = Math.min(optimumCost, ...scores.map(({ cost }) => cost));
  const costStep = roundStep(Math.max(dearest - cheapest, 0.01), hasBeyond ? 7 : 9);
  const most = Math.max(1, ...scores.map((score) => score.interruptionsPerUnitWeek));
  const rateStep = roundStep(most, 6);
  return {
    costs: {
      from: Math.max(0, Math.floor(cheapest / costStep - 0.15)) * costStep,
      to: Math.ceil(dearest / costStep - 1e-9) * costStep,
    },
    rates: { from: 0, to: Math.ceil(most / rateStep - 1e-9) * rateStep },
    costStep,
    rateStep,
    hasBeyond,
    marginRight: hasBeyond ? beyondWidth : 24,
  };
};

/** As Plot's options. */
export const scalesOf = ({ costs, rates, marginRight }: Ground) =>
  ({
    x: {
      type: "linear",
      domain: [costs.from, costs.to],
      range: [frame.left, chartWidth - marginRight],
    },
    y: { type: "linear", domain: [rates.from, rates.to], range: [frame.bottom, frame.top] },
  }) as const;

export interface Pixels {
  readonly x: (cost: number) => number;
  readonly y: (rate: number) => number;
}

/** Where Plot will draw it: labels are placed before. */
export const pixelsOf = (ground: Ground): Pixels => {
  const options = scalesOf(ground);
  const x = scale({ x: options.x });
  const y = scale({ y: options.y });
  return { x: (cost) => Number(x.apply(cost)), y: (rate) => Number(y.apply(rate)) };
};

interface CostAndRate {
  readonly cost: number;
  readonly rate: number;
}

/** A line of equal J, with its label above the plot or at its left edge. */
export interface IsoLine {
  readonly from: CostAndRate;
  readonly to: CostAndRate;
  readonly text: string;
  readonly isAbove: boolean;
}

/** Shorter ones are stubs in the corners. Pixels. */
const shortestLine = 60;

/** From where J is all cost, up to where it is cost and interruptions. */
const isoLine = (ground: Ground, j: number): IsoLine | undefined => {
  const { costs, rates } = ground;
  const perInterruption = headlinePrice / hoursPerWeek;
  const pointAt = (rate: number): CostAndRate => ({ cost: j - perInterruption * rate, rate });
  const toLeftEdge = (j - costs.from) / perInterruption;
  const from = pointAt(Math.max(0, (j - costs.to) / perInterruption));
  const to = pointAt(Math.min(rates.to, toLeftEdge));
  const { x, y } = pixelsOf(ground);
  const length = Math.hypot(x(to.cost) - x(from.cost), y(to.rate) - y(from.rate));
  if (length < shortestLine) return undefined;
  return { from, to, text: `J ${plainNumber(j)}`, isAbove: toLeftEdge >= rates.to };
};

export const isoLines = (ground: Ground): readonly IsoLine[] => {
  const { costs, rates } = ground;
  const dearestJ = costs.to + (headlinePrice / hoursPerWeek) * rates.to;
  const step = roundStep(dearestJ - costs.from, mostIsoLines);
  return multiples({ from: costs.from, to: dearestJ }, step).flatMap(
    (j) => isoLine(ground, j) ?? [],
  );
};

const isoLabel = { width: 52, height: 15, aside: 4, aboveBy: 4 } as const;

/** What other labels keep clear of. */
export const isoBox = ({ to, isAbove }: IsoLine, { x, y }: Pixels): Box => {
  const left = x(to.cost) + (isAbove ? -isoLabel.width / 2 : isoLabel.aside);
  const bottom = y(to.rate) - (isAbove ? isoLabel.aboveBy : 1);
  return { left, right: left + isoLabel.width, top: bottom - isoLabel.height, bottom };
};

export const halo = { stroke: "var(--paper)", strokeWidth: 4 } as const;

const isoMarks = (ground: Ground): readonly Markish[] => {
  const lines = isoLines(ground);
  const label = {
    ...quiet,
    ...halo,
    x: ({ to }: IsoLine) => to.cost,
    y: ({ to }: IsoLine) => to.rate,
    text: "text",
    lineAnchor: "bottom",
  } as const;
  return [
    link(lines, {
      x1: ({ from }: IsoLine) => from.cost,
      y1: ({ from }: IsoLine) => from.rate,
      x2: ({ to }: IsoLine) => to.cost,
      y2: ({ to }: IsoLine) => to.rate,
      stroke: "var(--line)",
      strokeDasharray: "5 4",
    }),
    text(
      lines.filter(({ isAbove }) => isAbove),
      { ...label, dy: -isoLabel.aboveBy - 4 },
    ),
    text(
      lines.filter(({ isAbove }) => !isAbove),
      { ...label, textAnchor: "start", dx: isoLabel.aside, dy: -5 },
    ),
  ];
};

const beyondMarks = ({ hasBeyond, costs, rates }: Ground): readonly Markish[] =>
  hasBeyond
    ? [
        rect([costs.to], {
          x1: costs.to,
          x2: costs.to,
          y1: rates.from,
          y2: rates.to,
          insetLeft: beyondGap,
          insetRight: -beyondWidth,
          fill: "var(--wash)",
        }),
        text(["dearer: not to scale"], {
          ...quiet,
          frameAnchor: "bottom-right",
          textAnchor: "middle",
          lineAnchor: "top",
          dx: (beyondWidth + beyondGap) / 2,
          dy: 9,
        }),
      ]
    : [];

export const groundMarks = (ground: Ground): readonly Markish[] => {
  const rates = multiples(ground.rates, ground.rateStep);
  return [
    ...beyondMarks(ground),
    ruleY(
      rates.filter((rate) => rate > 0),
      { stroke: "var(--line)" },
    ),
    axisY(rates, { ...quietAxis, tickFormat: plainNumber }),
    text(["↑ Interruptions per unit-week"], {
      ...quiet,
      frameAnchor: "top-left",
      dx: -frame.left,
      dy: -frame.top + 4,
    }),
    ...isoMarks(ground),
    ruleY([0], { stroke: "var(--other)" }),
    axisX(multiples(ground.costs, ground.costStep), {
      ...quietAxis,
      tickSize: 5,
      stroke: "var(--other)",
      tickFormat: (cost: number) => `${plainNumber(cost * 100)} %`,
    }),
    text(["Cost, share of On-Demand →"], {
      ...quiet,
      frameAnchor: "bottom-right",
      lineAnchor: "top",
      dy: 34,
    }),
  ];
};
