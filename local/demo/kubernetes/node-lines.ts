/** One story of a node as text: verdict, who moved where, the ledger of budgets with a chart, and what was checked. */
import { chartMarks, levelChart } from "../../terminal/chart.ts";
import { clockTime, duration, usd } from "../../terminal/figures.ts";
import type { Paint } from "../../terminal/paint.ts";
import { figureColumn, table } from "../../terminal/table.ts";
import { hanging, labelled } from "../../terminal/wrap.ts";
import type { BudgetHistory } from "../../lab/pod-ledger.ts";
import { changesText } from "../../cli/report/course.ts";
import { checkLines, indent, verdictLines, type Form } from "../report/story-lines.ts";
import { leastOf, nodeLabels, nodeSaving } from "./node-figures.ts";
import type { NodeReport, NodeStoryEnding } from "./node-story.ts";

const chartWidth = 72;

const moveLines = (ending: NodeStoryEnding): readonly string[] => {
  const labels = nodeLabels(ending);
  const labelOf = (name: string | undefined): string =>
    name === undefined ? "" : (labels.get(name) ?? name);
  return table(
    ending.moves,
    [
      { heading: "From", cell: ({ atMs }) => clockTime(atMs) },
      { heading: "Pod", cell: ({ pod }) => pod },
      { heading: "left", cell: ({ from }) => labelOf(from) },
      { heading: "for", cell: ({ to }) => labelOf(to) },
      {
        heading: "as",
        cell: ({ pod, successor }) => (pod === successor ? "itself" : (successor ?? "")),
      },
      figureColumn("Ready after", ({ atMs, readyMs }) =>
        readyMs === undefined ? "" : duration(Math.round((readyMs - atMs) / 1000)),
      ),
    ],
    indent,
  );
};

const budgetLines = ({ budgets }: NodeStoryEnding): readonly string[] =>
  table(
    budgets.filter(({ samples }) => samples.length > 0),
    [
      { heading: "Budget", cell: ({ budget }) => budget },
      figureColumn("Pods", ({ samples }) => String(samples[0]?.expected ?? "")),
      figureColumn("must be healthy", ({ samples }) => String(samples[0]?.desired ?? "")),
      figureColumn("least healthy", (history) => String(leastOf(history)?.healthy ?? "")),
      { heading: "at", cell: (history) => clockTime(leastOf(history)?.atMs ?? 0) },
    ],
    indent,
  );

const chartOf = (
  ending: NodeStoryEnding,
  { budget, samples }: BudgetHistory,
): readonly string[] => [
  `${indent}Pods of ${budget} (${chartMarks.filled} healthy, ${chartMarks.missing} on their way):`,
  ...levelChart(
    samples.map(({ atMs, healthy, expected }) => ({ atMs, filled: healthy, wanted: expected })),
    { indent, width: chartWidth, endMs: ending.stage.clock.now() },
  ),
];

const measuredLines = (ending: NodeStoryEnding): readonly string[] => {
  const saving = nodeSaving(ending);
  const add = (label: string, text: string): readonly string[] =>
    hanging(`${indent}${label.padEnd(10)}`, text);
  return [
    ...(saving === undefined
      ? []
      : add("Saving", `${usd(saving)} a month, estimated at the prices of the verdict`)),
    ...add("Changes", changesText(ending.mutatingCalls)),
  ];
};

const drainLines = (ending: NodeStoryEnding, isFull: boolean): readonly string[] => {
  if (ending.moves.length === 0) return [];
  const budget = ending.budgets.find(({ samples }) =>
    samples.some(({ healthy, expected }) => healthy < expected),
  );
  return [
    ...(isFull ? ["", ...moveLines(ending)] : []),
    "",
    ...budgetLines(ending),
    ...(budget === undefined ? [] : ["", ...chartOf(ending, budget)]),
  ];
};

export const nodeEndingLines = (
  { ending, error, expectations }: NodeReport,
  { paint, form }: { readonly paint: Paint; readonly form: Form },
): readonly string[] => {
  if (ending === undefined) {
    return labelled(`${indent}FAILED  `, error ?? "without a reason", (label) =>
      paint("bad", label),
    );
  }
  return [
    ...verdictLines(ending.evaluation, paint),
    ...drainLines(ending, form === "FULL"),
    "",
    ...measuredLines(ending),
    "",
    ...checkLines(expectations, { paint, form }),
  ];
};
