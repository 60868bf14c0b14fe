/** Timeline of several units: how many ran in each zone and On-Demand, stacked, over a histogram of interruptions. */
import { axisY, dot, line, ruleY, text, type Markish } from "@observablehq/plot";
import { counted } from "../../terminal/figures.ts";
import { chart, quiet, quietAxis } from "./drawing.ts";
import { plainNumber, policyName } from "./figures.ts";
import type { Markup } from "./markup.ts";
import { addCoverage, eventsByColumn, runsOfLevels } from "./pixel-runs.ts";
import { down, onDemand, type ReportRun, type Timeline } from "./report-data.ts";
import { zoneColour } from "./styles.ts";
import { multiples, roundStep } from "./ticks.ts";
import {
  axisHeight,
  blunt,
  capacitySummary,
  rowNames,
  rowScale,
  tickLength,
  timeAxis,
  timeColumns,
  timeFrame,
  timeLines,
  timelineLeft,
  lanes,
  zoneBands,
  type TimeColumns,
} from "./timeline-rows.ts";

const stackTop = 10;
const stackHeight = 150;
const stackBottom = 8;
const lossTop = 6;
const lossHeight = 34;
const lossBottom = 6;
const stripsTop = 6;
const stripPitch = 18;
const stripHeight = 12;

/** A drawing of more detail would take four times the room and show no more. */
const pixelsPerColumn = 2;
/** Bars of the histogram are wide enough to be compared. */
const pixelsPerBar = 4;
/** Of a bar, the share of its stretch of time. */
const barShare = 0.85;

/** Units per column and place, as means over the column's ticks. */
const unitsByPlace = (
  { units }: Timeline,
  columns: TimeColumns,
): ReadonlyMap<string, Float64Array> => {
  const byPlace = new Map<string, Float64Array>();
  for (const stay of units.flat()) {
    const inPlace = byPlace.get(stay.place) ?? new Float64Array(columns.columns);
    byPlace.set(stay.place, inPlace);
    addCoverage(inPlace, stay, columns.ticks);
  }
  return byPlace;
};

interface Layer {
  readonly fill: string;
  /** Units in this place and those below it, per column. */
  readonly heights: Float64Array;
}

const layersOf = (run: ReportRun, timeline: Timeline, columns: TimeColumns): readonly Layer[] => {
  const byPlace = unitsByPlace(timeline, columns);
  const sum = new Float64Array(columns.columns);
  return [
    ...run.zones.map((place, zone) => ({ place, fill: zoneColour(zone) })),
    { place: onDemand, fill: "var(--on-demand)" },
    { place: down, fill: "var(--loss)" },
  ].flatMap(({ place, fill }) => {
    const inPlace = byPlace.get(place);
    if (inPlace === undefined) return [];
    inPlace.forEach((count, column) => (sum[column] = (sum[column] ?? 0) + count));
    return [{ fill, heights: sum.slice() }];
  });
};

/** Columns that differ by less than this many pixels are drawn as one. */
const finest = 0.1;

/** Filled down to the ground: as an area it would have the ground's points too, twice as many. */
const layerMark = ({ fill, heights }: Layer, units: number, columns: TimeColumns): Markish => {
  const step = (units * finest) / stackHeight;
  const levels = Array.from(heights, (height) => Math.round(height / step));
  return line(
    [
      { time: 0, units: 0 },
      ...runsOfLevels(levels).map(({ from, level }) => ({
        time: columns.timeAt(from),
        units: level * step,
      })),
      { time: columns.timeAt(columns.columns), units: 0 },
    ],
    {
      x: "time",
      y: "units",
      curve: "step-after",
      fill,
      stroke: "var(--paper)",
      strokeWidth: 0.4,
    },
  );
};

/** Where a row of its own is labelled, at the very left. */
const atLeft = { ...quiet, textAnchor: "start", dx: -timelineLeft } as const;

