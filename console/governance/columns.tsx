/** Columns of the two lists of governance. */
import type { JSX } from "preact";
import { whoOf } from "../decide/who.ts";
import { accountId, shortId, words } from "../format.ts";
import { Action } from "../ui/action.tsx";
import { Status } from "../ui/status.tsx";
import type { TableColumn } from "../ui/table.tsx";
import { Left, Time } from "../ui/time.tsx";
import {
  flaggedMarks,
  mayExempt,
  quietUntil,
  ruleOf,
  unclaimedReason,
  type Flagged,
  type Unclaimed,
} from "./findings.ts";

const GraceLeft = ({ finding }: { readonly finding: Flagged }): JSX.Element => {
  const until = quietUntil(finding);
  const { readings, readings_needed: needed } = finding.grace;
  return (
    <span title={`${String(readings)} of ${String(needed)} readings`}>
      {until === undefined ? "–" : <Left until={until} />}
    </span>
  );
};

const instanceColumns: readonly TableColumn<Flagged>[] = [
  {
    id: "instance",
    heading: "Instance",
    cell: ({ instance_id: id, instance_type: type }) => (
      <>
        <code title={id}>{shortId(id)}</code> <span class="muted">{type}</span>
      </>
    ),
    sortKey: ({ instance_id: id }) => id,
  },
  {
    id: "status",
    heading: "Status",
    cell: ({ status }) => <Status mark={flaggedMarks[status]} />,
    sortKey: ({ status }) => flaggedMarks[status].word,
  },
  {
    id: "rule",
    heading: "Rule",
    cell: (finding) => (
      <span class="cut" title={ruleOf(finding)}>
        {ruleOf(finding)}
      </span>
    ),
    sortKey: ruleOf,
  },
  {
    id: "left",
    heading: "Grace left",
    align: "right",
    cell: (finding) => <GraceLeft finding={finding} />,
    sortKey: quietUntil,
  },
  {
    id: "owner",
    heading: "Owner",
    cell: ({ exemption }) =>
      exemption === undefined ? (
        <span class="muted">None known</span>
      ) : (
        <span class="cut" title={`${exemption.by}: ${exemption.reason}`}>
          None known; exempted by {whoOf(exemption.by)}: {exemption.reason}
        </span>
      ),
  },
  {
    id: "first",
    heading: "First seen",
    cell: ({ first_seen_at: at }) => <Time at={at} />,
    sortKey: ({ first_seen_at: at }) => at,
  },
  {
    id: "account",
    heading: "Account",
    cell: ({ account_id: id, region }) => `${accountId(id)} ${region}`,
    sortKey: ({ account_id: id, region }) => `${id} ${region}`,
  },
];

export const columnsOf = (exempt: (finding: Flagged) => void): readonly TableColumn<Flagged>[] => [
  ...instanceColumns,
  {
    id: "actions",
    heading: "Decide",
    cell: (finding) =>
      mayExempt(finding) && (
        <Action
          verb="Exempt…"
          subject={finding.instance_id}
          run={() => {
            exempt(finding);
          }}
        />
      ),
  },
];

export const unclaimedColumns: readonly TableColumn<Unclaimed>[] = [
  {
    id: "resource",
    heading: "Resource",
    cell: ({ id, kind }) => (
      <>
        <code title={id}>{shortId(id)}</code> <span class="muted">{words(kind)}</span>
      </>
    ),
    sortKey: ({ id }) => id,
  },
  { id: "state", heading: "State", cell: ({ state }) => state, sortKey: ({ state }) => state },
  { id: "why", heading: "Why", cell: unclaimedReason, sortKey: unclaimedReason },
  {
    id: "tag",
    heading: "Its tag says",
    cell: ({ evaluation_id: id }) => (id === undefined ? "–" : <code>{id}</code>),
  },
  {
    id: "listed",
    heading: "Listed",
    cell: ({ listed_at: at }) => <Time at={at} />,
    sortKey: ({ listed_at: at }) => at,
    firstDirection: "descending",
  },
  {
    id: "account",
    heading: "Account",
    cell: ({ account_id: id, region }) => `${accountId(id)} ${region}`,
    sortKey: ({ account_id: id, region }) => `${id} ${region}`,
  },
];
