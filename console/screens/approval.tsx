/** One approval: what is asked, within which bounds, who has said what, and the two answers. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { pollWhole } from "../api/polled.ts";
import type { Schemas } from "../api/types.ts";
import { AskApprove, AskReject, boundsFacts } from "../approvals/asks.tsx";
import {
  agreedText,
  approvalMarks,
  kindWords,
  mayApprove,
  mayReject,
  votedSentence,
  type Approval as Asked,
} from "../approvals/bounds.ts";
import type { Route } from "../route.ts";
import { Action, ReadOnly } from "../ui/action.tsx";
import { Copy } from "../ui/copy.tsx";
import { Facts, type Fact } from "../ui/facts.tsx";
import { Notice } from "../ui/notice.tsx";
import { ReadOf, Screen, useReading } from "../ui/screen.tsx";
import { Status } from "../ui/status.tsx";
import { Left, Time } from "../ui/time.tsx";

const Id = ({ id, label }: { readonly id: string; readonly label: string }): JSX.Element => (
  <>
    <code>{id}</code> <Copy text={id} label={label} />
  </>
);

const votesOf = ({ votes }: Asked): JSX.Element | string => {
  if (votes.length === 0) return "Nobody yet";
  return (
    <ul>
      {votes.map(({ by, at, comment }) => (
        <li key={by.name}>
          {by.name}, <Time at={at} />
          {comment !== undefined && `: ${comment}`}
        </li>
      ))}
    </ul>
  );
};

const placeFacts = (approval: Asked): readonly Fact[] => {
  if (!("target_id" in approval)) return [["Findings", approval.findings.join(", ")]];
  const { target_id: target, evaluation_id: evaluation } = approval;
  return [
    [
      "Target",
      <a class="link" key="target" href={`/targets/${target}`}>
        {target}
      </a>,
    ],
    [
      "Evaluation",
      <a class="link" key="evaluation" href={`/evaluations/${evaluation}`}>
        {evaluation}
      </a>,
    ],
  ];
};

const decidedFacts = ({
  rejection,
  consumed,
  superseded_by: superseded,
}: Asked): readonly Fact[] => [
  [
    "Rejected",
    rejection !== undefined && (
      <>
        {rejection.by.name}, <Time at={rejection.at} />: {rejection.comment}. Not asked for again
        until <Time at={rejection.until} />.
      </>
    ),
  ],
  [
    "Used by",
    consumed !== undefined && (
      <>
        <code>{consumed.by}</code>, <Time at={consumed.at} />
      </>
    ),
  ],
  [
    "Superseded by",
    superseded !== undefined && (
      <a class="link" href={`/approvals/${superseded}`}>
        {superseded}
      </a>
    ),
  ],
];

const askedFacts = (approval: Asked): readonly Fact[] => [
  ["Why a person", approval.because],
  ["Asked by", approval.asked_by?.name ?? "Nobody is known"],
  ["Asked", <Time key="asked" at={approval.asked_at} />],
  [
    "Expires",
    <>
      <Time at={approval.expires_at} />, <Left until={approval.expires_at} />
    </>,
  ],
  ["Agreed", agreedText(approval)],
  ["By", votesOf(approval)],
  ...decidedFacts(approval),
  ["Account", `${approval.account_id}, ${approval.region}`],
  ...placeFacts(approval),
  ["Approval", <Id key="id" id={approval.approval_id} label="the id" />],
];

const Body = ({ approval }: { readonly approval: Asked }): JSX.Element => (
  <>
    <section class="card" aria-label="Bounds">
      <div class="card-head">
        <h2>{kindWords[approval.kind]}, within these bounds</h2>
        <Status mark={approvalMarks[approval.status]} isPill />
      </div>
      <Facts
        facts={[
          ...boundsFacts(approval),
          ["Hash", <Id key="hash" id={approval.bounds_hash} label="the hash" />],
        ]}
      />
    </section>
    <section class="card below" aria-label="Asked">
      <div class="card-head">
        <h2>Who asks, and who has agreed</h2>
      </div>
      <Facts facts={askedFacts(approval)} />
    </section>
  </>
);

/** With the approval as it was when the button was pressed. */
interface Open {
  readonly kind: "APPROVE" | "REJECT";
  readonly approval: Asked;
}

const Answers = ({
  approval,
  open,
}: {
  readonly approval: Asked;
  readonly open: (asked: Open) => void;
}): JSX.Element => (
  <>
    {mayReject(approval) && (
      <Action
        verb="Reject…"
        subject={approval.bounds.subject}
        run={() => {
          open({ kind: "REJECT", approval });
        }}
      />
    )}
    {mayApprove(approval) && (
      <Action
        verb="Approve…"
        subject={approval.bounds.subject}
        isPrimary
        run={() => {
          open({ kind: "APPROVE", approval });
        }}
      />
    )}
  </>
);

const Came = ({ voted }: { readonly voted: Schemas["Voted"] }): JSX.Element => (
  <Notice tone="idle">
    {votedSentence(voted)}{" "}
    {voted.started !== undefined && (
      <a class="link" href={`/evaluations/${voted.started.evaluation_id}`}>
        Follow it
      </a>
    )}
  </Notice>
);

export const Approval = ({ route: { id = "" } }: { readonly route: Route }): JSX.Element => {
  const polled = useMemo(
    () => pollWhole<Asked>(`/approvals/${encodeURIComponent(id)}`, () => 30_000),
    [id],
  );
  const { value } = useReading(polled);
  const [open, setOpen] = useState<Open>();
  const [voted, setVoted] = useState<Schemas["Voted"]>();
  const Ask = open?.kind === "REJECT" ? AskReject : AskApprove;
  return (
    <Screen
      title={value === undefined ? "Approval" : `Approval: ${value.bounds.subject}`}
      note={
        <a class="link" href="/approvals">
          All approvals
        </a>
      }
      actions={value !== undefined && <Answers approval={value} open={setOpen} />}
    >
      {value !== undefined && mayReject(value) && <ReadOnly />}
      {voted !== undefined && <Came voted={voted} />}
      <ReadOf polled={polled}>{(approval) => <Body approval={approval} />}</ReadOf>
      {open !== undefined && (
        <Ask
          approval={open.approval}
          close={() => {
            setOpen(undefined);
          }}
          done={(answer) => {
            setVoted(answer);
            polled.refresh();
          }}
        />
      )}
    </Screen>
  );
};