const stackChart = (run: ReportRun, timeline: Timeline, description: string): Markup => {
  const { units } = run;
  const columns = timeColumns(run, pixelsPerColumn);
  const step = units % 4 === 0 ? units / 4 : Math.max(1, roundStep(units, 4));
  // Layers are drawn from the tallest to the lowest, each over the last.
  const layers = layersOf(run, timeline, columns).toReversed();
  return chart(
    {
      title: `Where ${policyName(timeline)} ran on ${run.trace}, ${counted(units, "unit")}`,
      description,
    },
    {
      height: stackTop + stackHeight + stackBottom,
      marginTop: stackTop,
      marginBottom: stackBottom,
      ...timeFrame(run),
      y: { type: "linear", domain: [0, units], axis: null },
      marks: [
        timeLines(run, stackTop, stackBottom),
        ...layers.map((layer) => layerMark(layer, units, columns)),
        axisY(multiples({ from: 0, to: units }, step), {
          ...quietAxis,
          tickPadding: 8,
          tickFormat: plainNumber,
        }),
        text(["Units"], { ...atLeft, frameAnchor: "top-left" }),
      ],
    },
  );
};

const lossesByBar = (
  { interruptions }: Timeline,
  columns: TimeColumns,
): readonly (readonly [column: number, events: number])[] =>
  eventsByColumn(
    interruptions.map(({ tick }) => tick),
    columns,
  );

/** Interruptions per stretch of time. All of a trace's timelines have one scale. */
const lossChart = (run: ReportRun, timeline: Timeline): Markup => {
  const columns = timeColumns(run, pixelsPerBar);
  const events = lossesByBar(timeline, columns);
  const most = Math.max(
    1,
    ...run.timelines.flatMap((each) => lossesByBar(each, columns).map(([, count]) => count)),
  );
  const points = events.flatMap(([column, count]) => {
    const time = columns.timeAt(column + 0.5);
    return [
      { time, count: 0 },
      { time, count },
      { time: NaN, count },
    ];
  });
  return chart(
    {
      title: `Interruptions of ${policyName(timeline)} on ${run.trace}, ${counted(run.units, "unit")}`,
      description: `${lossSummary(timeline)}, at most ${plainNumber(Math.max(0, ...events.map(([, count]) => count)))} in a bar`,
    },
    {
      height: lossTop + lossHeight + lossBottom,
      marginTop: lossTop,
      marginBottom: lossBottom,
      ...timeFrame(run),
      y: { type: "linear", domain: [0, most], axis: null },
      marks: [
        timeLines(run, lossTop, lossBottom),
        line(points, {
          ...blunt,
          x: "time",
          y: "count",
          z: null,
          stroke: "var(--loss)",
          strokeWidth: barShare * columns.columnWidth,
        }),
        ruleY([0], { stroke: "var(--other)" }),
        axisY([most], {
          ...quietAxis,
          tickPadding: 8,
          tickFormat: (count: number) => `max. ${plainNumber(count)}`,
        }),
        text(["Interruptions"], { ...atLeft, frameAnchor: "bottom-left", dy: 3 }),
      ],
    },
  );
};

/** When each zone had capacity; the stack's legend as well. */
const stripsChart = (run: ReportRun, timeline: Timeline): Markup => {
  const zones = run.zones.length;
  const swatches = [
    ...run.zones.map((_, zone) => ({ row: zone, fill: zoneColour(zone) })),
    { row: zones, fill: "var(--on-demand)" },
    { row: zones + 1, fill: "var(--loss)" },
  ];
  return chart(
    {
      title: `When the zones of ${run.trace} had capacity, under ${policyName(timeline)}, ${counted(run.units, "unit")}`,
      description: `Share of the time: ${capacitySummary(run)}`,
    },
    {
      height: stripsTop + swatches.length * stripPitch + axisHeight,
      marginTop: stripsTop,
      marginBottom: axisHeight,
      ...timeFrame(run),
      y: rowScale(swatches.length),
      marks: [
        lanes(run, zones, stripHeight),
        zoneBands(run, stripHeight),
        timeLines(run, stripsTop, tickLength),
        ...timeAxis(run),
        rowNames([...run.zones, "On-Demand", "down"]),
        dot(swatches, {
          y: "row",
          frameAnchor: "left",
          dx: 11 - timelineLeft,
          symbol: "square",
          r: 7,
          fill: "fill",
        }),
      ],
    },
  );
};

export const lossSummary = ({ interruptions }: Timeline): string =>
  counted(interruptions.length, "interruption");

/** @param description how it went, in a sentence */
export const stackCharts = (
  run: ReportRun,
  timeline: Timeline,
  description: string,
): readonly Markup[] => [
  stackChart(run, timeline, description),
  lossChart(run, timeline),
  stripsChart(run, timeline),
];
