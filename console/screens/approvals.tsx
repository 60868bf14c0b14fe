/** What persons were asked to agree to, newest first: within which bounds, by whom, and until when. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { pollWhole } from "../api/polled.ts";
import type { Schemas } from "../api/types.ts";
import {
  agreedText,
  approvalMarks,
  boundsLine,
  kindWords,
  type Approval,
  type ApprovalStatus,
} from "../approvals/bounds.ts";
import { shortHash } from "../decide/hash.ts";
import { whoOf } from "../decide/who.ts";
import type { Route } from "../route.ts";
import { Choice } from "../ui/fields.tsx";
import { PageFoot } from "../ui/page-foot.tsx";
import { Rows } from "../ui/rows.tsx";
import { Empty, ReadOf, Screen } from "../ui/screen.tsx";
import { Status } from "../ui/status.tsx";
import type { TableColumn } from "../ui/table.tsx";
import { Left, Time } from "../ui/time.tsx";

const columns: readonly TableColumn<Approval>[] = [
  {
    id: "subject",
    heading: "Subject",
    cell: ({ approval_id: id, kind, bounds }) => (
      <a class="link cut" href={`/approvals/${id}`} title={bounds.subject}>
        {kindWords[kind]}: {bounds.subject}
      </a>
    ),
    sortKey: ({ kind, bounds }) => `${kindWords[kind]} ${bounds.subject}`,
  },
  {
    id: "status",
    heading: "Status",
    cell: ({ status }) => <Status mark={approvalMarks[status]} />,
    sortKey: ({ status }) => approvalMarks[status].word,
  },
  {
    id: "bounds",
    heading: "Bounds",
    cell: (approval) => (
      <span class="cut" title={boundsLine(approval)}>
        {boundsLine(approval)}
      </span>
    ),
  },
  {
    id: "hash",
    heading: "Hash",
    cell: ({ bounds_hash: hash }) => <code title={hash}>{shortHash(hash)}</code>,
  },
  { id: "agreed", heading: "Agreed", align: "right", cell: agreedText },
  {
    id: "by",
    heading: "Asked by",
    cell: ({ asked_by: by }) =>
      by === undefined ? "–" : <span title={by.name}>{whoOf(by.name)}</span>,
    sortKey: ({ asked_by: by }) => by?.name,
  },
  {
    id: "asked",
    heading: "Asked",
    cell: ({ asked_at: at }) => <Time at={at} />,
    sortKey: ({ asked_at: at }) => at,
    firstDirection: "descending",
  },
  {
    id: "expires",
    heading: "Expires",
    align: "right",
    cell: ({ status, expires_at: at }) =>
      status === "PENDING" || status === "APPROVED" ? <Left until={at} /> : <Time at={at} />,
    sortKey: ({ expires_at: at }) => at,
  },
];

const everyStatus = "ANY";

const choices = [
  ["PENDING", "Waiting"],
  [everyStatus, "All"],
  ...(Object.keys(approvalMarks) as ApprovalStatus[])
    .filter((status) => status !== "PENDING")
    .map((status) => [status, approvalMarks[status].word] as const),
] as const;

const queryOf = (query: URLSearchParams, status: string): string => {
  const asked = new URLSearchParams({ limit: "100" });
  if (status !== everyStatus) asked.set("status", status);
  for (const name of ["target_id", "account_id", "cursor"]) {
    const value = query.get(name);
    if (value !== null) asked.set(name, value);
  }
  return asked.toString();
};

const None = ({ status }: { readonly status: string }): JSX.Element => (
  <Empty>
    {status === "PENDING" ? (
      <>
        Nothing waits for anybody. A target asks here where its policy or its account wants a
        person.{" "}
        <a class="link" href={`/approvals?status=${everyStatus}`}>
          What was decided
        </a>
      </>
    ) : (
      <>
        None.{" "}
        <a class="link" href="/approvals">
          What waits for somebody
        </a>
      </>
    )}
  </Empty>
);

export const Approvals = ({ route: { query } }: { readonly route: Route }): JSX.Element => {
  const status = query.get("status") ?? "PENDING";
  const asked = queryOf(query, status);
  const polled = useMemo(
    () => pollWhole<Schemas["ApprovalPage"]>(`/approvals?${asked}`, () => 30_000),
    [asked],
  );
  return (
    <Screen title="Approvals" note="What persons were asked to agree to, newest first.">
      <section class="card" aria-label="Approvals">
        <div class="tools">
          <Choice label="Status" parameter="status" value={status} options={choices} />
        </div>
        <ReadOf polled={polled} key={asked}>
          {({ items, cursor }) =>
            items.length === 0 ? (
              <None status={status} />
            ) : (
              <>
                <Rows
                  label="Table of approvals"
                  rows={items}
                  columns={columns}
                  keyOf={({ approval_id: id }) => id}
                />
                <PageFoot shown={items.length} cursor={cursor} />
              </>
            )
          }
        </ReadOf>
      </section>
    </Screen>
  );
};
