/** Where a policy's units were over time, beside what each zone offered. */
import { percent, policyName, ratio, span } from "./figures.ts";
import { element, type Markup } from "./markup.ts";
import type { ReportRun, Score, Timeline } from "./report-data.ts";
import { laneChart } from "./timeline-lanes.ts";
import { bandsClass, timeColumns } from "./timeline-rows.ts";
import { lossSummary, stackCharts } from "./timeline-stack.ts";

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

export interface TimelinePlace {
  /** Unique on the page. */
  readonly runId: string;
  /** Among the trace's timelines. */
  readonly index: number;
}

/** Only paths are in it. */
const bandsGroup = new RegExp(`<g (?=[^>]*class="${bandsClass}").*?</g>`, "s");

/** The first of a trace's timelines holds the bands, the others refer to them: they are a third of the drawing. */
const withBandsOnce = ({ markup }: Markup, { runId, index }: TimelinePlace): Markup => {
  const id = `${runId}-bands`;
  return {
    markup: markup.replace(bandsGroup, (group) =>
      index === 0 ? group.replace("<g", `<g id="${id}"`) : `<use href="#${id}"></use>`,
    ),
  };
};

export const timelineFigure = (
  run: ReportRun,
  timeline: Timeline,
  place: TimelinePlace,
): Markup => {
  const summary = summaryOf(run, timeline);
  const charts =
    run.units > 1 ? stackCharts(run, timeline, summary) : [laneChart(run, timeline, summary)];
  return element(
    "figure",
    {},
    element("figcaption", {}, element("strong", {}, policyName(timeline)), `: ${summary}`),
    ...charts.map((chart) => withBandsOnce(chart, place)),
  );
};

/** How to read the trace's timelines, once. */
export const timelineNote = (run: ReportRun): string => {
  const { ticks, columns } = timeColumns(run);
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
