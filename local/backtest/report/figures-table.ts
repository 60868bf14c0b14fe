/** All figures of a trace, and the traces side by side, as tables. */
import { counted } from "../../terminal/figures.ts";
import { jFigure, percent, policyName, rate, ratio, span } from "./figures.ts";
import { element, type Child, type Markup } from "./markup.ts";
import type { ReportRun, Score } from "./report-data.ts";

interface Column<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => Child;
  readonly isText?: boolean;
}

interface TableOf<Row> {
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly isOurs?: (row: Row) => boolean;
}

const textClass = ({ isText }: { readonly isText?: boolean }): string | undefined =>
  isText === true ? "text" : undefined;

const headRow = <Row>(columns: readonly Column<Row>[]): Markup =>
  element(
    "tr",
    {},
    ...columns.map((column) =>
      element("th", { scope: "col", class: textClass(column) }, column.heading),
    ),
  );

/** The first column names the row. */
const bodyRow = <Row>(row: Row, columns: readonly Column<Row>[], isMarked: boolean): Markup =>
  element(
    "tr",
    { class: isMarked ? "is-ours" : undefined },
    ...columns.map((column, index) =>
      index === 0
        ? element("th", { scope: "row" }, column.cell(row))
        : element("td", { class: textClass(column) }, column.cell(row)),
    ),
  );

const dataTable = <Row>(
  { caption, rows, isOurs }: TableOf<Row>,
  columns: readonly Column<Row>[],
): Markup =>
  element(
    "div",
    // Keyboards can scroll it where it is wider than the screen.
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", {}, caption),
      element("thead", {}, headRow(columns)),
      element("tbody", {}, ...rows.map((row) => bodyRow(row, columns, isOurs?.(row) === true))),
    ),
  );

const scoreColumns: readonly Column<Score>[] = [
  { heading: "Policy", cell: policyName },
  { heading: "Cost", cell: ({ cost }) => percent(cost) },
  { heading: "Available", cell: ({ availability }) => percent(availability, 2) },
  { heading: "Interruptions per unit-week", cell: (score) => rate(score.interruptionsPerUnitWeek) },
  { heading: "Moves per unit-week", cell: (score) => rate(score.movesPerUnitWeek) },
  { heading: "On Spot", cell: ({ spotShare }) => percent(spotShare) },
  { heading: "Half lost in 5 min", cell: ({ halfLost }) => percent(halfLost, 3) },
  { heading: "J, p = 0", cell: ({ j }) => jFigure(j["0"]) },
  { heading: "J, p = 0.5", cell: ({ j }) => jFigure(j["0.5"]) },
  { heading: "J, p = 2", cell: ({ j }) => jFigure(j["2"]) },
  { heading: "J ÷ optimum", cell: ({ jOverOptimum }) => ratio(jOverOptimum) },
];

/** Figures that are not a number come last. */
const orLast = (value: number): number => (Number.isFinite(value) ? value : Number.MAX_VALUE);

export const bestFirst = (scores: readonly Score[]): readonly Score[] =>
  [...scores].sort((one, other) => orLast(one.jOverOptimum) - orLast(other.jOverOptimum));

export const scoresTable = (run: ReportRun): Markup =>
  dataTable(
    {
      caption: `All figures, ${run.trace}, ${counted(run.units, "unit")}. The optimum costs ${percent(run.optimumCost)} of On-Demand.`,
      rows: bestFirst(run.scores),
      isOurs: ({ isOurs }) => isOurs,
    },
    scoreColumns,
  );

/** `1.26 lowest price` */
const ratioWithName = (score: Score | undefined): string =>
  score === undefined ? "–" : `${ratio(score.jOverOptimum)}  ${policyName(score)}`;

const bestOther = ({ scores }: ReportRun): Score | undefined =>
  bestFirst(scores.filter(({ isOurs, isProbing }) => !isOurs && !isProbing))[0];

/** Ours in all runs, by name: a column each. */
const ourColumns = (runs: readonly ReportRun[]): readonly Column<Row>[] => {
  const ours = runs.flatMap(({ scores }) => scores.filter(({ isOurs }) => isOurs));
  const names = [...new Set(ours.map(policyName))];
  return names.map((name) => ({
    heading: name,
    cell: ({ run }) => {
      const score = run.scores.find((each) => each.isOurs && policyName(each) === name);
      return score === undefined ? "–" : ratio(score.jOverOptimum);
    },
  }));
};

interface Row {
  readonly run: ReportRun;
  readonly id: string;
}

const bestOtherColumn: Column<Row> = {
  heading: "Best other without probing",
  cell: ({ run }) => ratioWithName(bestOther(run)),
  isText: true,
};

/** J ÷ optimum of our policy and of the best other that knows no more than ours, trace by trace. */
export const overviewTable = (
  runs: readonly ReportRun[],
  idOf: (index: number) => string,
): Markup =>
  dataTable<Row>(
    {
      caption: "J ÷ optimum trace by trace",
      rows: runs.map((run, index) => ({ run, id: idOf(index) })),
    },
    [
      { heading: "Trace", cell: ({ run, id }) => element("a", { href: `#${id}` }, run.trace) },
      { heading: "Units", cell: ({ run }) => String(run.units) },
      { heading: "Zones", cell: ({ run }) => String(run.zones.length) },
      { heading: "Length", cell: ({ run }) => span(run.ticks * run.gapSeconds) },
      { heading: "Optimum’s cost", cell: ({ run }) => percent(run.optimumCost) },
      ...ourColumns(runs),
      ...(runs.some((run) => bestOther(run) !== undefined) ? [bestOtherColumn] : []),
    ],
  );
