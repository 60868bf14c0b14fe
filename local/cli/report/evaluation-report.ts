/** Tells an evaluation as the demo tells it: verdict, pools with reasons, phases, calls, downtime and saving. */
import { duration, hourlyUsd, riskPercent, savingPercent, usd } from "../../terminal/figures.ts";
import { hanging } from "../../terminal/wrap.ts";
import type { Schemas } from "../api/client.ts";
import { tableLines, textRows, type Column, type Layout } from "../output/layout.ts";
import { statusText, toneOf } from "../statuses.ts";
import { candidateColumns, rejectionCounts, type Candidate } from "./candidates.ts";
import { changesText, phaseColumns, phasesInOrder, plannedDowntime } from "./course.ts";
import { phaseName } from "./phase-names.ts";
import { budgetsText, capacityText } from "./seen.ts";
import { swapColumns } from "./swaps.ts";

type Evaluation = Schemas["Evaluation"];

/** A label, and what is said of it; an empty text is left out. */
type Line = readonly [label: string, text: string];

const sentenceOf = ({ outcome, verdict, authorization }: Evaluation): string => {
  if (outcome !== undefined) return `${outcome.reason}: ${outcome.sentence}`;
  if (verdict !== undefined) return `${verdict.reason}: ${verdict.sentence}`;
  return authorization?.sentence ?? "nothing is decided yet";
};

/** Of a verdict that was the end of it, the outcome has said the same. */
const verdictText = ({ verdict, outcome }: Evaluation): string =>
  verdict === undefined
    ? ""
    : verdict.sentence === outcome?.sentence || outcome === undefined
      ? verdict.kind
      : `${verdict.kind}, ${verdict.reason}: ${verdict.sentence}`;

/** What a person knows it by. */
export const subjectName = ({ subject }: Pick<Evaluation, "subject">): string =>
  subject.kind === "INSTANCE"
    ? subject.instance_id
    : subject.kind === "GROUP"
      ? subject.asg_name
      : `${subject.node_group} of ${subject.cluster_name}`;

const subjectText = (evaluation: Evaluation): string => {
  const { target_id: id, mode, region, account_id: account } = evaluation;
  return `${subjectName(evaluation)} (${id}), ${mode}, ${region}, account ${account}`;
};

const savingText = ({ savings, status }: Evaluation): string => {
  if (savings === undefined) return "";
  const isMade = status === "SWITCHED" || status === "PARTLY_SWITCHED";
  return (
    `${usd(savings.monthly_usd)} a month (${savingPercent(savings.percent)} of On-Demand), ` +
    (isMade ? "estimated at the prices of the verdict" : "had the switch been carried out")
  );
};

/** What AWS has done, or may have done. */
const callsOf = ({ effects }: Evaluation): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { action, outcome } of effects) {
    if (outcome !== "REFUSED") counts[action] = (counts[action] ?? 0) + 1;
  }
  return counts;
};

const riskText = (candidate: Candidate | undefined): string => {
  if (candidate?.risk === undefined) return "";
  const { probability, horizon_hours: hours, model_version: model } = candidate.risk;
  return `${riskPercent(probability)} in ${String(hours)} h (${model})`;
};

const isOffered = ({ rejection }: Candidate): boolean => rejection === undefined;

const shownOffers = 2;

const offersText = ({ verdict, swaps, candidates }: Evaluation): string => {
  const offers = verdict?.offers ?? [];
  const taken = swaps[0]?.replacement?.pool;
  const texts = offers.slice(0, shownOffers).map((pool) => {
    const candidate = candidates.find(
      (each) =>
        each.pool.instance_type === pool.instance_type && each.pool.zone_id === pool.zone_id,
    );
    const price = hourlyUsd(candidate?.expected_hourly_usd ?? candidate?.spot_hourly_usd);
    const isTaken = taken?.instance_type === pool.instance_type && taken.zone_id === pool.zone_id;
    return [`${pool.instance_type} ${pool.zone_id}`, price, isTaken ? "taken" : ""]
      .filter((part) => part !== "")
      .join(" ");
  });
  const others = candidates.filter(isOffered).length - texts.length;
  return [...texts, ...(others > 0 ? [`${String(others)} more`] : [])].join(", ");
};

