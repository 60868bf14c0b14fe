/** Where a policy's units were over time, beside what each zone offered. */
import { chart } from "./chart.ts";
import { counted } from "../../terminal/figures.ts";
import { percent, policyName, ratio, span } from "./figures.ts";
import { element, type Child, type Markup } from "./markup.ts";
import type { ReportRun, Score, Timeline } from "./report-data.ts";
import { laneBars, laneLabels, laneRows } from "./timeline-lanes.ts";
import { axisHeight, timeAxis, timeColumns, zoneBands, type Row } from "./timeline-rows.ts";
import { lossBars, lossSummary, stackLabels, stackLayers, stackRows } from "./timeline-stack.ts";

interface Drawing {
  readonly zoneRows: readonly Row[];
  readonly axis: readonly [top: number, bottom: number];
  /** Below and above the bands and the axis' lines. */
  readonly below: readonly Child[];
  readonly above: readonly Child[];
}

const drawingOf = (run: ReportRun, timeline: Timeline): Drawing => {
  if (run.units > 1) {
    const rows = stackRows(run);
    return {
      zoneRows: rows.zones,
      axis: [0, rows.bottom],
      below: [],
      above: [stackLayers(run, timeline), lossBars(run, timeline), stackLabels(run, rows)],
    };
  }
  const rows = laneRows(run);
  return {
    zoneRows: rows.zones,
    axis: [rows.top, rows.bottom],
    below: [laneLabels(run, rows)],
    above: [laneBars(run, timeline, rows)],
  };
};

const scoreOf = ({ scores }: ReportRun, timeline: Timeline): Score | undefined =>
  scores.find(
    ({ policy, isProbing }) => policy === timeline.policy && isProbing === timeline.isProbing,
  );

/** `cost 41.2 %, 63 interruptions, J ÷ optimum 1.18` */
const summaryOf = (run: ReportRun, timeline: Timeline): string => {
  const score = scoreOf(run, timeline);
  const losses = lossSummary(timeline);
  if (score === undefined) return losses;
  return `cost ${percent(score.cost)}, ${losses}, J ÷ optimum ${ratio(score.jOverOptimum)}`;
};

/** Ids of one trace's drawings: the first holds the bands, the others refer to them. */
const bandsId = (runId: string): string => `${runId}-bands`;

const bandsMarkup = (run: ReportRun, rows: readonly Row[], place: TimelinePlace): Markup =>
  place.index === 0
    ? element("g", { id: bandsId(place.runId) }, zoneBands(run, rows))
    : element("use", { href: `#${bandsId(place.runId)}` });

export interface TimelinePlace {
  /** Unique on the page. */
  readonly runId: string;
  /** Among the trace's timelines. */
  readonly index: number;
}

export const timelineFigure = (
  run: ReportRun,
  timeline: Timeline,
  place: TimelinePlace,
): Markup => {
  const { zoneRows, axis, below, above } = drawingOf(run, timeline);
  const name = policyName(timeline);
  const summary = summaryOf(run, timeline);
  return element(
    "figure",
    {},
    element("figcaption", {}, element("strong", {}, name), `: ${summary}`),
    chart(
      {
        id: `${place.runId}-timeline-${String(place.index)}`,
        height: axis[1] + axisHeight,
        title: `Where ${name} ran on ${run.trace}, ${counted(run.units, "unit")}`,
        description: summary,
      },
      [...below, bandsMarkup(run, zoneRows, place), timeAxis(run, ...axis), ...above],
    ),
  );
};

/** How to read the trace's timelines, once. */
export const timelineNote = (run: ReportRun): string => {
  const { ticks, columns } = timeColumns(run.ticks);
  const perPixel = span((ticks / columns) * run.gapSeconds);
  const pixel =
    ticks > columns
      ? ` A pixel is ${perPixel}; a tint is paler where the zone had capacity for part of that.`
      : "";
  const reading =
    run.units > 1
      ? "Stacked: units running in each place; red on top are units that are down. Red bars count interruptions. Strips are tinted while the zone had capacity for at least one unit."
      : "The bar shows where the unit was serving, red ticks where it was interrupted. Rows are tinted while the zone had capacity.";
  return reading + pixel;
};
