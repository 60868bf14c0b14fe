/** Timeline of one unit: a solid bar in the row of the place that it was in. */
import type { Markish } from "@observablehq/plot";
import { counted } from "../../terminal/figures.ts";
import { chart } from "./drawing.ts";
import { policyName } from "./figures.ts";
import type { Markup } from "./markup.ts";
import { eventsByColumn, wideRuns } from "./pixel-runs.ts";
import { down, onDemand, type ReportRun, type Timeline } from "./report-data.ts";
import {
  axisHeight,
  bars,
  lanes,
  pointsOf,
  rowNames,
  rowScale,
  tickLength,
  timeAxis,
  timeColumns,
  timeFrame,
  timeLines,
  zoneBands,
} from "./timeline-rows.ts";

const rowPitch = 21;
const rowHeight = 16;
/** Thinner than the row, so that the tint around it stays visible. */
const barHeight = 8;
/** A little taller than the row. */
const lossHeight = 18;
/** As wide as can be seen, however wide a column is. Pixels. */
const lossWidth = 1.5;
const top = 6;

/** The first unit's way, over the rows from the first one on: there is one only where lanes are drawn. */
const stays = (run: ReportRun, { units: [unit = []] }: Timeline, places: readonly string[]) => {
  const columns = timeColumns(run);
  return (row: number) =>
    pointsOf(
      wideRuns(
        unit.filter(({ place }) => place === places[row]),
        columns,
      ),
      row,
      columns,
    );
};

/** Red ticks where the unit was lost. */
const lossMark = (run: ReportRun, { interruptions }: Timeline): Markish => {
  const columns = timeColumns(run);
  const width = lossWidth / columns.columnWidth;
  const points = run.zones.flatMap((zone, row) => {
    const ticks = interruptions.filter((each) => each.zone === zone).map(({ tick }) => tick);
    const marks = eventsByColumn(ticks, columns).map(([from]) => ({ from, to: from + width }));
    return pointsOf(marks, row, columns);
  });
  return bars(points, "var(--loss)", lossHeight);
};

/** @param description how it went, in a sentence */
export const laneChart = (run: ReportRun, timeline: Timeline, description: string): Markup => {
  const places = [...run.zones, onDemand, down];
  const staysOf = stays(run, timeline, places);
  const zones = run.zones.length;
  return chart(
    {
      title: `Where ${policyName(timeline)} ran on ${run.trace}, ${counted(run.units, "unit")}`,
      description,
    },
    {
      height: top + places.length * rowPitch + axisHeight,
      marginTop: top,
      marginBottom: axisHeight,
      ...timeFrame(run),
      y: rowScale(places.length),
      marks: [
        lanes(run, places.length, rowHeight),
        rowNames([...run.zones, "On-Demand", "down"]),
        zoneBands(run, rowHeight),
        timeLines(run, top, tickLength),
        ...timeAxis(run),
        bars(
          run.zones.flatMap((_, row) => staysOf(row)),
          "var(--ours)",
          barHeight,
        ),
        bars(staysOf(zones), "var(--on-demand)", barHeight),
        bars(staysOf(zones + 1), "var(--loss)", barHeight),
        lossMark(run, timeline),
      ],
    },
  );
};
