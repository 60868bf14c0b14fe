/** Timeline of several units: how many ran in each zone and On-Demand, stacked, over a histogram of interruptions. */
import { lineOf, textAt } from "./chart.ts";
import { counted } from "../../terminal/figures.ts";
import { plainNumber } from "./figures.ts";
import { element, fragment, nothing, type Markup } from "./markup.ts";
import { addCoverage, eventsByColumn, runsOfLevels } from "./pixel-runs.ts";
import { down, onDemand, type ReportRun, type Timeline } from "./report-data.ts";
import { multiples, roundStep } from "./scale.ts";
import { zoneColours } from "./styles.ts";
import {
  rowLabel,
  runsPath,
  timeColumns,
  timelineLeft,
  timelineWidth,
  xOfColumn,
  type Row,
  type TimeColumns,
} from "./timeline-rows.ts";

const stackRow: Row = { top: 10, height: 150 };
const lossRow: Row = { top: 172, height: 34 };
const stripsTop = 220;
const stripPitch = 18;
const stripHeight = 12;

/** A drawing of more detail would take four times the room and show no more. */
const pixelsPerColumn = 2;
/** Bars of the histogram are wide enough to be compared. */
const pixelsPerBar = 4;

const zoneClass = (zone: number): string => `z${String(zone % zoneColours)}`;

export interface StackRows {
  readonly zones: readonly Row[];
  readonly onDemand: Row;
  readonly bottom: number;
}

export const stackRows = ({ zones }: ReportRun): StackRows => {
  const rowAt = (index: number): Row => ({
    top: stripsTop + index * stripPitch,
    height: stripHeight,
  });
  return {
    zones: zones.map((_zone, index) => rowAt(index)),
    onDemand: rowAt(zones.length),
    bottom: stripsTop + (zones.length + 1) * stripPitch,
  };
};

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

/** From the ground up to the height; layers are drawn from the tallest to the lowest, each over the last. */
const layerPath = (heights: Float64Array, columns: TimeColumns, unitHeight: number): string => {
  const ground = stackRow.top + stackRow.height;
  const levels = Array.from(heights, (height) => (ground - height * unitHeight).toFixed(1));
  const steps = runsOfLevels(levels).map(
    ({ level, to }) => `V${level}H${xOfColumn(columns, to).toFixed(1)}`,
  );
  return `M${timelineLeft.toFixed(1)} ${ground.toFixed(1)}${steps.join("")}V${ground.toFixed(1)}z`;
};

const placesOf = ({
  zones,
}: ReportRun): readonly { readonly place: string; readonly className: string }[] => [
  ...zones.map((place, zone) => ({ place, className: zoneClass(zone) })),
  { place: onDemand, className: "on-demand" },
  { place: down, className: "down" },
];

export const stackLayers = (run: ReportRun, timeline: Timeline): Markup => {
  const columns = timeColumns(run.ticks, pixelsPerColumn);
  const byPlace = unitsByPlace(timeline, columns);
  const sum = new Float64Array(columns.columns);
  const layers = placesOf(run).flatMap(({ place, className }) => {
    const inPlace = byPlace.get(place);
    if (inPlace === undefined) return [];
    inPlace.forEach((count, column) => (sum[column] = (sum[column] ?? 0) + count));
    const d = layerPath(sum, columns, stackRow.height / run.units);
    return [element("path", { d, class: `stack ${className}` })];
  });
  return fragment(layers.reverse());
};

/** Figures at the left of a row, from its bottom up. */
const unitAxis = (units: number): Markup => {
  const { top, height } = stackRow;
  const step = units % 4 === 0 ? units / 4 : Math.max(1, roundStep(units, 4));
  return fragment([
    ...multiples({ from: 0, to: units }, step).map((count) =>
      textAt(
        { x: timelineLeft - 8, y: top + height - (count * height) / units + 4 },
        "tick end",
        plainNumber(count),
      ),
    ),
    textAt({ x: 0, y: top + 4 }, "axis", "Units"),
  ]);
};

const lossesByBar = (
  { interruptions }: Timeline,
  columns: TimeColumns,
): readonly (readonly [column: number, events: number])[] =>
  eventsByColumn(
    interruptions.map(({ tick }) => tick),
    columns,
  );

/** Interruptions per stretch of time, with the number that the tallest bar of the trace stands for. */
export const lossBars = (run: ReportRun, timeline: Timeline): Markup => {
  const columns = timeColumns(run.ticks, pixelsPerBar);
  const events = lossesByBar(timeline, columns);
  const bottom = lossRow.top + lossRow.height;
  // One scale for all of the trace's timelines.
  const most = Math.max(
    1,
    ...run.timelines.flatMap((each) => lossesByBar(each, columns).map(([, count]) => count)),
  );
  const path = events
    .map(([column, count]) => {
      const height = (count * lossRow.height) / most;
      return runsPath([{ from: column, to: column + 0.85 }], columns, {
        top: bottom - height,
        height,
      });
    })
    .join("");
  return fragment([
    path === "" ? nothing : element("path", { d: path, class: "loss" }),
    textAt({ x: timelineLeft - 8, y: lossRow.top + 10 }, "tick end", `max. ${plainNumber(most)}`),
    lineOf(
      { from: { x: timelineLeft, y: bottom }, to: { x: timelineLeft + timelineWidth, y: bottom } },
      "frame",
    ),
  ]);
};

const swatch = (className: string, { top, height }: Row): Markup =>
  element("rect", { x: 4, y: top, width: 14, height, class: className });

/** The strips below the stack are its legend as well. */
export const stackLabels = (run: ReportRun, rows: StackRows): Markup =>
  fragment([
    unitAxis(run.units),
    textAt({ x: 0, y: lossRow.top + lossRow.height }, "axis", "Interruptions"),
    ...run.zones.flatMap((zone, index) => {
      const row = rows.zones[index];
      return row === undefined ? [] : [swatch(zoneClass(index), row), rowLabel(zone, row)];
    }),
    swatch("on-demand", rows.onDemand),
    rowLabel("On-Demand", rows.onDemand),
  ]);

/** For who can't see the picture. */
export const lossSummary = ({ interruptions }: Timeline): string =>
  counted(interruptions.length, "interruption");
