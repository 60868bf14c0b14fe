/** Evaluations, newest first: what was decided, why, and what has come of it. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { pollWhole } from "../api/polled.ts";
import type { Schemas } from "../api/types.ts";
import { evaluationColumns } from "../evaluation/columns.tsx";
import { words } from "../format.ts";
import { narrow, type Route } from "../route.ts";
import { statusMarks, type EvaluationStatus } from "../ui/marks.ts";
import { Empty, ReadOf, Screen } from "../ui/screen.tsx";
import { Table } from "../ui/table.tsx";

type Page = Schemas["EvaluationPage"];

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
                columns={evaluationColumns}
                keyOf={({ evaluation_id: id }) => id}
              />
            )
          }
        </ReadOf>
      </section>
    </Screen>
  );
};
