/** One story of a group as text: verdict, pairs, the ledger of its capacity with a chart, and what was checked. */
import { levelChart, chartMarks } from "../../terminal/chart.ts";
import { clockTime, counted, usd } from "../../terminal/figures.ts";
import type { Paint } from "../../terminal/paint.ts";
import { figureColumn, table } from "../../terminal/table.ts";
import { hanging, labelled } from "../../terminal/wrap.ts";
import { changesText } from "../../cli/report/course.ts";
import { swapColumns } from "../../cli/report/swaps.ts";
import { checkLines, indent, verdictLines, type Form } from "../report/story-lines.ts";
import { groupSaving, leastServing } from "./group-figures.ts";
import type { GroupReport, GroupStoryEnding } from "./group-story.ts";

const chartWidth = 72;

const pairLines = ({ evaluation: { swaps } }: GroupStoryEnding): readonly string[] =>
  table(swaps, swapColumns, indent);

const ledgerLines = ({ capacity }: GroupStoryEnding): readonly string[] => [
  ...table(
    capacity,
    [
      { heading: "From", cell: ({ atMs }) => clockTime(atMs) },
      figureColumn("Desired", ({ desired }) => String(desired)),
      figureColumn("Asked", ({ asked }) => String(asked)),
      figureColumn("In service", ({ inService }) => String(inService)),
      figureColumn("Healthy", ({ healthy }) => String(healthy)),
      figureColumn("Serving", ({ serving }) => String(serving)),
    ],
    indent,
  ),
  ...hanging(
    indent,
    "Asked: desired less what our attaches added and our removals have not taken off again. Serving: in service and " +
      "healthy in every target group. From each line's second on, until the next one's.",
  ),
];

const chartLines = (ending: GroupStoryEnding): readonly string[] => [
  `${indent}Capacity (${chartMarks.filled} serves, ${chartMarks.missing} desired and not serving yet):`,
  ...levelChart(
    ending.capacity.map(({ atMs, serving, desired }) => ({
      atMs,
      filled: serving,
      wanted: desired,
    })),
    { indent, width: chartWidth, endMs: ending.stage.clock.now() },
  ),
];

const measuredLines = (ending: GroupStoryEnding): readonly string[] => {
  const { capacity, margin, mutatingCalls, drains } = ending;
  const least = leastServing(capacity);
  const saving = groupSaving(ending);
  const add = (label: string, text: string): readonly string[] =>
    hanging(`${indent}${label.padEnd(10)}`, text);
  return [
    ...(least === undefined
      ? []
      : add(
          "Least",
          `${String(least.serving)} served at ${clockTime(least.atMs)}, of ${String(least.asked)} that were asked for; ` +
            `serving less asked was ${String(margin ?? "never to be judged")} at least`,
        )),
    ...(drains.length === 0 ? [] : add("Hook", `${counted(drains.length, "member")} drained`)),
    ...(saving === undefined
      ? []
      : add("Saving", `${usd(saving)} a month, estimated at the prices of the verdict`)),
    ...add("Changes", changesText(mutatingCalls)),
  ];
};

export const groupEndingLines = (
  { ending, error, expectations }: GroupReport,
  { paint, form }: { readonly paint: Paint; readonly form: Form },
): readonly string[] => {
  if (ending === undefined) {
    return labelled(`${indent}FAILED  `, error ?? "without a reason", (label) =>
      paint("bad", label),
    );
  }
  const isFull = form === "FULL";
  return [
    ...verdictLines(ending.evaluation, paint),
    ...(isFull ? ["", ...pairLines(ending), "", ...ledgerLines(ending)] : []),
    "",
    ...chartLines(ending),
    "",
    ...measuredLines(ending),
    "",
    ...checkLines(expectations, { paint, form }),
  ];
};
