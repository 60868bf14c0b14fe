/** The rows of a timeline: a zone each, tinted by how much of the time it had capacity, and the axis of days. */
import { chartWidth, fitted, lineOf, textAt } from "./chart.ts";
import { plainNumber } from "./figures.ts";
import { element, fragment, nothing, type Markup } from "./markup.ts";
import { coverage, gridOf, runsOfLevels, type PixelGrid } from "./pixel-runs.ts";
import type { ReportRun } from "./report-data.ts";
import { timeTicks } from "./scale.ts";

export const timelineLeft = 130;
export const timelineWidth = chartWidth - timelineLeft - 12;
export const axisHeight = 28;

/** Columns of a drawing and their width: one pixel each, or wider where there are few ticks. */
export interface TimeColumns extends PixelGrid {
  readonly columnWidth: number;
}

export const timeColumns = (ticks: number, pixelsPerColumn = 1): TimeColumns => {
  const grid = gridOf(ticks, timelineWidth / pixelsPerColumn);
  return { ...grid, columnWidth: timelineWidth / grid.columns };
};

export const xOfColumn = ({ columnWidth }: TimeColumns, column: number): number =>
  timelineLeft + column * columnWidth;

export interface Row {
  readonly top: number;
  readonly height: number;
}

/** One path for many runs: an element each would be five times as long. */
export const runsPath = (
  runs: readonly { readonly from: number; readonly to: number }[],
  columns: TimeColumns,
  { top, height }: Row,
): string =>
  runs
    .map(({ from, to }) => {
      const width = (to - from) * columns.columnWidth;
      return `M${xOfColumn(columns, from).toFixed(1)} ${top.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h-${width.toFixed(1)}z`;
    })
    .join("");

/** How much of a column had capacity, in thirds. Less than a sixth still shows: the zone was there for a while. */
const levelOf = (share: number): number =>
  share <= 0 ? 0 : Math.max(1, Math.min(3, Math.round(share * 3)));

const tints = [1, 2, 3];

const zoneBand = (run: ReportRun, zone: number, row: Row): Markup => {
  const columns = timeColumns(run.ticks);
  const levels = Array.from(coverage(run.upZones[zone] ?? [], columns), levelOf);
  const runs = runsOfLevels(levels);
  return fragment(
    tints.map((tint) => {
      const ofTint = runs.filter(({ level }) => level === tint);
      return ofTint.length === 0
        ? nothing
        : element("path", { d: runsPath(ofTint, columns, row), class: `up${String(tint)}` });
    }),
  );
};

export const rowLabel = (text: string, { top, height }: Row, className = ""): Markup =>
  textAt(
    { x: timelineLeft - 8, y: top + height / 2 + 4.5 },
    `end ${className}`.trim(),
    fitted(text, timelineLeft - 30),
  );

export const lane = ({ top, height }: Row): Markup =>
  element("rect", { x: timelineLeft, y: top, width: timelineWidth, height, class: "lane" });

/** When each zone had capacity. Drawn once per trace; further timelines refer to it. */
export const zoneBands = (run: ReportRun, rows: readonly Row[]): Markup =>
  fragment(rows.flatMap((row, zone) => [lane(row), zoneBand(run, zone, row)]));

/** A tick about every 70 pixels. */
const mostTicks = 11;

export const timeAxis = ({ ticks, gapSeconds }: ReportRun, top: number, bottom: number): Markup => {
  const seconds = ticks * gapSeconds;
  const { unit, unitSeconds, ticks: marks } = timeTicks(seconds, mostTicks);
  const xOf = (mark: number): number =>
    timelineLeft + (mark * unitSeconds * timelineWidth) / seconds;
  return fragment([
    ...marks.flatMap((mark) => [
      lineOf({ from: { x: xOf(mark), y: top }, to: { x: xOf(mark), y: bottom + 5 } }, "grid"),
      textAt({ x: xOf(mark), y: bottom + 19 }, "tick middle", plainNumber(mark)),
    ]),
    textAt({ x: timelineLeft - 16, y: bottom + 19 }, "axis end", `Time, ${unit}`),
  ]);
};
