/** What a list of evaluations shows of each: when, of what, what was decided, why, and what has come of it. */
import type { JSX } from "preact";
import type { Schemas } from "../api/types.ts";
import { duration, monthlyUsd } from "../format.ts";
import { Icon } from "../ui/icons.tsx";
import { statusMarks, verdictMarks } from "../ui/marks.ts";
import { Status } from "../ui/status.tsx";
import type { TableColumn } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { subjectName } from "./story.ts";

type Summary = Schemas["EvaluationSummary"];

const Verdict = ({ verdict }: Summary): JSX.Element | null => {
  if (verdict === undefined) return null;
  const { word, icon } = verdictMarks[verdict.kind];
  return (
    <span class="nowrap">
      <Icon name={icon} /> {word}
    </span>
  );
};

const sentenceOf = ({ outcome, verdict, failure }: Summary): string =>
  outcome?.sentence ?? failure?.cause ?? verdict?.sentence ?? "";

const took = ({ started_at: from, ended_at: to }: Summary): number | undefined =>
  to === undefined ? undefined : Date.parse(to) - Date.parse(from);

export const evaluationColumns: readonly TableColumn<Summary>[] = [
  {
    id: "began",
    heading: "Began",
    cell: ({ started_at: at }) => <Time at={at} />,
    sortKey: ({ started_at: at }) => at,
    firstDirection: "descending",
  },
  {
    id: "subject",
    heading: "Subject",
    cell: (row) => (
      <a class="link" href={`/evaluations/${row.evaluation_id}`}>
        {subjectName(row)}
      </a>
    ),
    sortKey: subjectName,
  },
  {
    id: "status",
    heading: "Status",
    cell: ({ status }) => <Status mark={statusMarks[status]} />,
    sortKey: ({ status }) => statusMarks[status].word,
  },
  { id: "verdict", heading: "Verdict", cell: (row) => <Verdict {...row} /> },
  {
    id: "why",
    heading: "Why",
    cell: (row) => (
      <span class="cut" title={sentenceOf(row)}>
        {sentenceOf(row)}
      </span>
    ),
  },
  {
    id: "saves",
    heading: "Saves $/month, est.",
    align: "right",
    cell: ({ savings }) => monthlyUsd(savings?.monthly_usd),
    sortKey: ({ savings }) => savings?.monthly_usd,
    firstDirection: "descending",
  },
  {
    id: "took",
    heading: "Took",
    align: "right",
    cell: (row) => {
      const ms = took(row);
      return ms === undefined ? "–" : duration(ms);
    },
    sortKey: took,
    firstDirection: "descending",
  },
];
