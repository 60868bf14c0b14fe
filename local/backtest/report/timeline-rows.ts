/** The rows of a timeline: a zone each, tinted by how much of the time it had capacity, and the axis of time. */
import { axisX, axisY, line, ruleX, text, type Markish } from "@observablehq/plot";
import { chartWidth, cutAt, quiet, quietAxis } from "./drawing.ts";
import { percent, plainNumber } from "./figures.ts";
import { coverage, gridOf, runsOfLevels, type PixelGrid, type PixelRun } from "./pixel-runs.ts";
import type { ReportRun } from "./report-data.ts";
import { timeTicks, type TimeTicks } from "./ticks.ts";

export const timelineLeft = 130;
const timelineRight = 12;
const timelineWidth = chartWidth - timelineLeft - timelineRight;
export const axisHeight = 28;

/** A tick about every 70 pixels. */
const mostTicks = 11;

const timeOf = ({ ticks, gapSeconds }: ReportRun): TimeTicks =>
  timeTicks(ticks * gapSeconds, mostTicks);

/** Columns of a drawing and their extent: one pixel each, or wider where there are few ticks. */
export interface TimeColumns extends PixelGrid {
  /** Pixels. */
  readonly columnWidth: number;
  /** Where a column begins on the axis, in its units of time. */
  readonly timeAt: (column: number) => number;
}

export const timeColumns = (run: ReportRun, pixelsPerColumn = 1): TimeColumns => {
  const grid = gridOf(run.ticks, timelineWidth / pixelsPerColumn);
  const perColumn = (run.ticks * run.gapSeconds) / timeOf(run).unitSeconds / grid.columns;
  return {
    ...grid,
    columnWidth: timelineWidth / grid.columns,
    timeAt: (column) => column * perColumn,
  };
};

/** Options of Plot: all timelines of a trace stand above each other. */
export const timeFrame = (run: ReportRun) =>
  ({
    marginLeft: timelineLeft,
    marginRight: timelineRight,
    x: {
      type: "linear",
      domain: [0, (run.ticks * run.gapSeconds) / timeOf(run).unitSeconds],
      axis: null,
    },
  }) as const;

/** Lines at the ticks, from the drawing's upper edge. @param below how far they go on under the frame, pixels */
export const timeLines = (run: ReportRun, above: number, below: number): Markish =>
  ruleX(timeOf(run).ticks, { stroke: "var(--line)", insetTop: -above, insetBottom: -below });

/** Of the lines, under the last row. */
export const tickLength = 5;

export const timeAxis = (run: ReportRun): readonly Markish[] => {
  const { unit, ticks } = timeOf(run);
  return [
    axisX(ticks, { ...quietAxis, tickFormat: plainNumber }),
    text([`Time, ${unit}`], {
      ...quiet,
      frameAnchor: "bottom-left",
      textAnchor: "end",
      lineAnchor: "top",
      dx: -16,
      dy: 9,
    }),
  ];
};

/** Options of Plot's axis of rows. */
export const rowScale = (rows: number) =>
  ({
    type: "point",
    domain: Array.from({ length: rows }, (_, row) => row),
    padding: 0.5,
    axis: null,
  }) as const;

export const rowNames = (names: readonly string[]): Markish =>
  axisY({
    ...quietAxis,
    ...cutAt(timelineLeft - 30),
    fill: "var(--ink)",
    fontSize: 13,
    tickPadding: 8,
    tickFormat: (row: number) => names[row] ?? "",
  });

interface RowPoint {
  readonly time: number;
  readonly row: number;
}

/** The ends of runs, and between two runs a gap: one path for all of them is a fifth of as many rectangles. */
export const pointsOf = (
  runs: readonly PixelRun[],
  row: number,
  { timeAt }: TimeColumns,
): readonly RowPoint[] =>
  runs.flatMap(({ from, to }) => [
    { time: timeAt(from), row },
    { time: timeAt(to), row },
    { time: NaN, row },
  ]);

/** Plot rounds the ends of lines, which would make them longer than they are. */
export const blunt = { strokeLinecap: "butt" } as const;

/** Runs as bars: strokes as thick as the row. */
export const bars = (points: readonly RowPoint[], stroke: string, strokeWidth: number): Markish =>
  line(points, { ...blunt, x: "time", y: "row", z: null, stroke, strokeWidth });

/** What bars lie on. */
export const lanes = (run: ReportRun, rows: number, height: number): Markish => {
  const columns = timeColumns(run);
  const points = Array.from({ length: rows }, (_, row) =>
    pointsOf([{ from: 0, to: columns.columns }], row, columns),
  );
  return bars(points.flat(), "var(--wash)", height);
};

/** How much of a column had capacity, in thirds. Less than a sixth still shows: the zone was there for a while. */
const levelOf = (share: number): number =>
  share <= 0 ? 0 : Math.max(1, Math.min(3, Math.round(share * 3)));

const opacities = [0, 0.09, 0.17, 0.26];

/** The group that is drawn once per trace; further timelines refer to it. */
export const bandsClass = "bands";

/** When each zone had capacity. */
export const zoneBands = (run: ReportRun, height: number): Markish => {
  const columns = timeColumns(run);
  const points = run.zones.flatMap((_, row) => {
    const levels = Array.from(coverage(run.upZones[row] ?? [], columns), levelOf);
    return runsOfLevels(levels)
      .filter(({ level }) => level > 0)
      .flatMap(({ level, ...ends }) =>
        pointsOf([ends], row, columns).map((point) => ({ ...point, opacity: opacities[level] })),
      );
  });
  return line(points, {
    ...blunt,
    x: "time",
    y: "row",
    z: "opacity",
    stroke: "var(--up)",
    strokeOpacity: { value: "opacity", scale: null },
    strokeWidth: height,
    className: bandsClass,
  });
};

/** `us-east-1a 87 %, us-east-1b 40 %`: the share of the time in which each zone had capacity. */
export const capacitySummary = ({ zones, upZones, ticks }: ReportRun): string =>
  zones
    .map((zone, index) => {
      const up = (upZones[index] ?? []).reduce(
        (sum, { fromTick, toTick }) => sum + toTick - fromTick,
        0,
      );
      return `${zone} ${percent(up / ticks, 0)}`;
    })
    .join(", ");
