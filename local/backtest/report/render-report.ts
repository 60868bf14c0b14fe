/** The page that a backtest writes: one HTML file that needs nothing else, no script and no network. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { counted } from "../../terminal/figures.ts";
import { percent, policyName, ratio, span } from "./figures.ts";
import { bestFirst, overviewTable, scoresTable } from "./figures-table.ts";
import { element, fragment, nothing, styleElement, type Markup } from "./markup.ts";
import { meansChart } from "./means-chart.ts";
import type { ReportData, ReportRun } from "./report-data.ts";
import { scatter } from "./scatter.ts";
import { styleSheet } from "./styles.ts";
import { timelineFigure, timelineNote } from "./timeline.ts";

/** With more traces than these only the first is unfolded. */
const mostUnfolded = 6;

const runId = (index: number): string => `run-${String(index)}`;

const introduction = ({ options }: ReportData): string => {
  const notice =
    options.noticeSeconds === 0
      ? "no warning before an interruption is used"
      : `${String(options.noticeSeconds)} s of warning before an interruption are used`;
  const units = options.units.map((count) => counted(count, "unit")).join(" and ");
  return `${units}; ${notice}.`;
};

const heading = (data: ReportData): Markup =>
  element(
    "header",
    {},
    element("h1", {}, data.title),
    element(
      "p",
      {},
      "Each policy was replayed against the same recorded Spot market and decided where to run, tick by tick, knowing only the past. ",
      "It is measured by J = cost + share of downtime + p × interruptions per unit-hour: all in units of On-Demand, lower is better, and 1 × optimum is what perfect foresight would reach.",
    ),
    element("pre", {}, element("code", {}, data.command)),
    element("p", { class: "note" }, introduction(data)),
  );

const legend = element(
  "p",
  { class: "note" },
  "Blue is ours. A star and a hollow or pale mark: the policy probes, that is, it also sees how many of its instances each zone could hold.",
);

const meansSection = ({ means, runs }: ReportData): Markup => {
  const sizes = [...new Set(means.map(({ units }) => units))].sort((one, other) => one - other);
  if (sizes.length === 0) return nothing;
  return element(
    "section",
    {},
    element("h2", {}, "How far from the optimum"),
    legend,
    ...sizes.flatMap((units) => [
      ...(sizes.length > 1 ? [element("h3", {}, counted(units, "unit"))] : []),
      element(
        "figure",
        {},
        meansChart(
          means.filter((mean) => mean.units === units),
          units,
        ),
      ),
    ]),
    runs.length > 1 ? overviewTable(runs, runId) : nothing,
  );
};

/** `9 zones, 27.0 days, optimum 30.8 %; product 1.18` */
const runSummary = (run: ReportRun): string => {
  const ours = bestFirst(run.scores)
    .filter(({ isOurs }) => isOurs)
    .map((score) => `${policyName(score)} ${ratio(score.jOverOptimum)} × optimum`);
  return [
    counted(run.units, "unit"),
    counted(run.zones.length, "zone"),
    span(run.ticks * run.gapSeconds),
    ...ours,
  ].join(" · ");
};

const scatterFigure = (run: ReportRun): Markup =>
  element(
    "figure",
    {},
    element("h3", {}, "Cost against interruptions"),
    element(
      "figcaption",
      {},
      `The lower left is best; the optimum (◆) costs ${percent(run.optimumCost)} and is never interrupted. Dashed lines join points of equal J at p = 0.5, downtime aside.`,
    ),
    scatter(run),
  );

const timelines = (run: ReportRun, id: string): Markup =>
  run.timelines.length === 0
    ? nothing
    : fragment([
        element("h3", {}, "Where the units ran"),
        element("p", { class: "note" }, timelineNote(run)),
        ...run.timelines.map((timeline, index) =>
          timelineFigure(run, timeline, { runId: id, index }),
        ),
      ]);

const runSection = (run: ReportRun, index: number, isOpen: boolean): Markup => {
  const id = runId(index);
  return element(
    "details",
    { id, open: isOpen ? "open" : undefined },
    element(
      "summary",
      {},
      element("h2", {}, run.trace),
      " ",
      element("span", { class: "note" }, runSummary(run)),
    ),
    run.scores.length === 0 ? nothing : scatterFigure(run),
    timelines(run, id),
    scoresTable(run),
  );
};

const head = ({ title }: ReportData): Markup =>
  element(
    "head",
    {},
    element("meta", { charset: "utf-8" }),
    element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    element("title", {}, title),
    styleElement(styleSheet),
  );

/** Same data, same bytes. */
export const renderReport = (data: ReportData): string => {
  const areFew = data.runs.length <= mostUnfolded;
  const page = element(
    "html",
    { lang: "en" },
    head(data),
    element(
      "body",
      {},
      element(
        "main",
        {},
        heading(data),
        meansSection(data),
        ...data.runs.map((run, index) => runSection(run, index, areFew || index === 0)),
      ),
    ),
  );
  return `<!doctype html>\n${page.markup}\n`;
};

/** The folder comes into being if need be. */
export const writeReport = (path: string, data: ReportData): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, renderReport(data));
};
