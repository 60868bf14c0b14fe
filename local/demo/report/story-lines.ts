/** One story as text: verdict, candidates, phases, and what was checked. */
import type { EvaluationJson } from "../../../lambdas/api/schemas/evaluations.ts";
import type { StateVisit } from "../../interpreter/visits.ts";
import {
  changesText,
  phaseColumns,
  phasesInOrder,
  plannedDowntime,
  statusTone,
} from "../../cli/report/course.ts";
import type { StoryEnding, Expectation, StoryReport } from "../story.ts";
import { candidateLines } from "./candidates.ts";
import { clockTime, duration, savingPercent, usd } from "../../terminal/figures.ts";
import type { Paint } from "../../terminal/paint.ts";
import { table } from "../../terminal/table.ts";
import { hanging, labelled, oneLine, pageWidth, wrap } from "../../terminal/wrap.ts";

export const indent = "  ";

/** SHORT: without the steps, the pools, the times, and the checks that held. */
export type Form = "FULL" | "SHORT";

export const headingLines = (
  { number, title, introduction }: { number: number; title: string; introduction: string },
  paint: Paint,
): readonly string[] => [
  "",
  paint("strong", `${String(number)}. ${title}`),
  ...wrap(introduction, pageWidth - indent.length).map((line) => indent + line),
  "",
];

/** Longest of the workflow's state names. */
const stateWidth = 27;

/** A state of the workflow, with the virtual time at which it was entered. */
export const visitLine = (visit: StateVisit, paint: Paint): string => {
  const label = `${indent}${clockTime(visit.enteredMs)}  ${visit.state.padEnd(stateWidth)}`;
  const text = oneLine(
    visit.hasFailed ? `failed: ${visit.summary}` : visit.summary,
    pageWidth - label.length,
  );
  return paint("faint", label) + (visit.hasFailed ? paint("bad", text) : text);
};

export const verdictLines = (evaluation: EvaluationJson, paint: Paint): readonly string[] => {
  const { verdict, outcome, authorization, status } = evaluation;
  const lines: string[] = [""];
  if (verdict !== undefined) {
    lines.push(
      ...labelled(`${indent}Verdict  `, `${verdict.kind}, ${verdict.reason}`, (label) =>
        paint("strong", label),
      ),
      ...hanging(`${indent}         `, verdict.sentence),
    );
  }
  // Of a verdict that was the end of it, the outcome says the same once more.
  const sentence =
    outcome === undefined || outcome.sentence === verdict?.sentence
      ? (authorization?.sentence ?? "Nothing was touched.")
      : outcome.sentence;
  lines.push(
    ...labelled(`${indent}Outcome  `, status, (label) => paint(statusTone(status), label)),
    ...hanging(`${indent}         `, sentence),
  );
  return lines;
};

const phaseLines = ({ progress, phases }: EvaluationJson): readonly string[] =>
  table(phasesInOrder(phases), phaseColumns(plannedDowntime({ progress })), indent);

const measuredLines = (ending: StoryEnding): readonly string[] => {
  const { evaluation, service, mutatingCalls } = ending;
  const { downtime_seconds: downtime, savings, status } = evaluation;
  const lines: string[] = [];
  const add = (label: string, text: string): void => {
    lines.push(...hanging(`${indent}${label.padEnd(10)}`, text));
  };
  if (downtime !== undefined || service.unservedSeconds > 0) {
    const recorded = downtime === undefined ? "" : `${duration(downtime)} by the record; `;
    add(
      "Downtime",
      `${recorded}the address had no healthy holder for ${duration(service.unservedSeconds)}`,
    );
  }
  if (savings !== undefined) {
    const isReal = status === "SWITCHED";
    add(
      "Saving",
      `${usd(savings.monthly_usd)} a month (${savingPercent(savings.percent)} of On-Demand), ` +
        (isReal ? "estimated at the prices of the verdict" : "had the switch been carried out"),
    );
  }
  add("Changes", changesText(mutatingCalls));
  return lines;
};

const expectationLines = ({ rule, held, found }: Expectation, paint: Paint): readonly string[] =>
  labelled(`${indent}${held ? "ok    " : "FAILED"}  `, `${rule} (${found})`, (label) =>
    paint(held ? "good" : "bad", label),
  );

/** All, or how many there are and those that did not hold. */
export const checkLines = (
  expectations: readonly Expectation[],
  { paint, form }: { readonly paint: Paint; readonly form: Form },
): readonly string[] => {
  const failed = expectations.filter(({ held }) => !held);
  const held = `${String(expectations.length - failed.length)} of ${String(expectations.length)} checks held`;
  const heading = `${indent}Checked, on what the simulated cloud itself shows`;
  return form === "FULL"
    ? [`${heading}:`, ...expectations.flatMap((each) => expectationLines(each, paint))]
    : [`${heading}: ${held}.`, ...failed.flatMap((each) => expectationLines(each, paint))];
};

/** @param isFirst then what the columns mean is explained, and reasons come with examples */
export const endingLines = (
  report: StoryReport,
  {
    paint,
    form,
    isFirst,
  }: { readonly paint: Paint; readonly form: Form; readonly isFirst: boolean },
): readonly string[] => {
  const { ending, error, expectations } = report;
  if (ending === undefined) {
    return labelled(`${indent}FAILED  `, error ?? "without a reason", (label) =>
      paint("bad", label),
    );
  }
  const { evaluation, before } = ending;
  const isFull = form === "FULL";
  const candidates = candidateLines(evaluation, {
    original: before.instanceType,
    indent,
    isExplained: isFirst,
  });
  return [
    ...verdictLines(evaluation, paint),
    ...(candidates.length === 0 || !isFull ? [] : ["", ...candidates]),
    // Of what touched nothing the times are seconds, and said above.
    ...(plannedDowntime(evaluation) === undefined || !isFull
      ? []
      : ["", ...phaseLines(evaluation)]),
    "",
    ...measuredLines(ending),
    "",
    ...checkLines(expectations, { paint, form }),
  ];
};
