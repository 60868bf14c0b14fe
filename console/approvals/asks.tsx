/** Asks before a person's word is given: the bounds first, then the question. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { send } from "../api/request.ts";
import type { Schemas } from "../api/types.ts";
import { shortHash } from "../decide/hash.ts";
import { isNamed, person, PersonField } from "../decide/person.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Facts, sentences, type Fact } from "../ui/facts.tsx";
import { Field } from "../ui/fields.tsx";
import { limitsOf, type Approval } from "./bounds.ts";

/** What is agreed to, and how far. */
export const boundsFacts = (approval: Approval): readonly Fact[] => [
  ["Subject", approval.bounds.subject],
  ["Changes", sentences(approval.bounds.changes)],
  ...limitsOf(approval),
  [
    "Undo",
    "is_irreversible" in approval.bounds && approval.bounds.is_irreversible && (
      <b>A part of it can't be taken back.</b>
    ),
  ],
];

interface AskProps {
  /** As it was when the button was pressed: what is agreed to is what was read. */
  readonly approval: Approval;
  readonly close: () => void;
  readonly done: (voted: Schemas["Voted"] | undefined) => void;
}

export const AskApprove = ({ approval, close, done }: AskProps): JSX.Element => {
  const [comment, setComment] = useState("");
  const { approval_id: id, bounds_hash: hash } = approval;
  return (
    <Dialog
      title={`Approve bounds ${shortHash(hash)}?`}
      verb="Approve"
      isReady={isNamed()}
      close={close}
      act={async (key) => {
        const said = comment.trim();
        const body = { bounds_hash: hash, ...(said !== "" && { comment: said }) };
        const path = `/approvals/${id}/approve`;
        done(await send({ method: "POST", path, body, as: person() }, key));
      }}
    >
      <Facts facts={boundsFacts(approval)} />
      <p>Outside them you are asked again.</p>
      <Field label="Comment, if you like" value={comment} isRequired={false} set={setComment} />
      <PersonField />
    </Dialog>
  );
};

export const AskReject = ({ approval, close, done }: AskProps): JSX.Element => {
  const [comment, setComment] = useState("");
  const said = comment.trim();
  return (
    <Dialog
      title={`Reject bounds ${shortHash(approval.bounds_hash)}?`}
      verb="Reject"
      isDangerous
      isReady={said !== "" && isNamed()}
      close={close}
      act={async (key) => {
        const path = `/approvals/${approval.approval_id}/reject`;
        await send({ method: "POST", path, body: { comment: said }, as: person() }, key);
        done(undefined);
      }}
    >
      <p>
        {approval.bounds.subject}: the same is not asked for again for {approval.rejection_days}{" "}
        days.
      </p>
      <Field label="Reason" value={comment} set={setComment} />
      <PersonField />
    </Dialog>
  );
};
