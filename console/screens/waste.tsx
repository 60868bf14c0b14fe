/** What costs money and seems to be of no use, the dearest first: why, since when, and how its deletion is undone. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { pollWhole } from "../api/polled.ts";
import type { Schemas } from "../api/types.ts";
import { monthlyUsd, shortId } from "../format.ts";
import type { Route } from "../route.ts";
import { ReadOnly } from "../ui/action.tsx";
import { Cut } from "../ui/cut.tsx";
import { Choice } from "../ui/fields.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageFoot } from "../ui/page-foot.tsx";
import { Rows } from "../ui/rows.tsx";
import { Empty, ReadOf, Screen } from "../ui/screen.tsx";
import { Status } from "../ui/status.tsx";
import type { TableColumn } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { WasteActions, WasteAsk, type WasteAsked } from "../waste/asks.tsx";
import {
  kindWords,
  totalText,
  wasteMarks,
  type WasteFinding,
  type WasteStatus,
} from "../waste/findings.ts";

const columnsOf = (ask: (asked: WasteAsked) => void): readonly TableColumn<WasteFinding>[] => [
  {
    id: "resource",
    heading: "Resource",
    cell: ({ finding_id: id, resource_id: resource, kind, label }) => (
      <>
        <a
          class="link short"
          href={`/waste/${encodeURIComponent(id)}`}
          title={`${label ?? ""} ${resource}`.trim()}
        >
          {label ?? shortId(resource)}
        </a>
        <br />
        <span class="muted">{kindWords[kind]}</span>
      </>
    ),
    sortKey: ({ label, resource_id: resource }) => label ?? resource,
  },
  {
    id: "costs",
    heading: "$/month",
    align: "right",
    cell: ({ monthly_usd: cost, counted_with: other }) => (
      <span title={other === undefined ? undefined : `Counted with ${other}`}>
        {monthlyUsd(cost)}
      </span>
    ),
    sortKey: ({ monthly_usd: cost }) => cost,
    firstDirection: "descending",
  },
  {
    id: "status",
    heading: "Status",
    cell: ({ status }) => <Status mark={wasteMarks[status]} />,
    sortKey: ({ status }) => wasteMarks[status].word,
  },
  {
    id: "first",
    heading: "First seen",
    cell: ({ first_seen_at: at }) => <Time at={at} />,
    sortKey: ({ first_seen_at: at }) => at,
  },
  { id: "why", heading: "Why", cell: ({ why }) => <Cut text={why} /> },
  { id: "undo", heading: "Undo", cell: ({ undo }) => <Cut text={undo} /> },
  {
    id: "actions",
    heading: "Decide",
    cell: (finding) => <WasteActions finding={finding} ask={ask} />,
  },
];

const choices = [
  ["", "To be decided, reported"],
  ...(Object.keys(wasteMarks) as WasteStatus[]).map(
    (status) => [status, wasteMarks[status].word] as const,
  ),
] as const;

const queryOf = (query: URLSearchParams): string => {
  const asked = new URLSearchParams({ limit: "100" });
  for (const name of ["status", "kind", "account_id", "region", "cursor"]) {
    const value = query.get(name);
    if (value !== null) asked.set(name, value);
  }
  return asked.toString();
};

const None = ({ status }: { readonly status: string }): JSX.Element => (
  <Empty>
    {status === "" ? (
      <>
        Nothing is to be decided. What was seen is offered once its days are over:{" "}
        <a class="link" href="/waste?status=SEEN">
          what is watched
        </a>
        . Where nothing is scanned, turn the scan on at the{" "}
        <a class="link" href="/accounts">
          account
        </a>
        .
      </>
    ) : (
      <>
        None.{" "}
        <a class="link" href="/waste">
          What is to be decided
        </a>
      </>
    )}
  </Empty>
);

export const Waste = ({ route: { query } }: { readonly route: Route }): JSX.Element => {
  const asked = queryOf(query);
  const status = query.get("status") ?? "";
  const polled = useMemo(
    () => pollWhole<Schemas["WasteFindingPage"]>(`/waste?${asked}`, () => 30_000),
    [asked],
  );
  const [said, setSaid] = useState<string>();
  const [asking, setAsking] = useState<WasteAsked>();
  const columns = useMemo(() => columnsOf(setAsking), []);
  return (
    <Screen title="Waste" note="What costs money and seems to be of no use, by the price list.">
      <ReadOnly />
      {said !== undefined && <Notice tone="idle">{said}</Notice>}
      <section class="card" aria-label="Waste">
        <div class="tools">
          <Choice label="Status" parameter="status" value={status} options={choices} />
        </div>
        <ReadOf polled={polled} key={asked}>
          {({ items, total, cursor }) =>
            items.length === 0 ? (
              <None status={status} />
            ) : (
              <>
                <Rows
                  label="Table of waste"
                  rows={items}
                  columns={columns}
                  keyOf={({ finding_id: id }) => id}
                  firstOrder="-costs"
                />
                <PageFoot shown={items.length} cursor={cursor}>
                  <span>{totalText(total)}</span>
                </PageFoot>
              </>
            )
          }
        </ReadOf>
      </section>
      <WasteAsk
        asked={asking}
        close={() => {
          setAsking(undefined);
        }}
        done={(sentence) => {
          setSaid(sentence);
          polled.refresh();
        }}
      />
    </Screen>
  );
};
