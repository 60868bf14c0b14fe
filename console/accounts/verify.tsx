/** Verifies an account's role, and shows what it found. */
import type { JSX } from "preact";
import { send } from "../api/request.ts";
import { words } from "../format.ts";
import { Copy } from "../ui/copy.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Facts } from "../ui/facts.tsx";
import { Status } from "../ui/status.tsx";
import { Rows } from "../ui/rows.tsx";
import type { TableColumn } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import {
  nextStep,
  outcomeMarks,
  troublesOf,
  type Account,
  type Trouble,
  type Verification,
} from "./permissions.ts";

interface AskVerifyProps {
  readonly account: Pick<Account, "account_id" | "name">;
  readonly close: () => void;
  readonly done: (found: Verification) => void;
}

export const AskVerify = ({ account, close, done }: AskVerifyProps): JSX.Element => (
  <Dialog
    title={`Verify ${account.name}?`}
    verb="Verify"
    close={close}
    act={async (key) => {
      const path = `/accounts/${account.account_id}/verify`;
      done(await send<Verification>({ method: "POST", path }, key));
    }}
  >
    <p>
      The role is assumed, and its permissions are tried by dry runs: nothing in the account is
      changed. If all checks pass, the account is active.
    </p>
  </Dialog>
);

const columns: readonly TableColumn<Trouble>[] = [
  { id: "what", heading: "What", cell: ({ what }) => what },
  {
    id: "found",
    heading: "What was found, and what to do",
    cell: ({ sentence }) => <span class="whole">{sentence}</span>,
  },
];

const Checks = ({ checks }: Pick<Verification, "checks">): JSX.Element => (
  <Facts
    facts={checks.map(({ check, outcome, message }) => [
      words(check),
      <>
        <Status mark={outcomeMarks[outcome]} /> {message}
      </>,
    ])}
  />
);

export const Found = ({ found }: { readonly found: Verification }): JSX.Element => {
  const troubles = troublesOf(found);
  const command = nextStep(found);
  return (
    <section class="card above" aria-label="What the verification has found">
      <div class="card-head">
        <h2>
          Verified <Time at={found.checked_at} />:{" "}
          {found.verified ? "all checks passed" : "a check failed"}
        </h2>
      </div>
      <Checks checks={found.checks} />
      {troubles.length > 0 && (
        <Rows
          label="Table of what is missing"
          rows={troubles}
          columns={columns}
          keyOf={({ what, sentence }) => `${what} ${sentence}`}
        />
      )}
      <div class="foot">
        Next: <code>{command}</code> <Copy text={command} label="the command" />
      </div>
    </section>
  );
};
