/** One finding of waste: what it is, why it is waste, what its deletion would do, and what keeps it. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { pollWhole } from "../api/polled.ts";
import { monthlyUsd } from "../format.ts";
import type { Route } from "../route.ts";
import { ReadOnly } from "../ui/action.tsx";
import { Copy } from "../ui/copy.tsx";
import { Facts, sentences, type Fact } from "../ui/facts.tsx";
import { Notice } from "../ui/notice.tsx";
import { ReadOf, Screen, useReading } from "../ui/screen.tsx";
import { Status } from "../ui/status.tsx";
import { Time } from "../ui/time.tsx";
import { WasteActions, WasteAsk, type WasteAsked } from "../waste/asks.tsx";
import {
  approversText,
  kindWords,
  wasteMarks,
  type WasteFinding as Finding,
} from "../waste/findings.ts";

const timeOf = (at: string | undefined): JSX.Element | false =>
  at !== undefined && <Time at={at} />;

const costOf = ({ monthly_usd: cost, counted_with: other }: Finding): string =>
  cost === undefined
    ? "No price is known"
    : `${monthlyUsd(cost)} a month${other === undefined ? "" : `, counted with ${other}`}`;

const outcomeFacts = ({ dismissal, deletion, closed }: Finding): readonly Fact[] => [
  [
    "Stays until",
    dismissal !== undefined && (
      <>
        <Time at={dismissal.until} />: {dismissal.reason} ({dismissal.by})
      </>
    ),
  ],
  ["Agreed to by", deletion?.approval_id],
  ["Snapshot kept", deletion?.snapshot_id],
  ["Snapshot kept until", timeOf(deletion?.snapshot_until)],
  ["Deleted", timeOf(deletion?.deleted_at)],
  ["In the Recycle Bin until", timeOf(deletion?.bin_exits_at)],
  [
    "No longer waste",
    closed !== undefined && (
      <>
        <Time at={closed.at} />: {closed.why}
      </>
    ),
  ],
];

const factsOf = (finding: Finding): readonly Fact[] => [
  [
    "Resource",
    <>
      <code>{finding.resource_id}</code> <Copy text={finding.resource_id} label="the id" />
    </>,
  ],
  ["Kind", kindWords[finding.kind]],
  ["Costs", costOf(finding)],
  ["Why", finding.why],
  ["First seen", timeOf(finding.first_seen_at)],
  ["Seen so without a break", `${String(finding.days)} days`],
  ["Last seen", timeOf(finding.last_seen_at)],
  ["Owner", finding.owner],
  ["Effect", finding.effect],
  ["Plan", sentences(finding.plan ?? [])],
  ["Undo", finding.undo],
  ["Look yourself", sentences(finding.unchecked)],
  ["Kept by", sentences(finding.reasons.map(({ sentence }) => sentence))],
  ["Plan's hash", finding.bounds_hash !== undefined && <code>{finding.bounds_hash}</code>],
  ["Must agree", approversText(finding.approvers_needed)],
  ...outcomeFacts(finding),
  ["Account", `${finding.account_id}, ${finding.region}`],
];

export const WasteFinding = ({ route: { id = "" } }: { readonly route: Route }): JSX.Element => {
  const polled = useMemo(
    () => pollWhole<Finding>(`/waste/${encodeURIComponent(id)}`, () => 30_000),
    [id],
  );
  const { value } = useReading(polled);
  const [said, setSaid] = useState<string>();
  const [asking, setAsking] = useState<WasteAsked>();
  return (
    <Screen
      title={value === undefined ? "Waste" : (value.label ?? value.resource_id)}
      note={
        <a class="link" href="/waste">
          All waste
        </a>
      }
      actions={value !== undefined && <WasteActions finding={value} ask={setAsking} />}
    >
      <ReadOnly />
      {said !== undefined && <Notice tone="idle">{said}</Notice>}
      <ReadOf polled={polled}>
        {(finding) => (
          <section class="card" aria-label="Finding">
            <div class="card-head">
              <h2>{kindWords[finding.kind]}</h2>
              <Status mark={wasteMarks[finding.status]} isPill />
            </div>
            <Facts facts={factsOf(finding)} />
          </section>
        )}
      </ReadOf>
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
