/** Of a group or of nodes: each original with its replacement, and what has come of the two. */
import type { JSX } from "preact";
import { count, none, shortId, words } from "../format.ts";
import { Table, type TableColumn } from "../ui/table.tsx";
import type { EvaluationRecord } from "./story.ts";

type Swap = EvaluationRecord["swaps"][number];

const columns: readonly TableColumn<Swap>[] = [
  {
    id: "batch",
    heading: "Batch",
    align: "right",
    cell: ({ batch }) => count(batch),
    sortKey: ({ batch }) => batch,
  },
  {
    id: "original",
    heading: "Original",
    cell: ({ original_id: id }) => <code title={id}>{shortId(id)}</code>,
    sortKey: ({ original_id: id }) => id,
  },
  {
    id: "replacement",
    heading: "Replacement",
    cell: ({ replacement }) =>
      replacement === undefined ? (
        none
      ) : (
        <code title={replacement.instance_id}>{shortId(replacement.instance_id)}</code>
      ),
  },
  {
    id: "pool",
    heading: "Pool",
    cell: ({ replacement }) =>
      replacement === undefined
        ? none
        : `${replacement.pool.instance_type} ${replacement.pool.zone_id}`,
    sortKey: ({ replacement }) => replacement?.pool.instance_type,
  },
  {
    id: "stage",
    heading: "Stage",
    cell: ({ stage }) => <b>{words(stage)}</b>,
    sortKey: ({ stage }) => stage,
  },
  {
    id: "why",
    heading: "What has come of it",
    cell: ({ sentence }) => (
      <span class="cut" title={sentence}>
        {sentence}
      </span>
    ),
  },
];

export const Swaps = ({
  record: { swaps },
}: {
  readonly record: EvaluationRecord;
}): JSX.Element => (
  <section class="card" aria-labelledby="swaps">
    <div class="card-head">
      <h2 id="swaps">Swaps</h2>
      <span class="muted">{count(swaps.length)}, each an original and its replacement</span>
    </div>
    <Table
      label="Originals and their replacements"
      rows={swaps}
      columns={columns}
      keyOf={({ swap_id: id }) => id}
      sortParameter="swaps"
    />
  </section>
);
