/** Timeline of one unit: a solid bar in the row of the place that it was in. */
import { fragment, element, nothing, type Markup } from "./markup.ts";
import { eventsByColumn, wideRuns } from "./pixel-runs.ts";
import { down, onDemand, type ReportRun, type Stay, type Timeline } from "./report-data.ts";
import { lane, rowLabel, runsPath, timeColumns, type Row } from "./timeline-rows.ts";

const rowHeight = 16;
const rowPitch = 21;
const top = 6;

export interface LaneRows {
  readonly zones: readonly Row[];
  readonly onDemand: Row;
  readonly down: Row;
  readonly top: number;
  readonly bottom: number;
}

export const laneRows = ({ zones }: ReportRun): LaneRows => {
  const rowAt = (index: number): Row => ({ top: top + index * rowPitch, height: rowHeight });
  return {
    zones: zones.map((_zone, index) => rowAt(index)),
    onDemand: rowAt(zones.length),
    down: rowAt(zones.length + 1),
    top: 0,
    bottom: top + (zones.length + 2) * rowPitch,
  };
};

/** Thinner than the row, so that the tint around it stays visible. */
const barInset = 4;

interface Bar {
  readonly place: string;
  readonly row: Row;
  readonly className: string;
}

const barMarkup = (run: ReportRun, stays: readonly Stay[], bar: Bar): Markup => {
  const columns = timeColumns(run.ticks);
  const runs = wideRuns(
    stays.filter(({ place }) => place === bar.place),
    columns,
  );
  if (runs.length === 0) return nothing;
  const row = { top: bar.row.top + barInset, height: bar.row.height - 2 * barInset };
  return element("path", { d: runsPath(runs, columns, row), class: bar.className });
};

/** Red ticks a little taller than the row, where the unit was lost. */
const lossMarkup = (run: ReportRun, { interruptions }: Timeline, rows: LaneRows): Markup => {
  const columns = timeColumns(run.ticks);
  const paths = run.zones.map((zone, index) => {
    const row = rows.zones[index];
    if (row === undefined) return "";
    const ticks = interruptions.filter((each) => each.zone === zone).map(({ tick }) => tick);
    // As wide as can be seen, however wide the column is.
    const width = 1.5 / columns.columnWidth;
    const marks = eventsByColumn(ticks, columns).map(([from]) => ({ from, to: from + width }));
    return runsPath(marks, columns, { top: row.top - 1, height: row.height + 2 });
  });
  const path = paths.join("");
  return path === "" ? nothing : element("path", { d: path, class: "loss" });
};

export const laneLabels = (run: ReportRun, rows: LaneRows): Markup =>
  fragment([
    lane(rows.onDemand),
    lane(rows.down),
    ...run.zones.flatMap((zone, index) => {
      const row = rows.zones[index];
      return row === undefined ? [] : [rowLabel(zone, row)];
    }),
    rowLabel("On-Demand", rows.onDemand),
    rowLabel("down", rows.down),
  ]);

/** The first unit's way: there is one only where lanes are drawn. */
export const laneBars = (run: ReportRun, timeline: Timeline, rows: LaneRows): Markup => {
  const stays = timeline.units[0] ?? [];
  const bars: readonly Bar[] = [
    ...run.zones.flatMap((place, index) => {
      const row = rows.zones[index];
      return row === undefined ? [] : [{ place, row, className: "spot" }];
    }),
    { place: onDemand, row: rows.onDemand, className: "on-demand" },
    { place: down, row: rows.down, className: "down" },
  ];
  return fragment([
    ...bars.map((bar) => barMarkup(run, stays, bar)),
    lossMarkup(run, timeline, rows),
  ]);
};
