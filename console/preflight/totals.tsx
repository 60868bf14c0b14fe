/** What a preflight comes to: how many come out how, what is missing, and how far each region is. */
import type { JSX } from "preact";
import { count, monthlyUsd, words } from "../format.ts";
import { Action } from "../ui/action.tsx";
import { Notice } from "../ui/notice.tsx";
import { Rows } from "../ui/rows.tsx";
import { Empty } from "../ui/screen.tsx";
import { Status } from "../ui/status.tsx";
import type { TableColumn } from "../ui/table.tsx";
import {
  isWorthWatching,
  outcomeMarks,
  outcomeSentences,
  type Outcome,
  type OutcomeCount,
  type Preflight,
} from "./outcomes.ts";

type Missing = Preflight["totals"]["missing"][number];
type Place = Preflight["places"][number];
type Quota = NonNullable<Place["quotas"]>[number] & { readonly region: string };

const countColumns = (
  hrefOf: (outcome: Outcome) => string,
  ask: ((counted: OutcomeCount) => void) | undefined,
): readonly TableColumn<OutcomeCount>[] => [
  {
    id: "outcome",
    heading: "Outcome",
    cell: ({ outcome }) => (
      <>
        <Status mark={outcomeMarks[outcome]} />
        <br />
        <span class="muted">{outcomeSentences[outcome]}</span>
      </>
    ),
  },
  {
    id: "subjects",
    heading: "Subjects",
    align: "right",
    cell: ({ outcome, subjects }) => (
      <a class="link" href={hrefOf(outcome)}>
        {count(subjects)}
      </a>
    ),
  },
  {
    id: "saves",
    heading: "Would save a month, estimated",
    align: "right",
    cell: ({ monthly_usd: saves }) => monthlyUsd(saves),
  },
  {
    id: "register",
    heading: "Register",
    cell: (counted) =>
      ask !== undefined && isWorthWatching(counted) ? (
        <Action
          verb="Register all as shadow…"
          subject={outcomeMarks[counted.outcome].word}
          run={() => {
            ask(counted);
          }}
        />
      ) : (
        "–"
      ),
  },
];

const missingColumns: readonly TableColumn<Missing>[] = [
  { id: "kind", heading: "What is missing", cell: ({ kind }) => words(kind) },
  { id: "name", heading: "Name", cell: ({ name }) => <code>{name}</code> },
  {
    id: "subjects",
    heading: "Subjects",
    align: "right",
    cell: ({ subjects }) => count(subjects),
  },
  {
    id: "saves",
    heading: "Would save a month, estimated",
    align: "right",
    cell: ({ monthly_usd: saves }) => monthlyUsd(saves),
  },
];

const quotaNote = ({
  because,
  raise_to: to,
  fitting_instances: fitting,
  instances,
}: Quota): string => {
  if (because !== undefined) return `It could not be read: ${because}`;
  if (to === undefined) return "All of it fits.";
  return `Raise it to ${count(to)}: ${count(fitting ?? 0)} of ${count(instances)} instances fit now.`;
};

const quotaColumns: readonly TableColumn<Quota>[] = [
  {
    id: "name",
    heading: "Quota",
    cell: ({ quota_name: name, quota_code: code }) => <span title={code}>{name}</span>,
  },
  { id: "region", heading: "Region", cell: ({ region }) => region },
  { id: "vcpus", heading: "vCPUs", align: "right", cell: ({ vcpus }) => count(vcpus) },
  { id: "used", heading: "Used", align: "right", cell: ({ used_vcpus: used }) => count(used) },
  {
    id: "needed",
    heading: "Needed",
    align: "right",
    cell: ({ needed_vcpus: needed }) => count(needed),
  },
  {
    id: "note",
    heading: "Does it fit?",
    cell: (quota) => <span class="whole">{quotaNote(quota)}</span>,
  },
];

const Part = <Row,>({
  id,
  title,
  rows,
  columns,
  keyOf,
}: {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Row[];
  readonly columns: readonly TableColumn<Row>[];
  readonly keyOf: (row: Row) => string;
}): JSX.Element | null =>
  rows.length === 0 ? null : (
    <section class="card below" aria-labelledby={id}>
      <div class="card-head">
        <h2 id={id}>{title}</h2>
      </div>
      <Rows label={`Table: ${title}`} rows={rows} columns={columns} keyOf={keyOf} />
    </section>
  );

const progressOf = ({ region, status, looked_at: looked, to_look_at: all }: Place): string => {
  if (status === "WAITING") return `${region} waits`;
  if (status === "LOOKING") return `${region}: ${count(looked)} of ${count(all)} looked at`;
  return `${region} is ${status === "DONE" ? "done" : "not read"}`;
};

/** While it goes on how far it is; afterwards what could not be read. */
export const Progress = ({ preflight }: { readonly preflight: Preflight }): JSX.Element => {
  const { status, places, estimate } = preflight;
  return (
    <>
      {status === "RUNNING" && (
        <Notice tone="idle">
          The account is being read: {places.map(progressOf).join(", ")}. About{" "}
          {count(estimate.seconds)} s more.
        </Notice>
      )}
      {places.map(
        ({ region, failure }) =>
          failure !== undefined && (
            <Notice key={region} tone="bad">
              {region} could not be read. {failure.error}: {failure.cause}
            </Notice>
          ),
      )}
    </>
  );
};

export const Totals = ({
  preflight,
  hrefOf,
  ask,
}: {
  readonly preflight: Preflight;
  readonly hrefOf: (outcome: Outcome) => string;
  readonly ask: (counted: OutcomeCount) => void;
}): JSX.Element => {
  const { totals, places, status } = preflight;
  const isDone = status === "DONE";
  const quotas = places.flatMap(({ region, quotas: found = [] }) =>
    found.map((quota) => ({ ...quota, region })),
  );
  return (
    <>
      {totals.by_outcome.length === 0 ? (
        isDone && <Empty>There is nothing in these regions that could be a target.</Empty>
      ) : (
        <Part
          id="outcomes"
          title="What would become of it"
          rows={totals.by_outcome}
          columns={countColumns(hrefOf, isDone ? ask : undefined)}
          keyOf={({ outcome }) => outcome}
        />
      )}
      <Part
        id="missing"
        title="What would have to be there first"
        rows={totals.missing}
        columns={missingColumns}
        keyOf={({ kind, name }) => `${kind} ${name}`}
      />
      <Part
        id="quotas"
        title="Quotas of vCPUs"
        rows={quotas}
        columns={quotaColumns}
        keyOf={({ region, quota_code: code }) => `${region} ${code}`}
      />
    </>
  );
};