const rejectedText = ({ candidates }: Evaluation): string => {
  const [first, ...others] = rejectionCounts(candidates);
  if (first === undefined) return "";
  const [code, count] = first;
  const rest = others.reduce((sum, [, each]) => sum + each, 0);
  return `${String(count)} ${code}${rest === 0 ? "" : `, ${String(rest)} more`} (--candidates)`;
};

const troubleLines = ({
  failure,
  rollback_problem: problem,
  abandoned,
  postponed,
  left_behind: left = [],
}: Evaluation): readonly Line[] => [
  ["Failure", failure === undefined ? "" : `${failure.error}: ${failure.cause}`],
  ["Roll-back", problem ?? ""],
  ["Abandoned", abandoned ?? ""],
  ["Postponed", postponed?.sentence ?? ""],
  ["Left", left.map(({ kind, id, state }) => `${kind} ${id} (${state})`).join(", ")],
];

const summaryLines = (evaluation: Evaluation): readonly Line[] => {
  const { downtime_seconds: downtime, started_at: began, ended_at: ended, candidates } = evaluation;
  return [
    ["Subject", subjectText(evaluation)],
    ["Verdict", verdictText(evaluation)],
    ...troubleLines(evaluation),
    ["Downtime", downtime === undefined ? "" : `${duration(downtime)}, measured`],
    ["Capacity", capacityText(evaluation)],
    ["Budgets", budgetsText(evaluation)],
    ["Saving", savingText(evaluation)],
    ["Changes", changesText(callsOf(evaluation))],
    ["Risk", riskText(candidates.find(isOffered))],
    ["Offers", offersText(evaluation)],
    ["Rejected", rejectedText(evaluation)],
    ["Began", began],
    ["Ended", ended ?? ""],
  ];
};

/** As headings of `spot` are. */
const inCapitals = <Row>(columns: readonly Column<Row>[]): readonly Column<Row>[] =>
  columns.map((column) => ({ ...column, heading: column.heading.toUpperCase() }));

/** A heading of its own is told by the columns. */
const section = (lines: readonly string[]): readonly string[] =>
  lines.length < 2 ? [] : ["", ...lines];

const candidateTable = (evaluation: Evaluation, layout: Layout): readonly string[] =>
  tableLines(
    evaluation.candidates,
    inCapitals([
      ...candidateColumns(evaluation),
      { heading: "Why", cell: ({ rejection }) => rejection?.sentence ?? "", cut: 1 },
    ]),
    layout,
  );

const phaseTable = ({ phases, progress, mode }: Evaluation, layout: Layout): readonly string[] =>
  tableLines(
    phasesInOrder(phases).map((phase) => ({ ...phase, name: phaseName(mode, phase.name) })),
    inCapitals([
      ...phaseColumns(plannedDowntime({ progress })),
      { heading: "Summary", cell: ({ summary }) => summary ?? "", cut: 1 },
    ]),
    layout,
  );

/** @param isDetailed with every pool that was looked at */
export const evaluationLines = (
  evaluation: Evaluation,
  layout: Layout,
  isDetailed: boolean,
): readonly string[] => {
  const { status, swaps } = evaluation;
  const tone = toneOf(status);
  const text = statusText(status);
  const heading: Line = [text, sentenceOf(evaluation)];
  const [first = "", ...others] =
    layout.width === undefined
      ? [heading.join("\t")]
      : hanging(`${text}  `, heading[1], layout.width);
  return [
    tone === undefined ? first : layout.paint(tone, text) + first.slice(text.length),
    ...others,
    ...textRows(
      summaryLines(evaluation).filter(([, text]) => text !== ""),
      layout,
    ),
    ...(swaps.length > 1 ? section(tableLines(swaps, inCapitals(swapColumns), layout)) : []),
    ...section(phaseTable(evaluation, layout)),
    ...(isDetailed ? section(candidateTable(evaluation, layout)) : []),
  ];
};
