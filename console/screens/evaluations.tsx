/** Evaluations, newest first: what was decided, why, and what has come of it. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { pollWhole } from "../api/polled.ts";
import type { Schemas } from "../api/types.ts";
import { duration, monthlyUsd, shortId, words } from "../format.ts";
import { narrow, type Route } from "../route.ts";
import { statusMarks, verdictMarks, type EvaluationStatus } from "../ui/marks.ts";
import { Icon } from "../ui/icons.tsx";
import { Empty, ReadOf, Screen } from "../ui/screen.tsx";
import { Status } from "../ui/status.tsx";
import { Table, type TableColumn } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";

type Summary = Schemas["EvaluationSummary"];
type Page = Schemas["EvaluationPage"];

const subjectName = ({ subject }: Summary): string => {
  switch (subject.kind) {
    case "INSTANCE":
      return shortId(subject.instance_id);
    case "GROUP":
      return subject.asg_name;
    case "NODE_GROUP":
      return `${subject.cluster_name} · ${subject.node_group}`;
  }
};

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

const columns: readonly TableColumn<Summary>[] = [
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

const statuses = Object.keys(statusMarks) as EvaluationStatus[];

const Filter = ({ status }: { readonly status: string | null }): JSX.Element => (
  <div class="tools">
    <label class="field inline">
      Status
      <select
        value={status ?? ""}
        onChange={(event) => {
          narrow({ status: event.currentTarget.value });
        }}
      >
        <option value="">All</option>
        {statuses.map((each) => (
          <option key={each} value={each}>
            {words(each)}
          </option>
        ))}
      </select>
    </label>
  </div>
);

const queryOf = (query: URLSearchParams): string => {
  const asked = new URLSearchParams({ limit: "100" });
  for (const name of ["status", "target_id"]) {
    const value = query.get(name);
    if (value !== null) asked.set(name, value);
  }
  return asked.toString();
};

export const Evaluations = ({ route: { query } }: { readonly route: Route }): JSX.Element => {
  const asked = queryOf(query);
  const polled = useMemo(() => pollWhole<Page>(`/evaluations?${asked}`, () => 10_000), [asked]);
  return (
    <Screen title="Evaluations" note="The latest hundred, newest first.">
      <section class="card" aria-label="Evaluations">
        <Filter status={query.get("status")} />
        <ReadOf polled={polled} key={asked}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty>
                None. A sweep begins one where something is to be done, and so does Evaluate at a
                target.
              </Empty>
            ) : (
              <Table
                label="Table of evaluations"
                rows={items}
                columns={columns}
                keyOf={({ evaluation_id: id }) => id}
              />
            )
          }
        </ReadOf>
      </section>
    </Screen>
  );
};
