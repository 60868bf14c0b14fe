/** The calls that changed something in the account, as they were made. */
import type { JSX } from "preact";
import { count, shortId } from "../format.ts";
import { Copy } from "../ui/copy.tsx";
import { Empty } from "../ui/screen.tsx";
import { Status, type StatusMark } from "../ui/status.tsx";
import { Table, type TableColumn } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import type { EvaluationRecord } from "./story.ts";

type Effect = EvaluationRecord["effects"][number];

const outcomes: Readonly<Record<Effect["outcome"], StatusMark>> = {
  DONE: { word: "Done", icon: "done", tone: "good" },
  REFUSED: { word: "Refused", icon: "slashed", tone: "bad" },
  UNKNOWN: { word: "No answer", icon: "dots", tone: "hold" },
};

const columns: readonly TableColumn<Effect>[] = [
  { id: "at", heading: "At", cell: ({ at }) => <Time at={at} /> },
  { id: "outcome", heading: "Outcome", cell: ({ outcome }) => <Status mark={outcomes[outcome]} /> },
  { id: "call", heading: "Call", cell: ({ action }) => <b>{action}</b> },
  {
    id: "resource",
    heading: "Resource",
    cell: ({ resource, message, found }) => (
      <span class="cut" title={resource}>
        <code>{resource}</code> {found?.sentence ?? message}
      </span>
    ),
  },
  {
    id: "request",
    heading: "Request id",
    cell: ({ request_id: id }) => (
      <span class="nowrap" title={id}>
        <code>{shortId(id)}</code>
        <Copy text={id} label="the request id" />
      </span>
    ),
  },
];

export const Effects = ({
  record: { effects },
}: {
  readonly record: EvaluationRecord;
}): JSX.Element => (
  <section class="card" aria-labelledby="effects">
    <div class="card-head">
      <h2 id="effects">Effects</h2>
      <span class="muted">{count(effects.length)} calls, with AWS request ids</span>
    </div>
    {effects.length === 0 ? (
      <Empty>Nothing was changed in the account.</Empty>
    ) : (
      <Table
        label="Calls that changed something"
        rows={effects}
        columns={columns}
        keyOf={({ at, action, resource, request_id: id }) => `${at} ${action} ${resource} ${id}`}
        sortParameter="calls"
      />
    )}
  </section>
);
