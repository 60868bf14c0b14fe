/** Asks before waste is deleted as its plan says, and before something is left to stay. */
import type { JSX } from "preact";
import { send } from "../api/request.ts";
import type { Schemas } from "../api/types.ts";
import { votedSentence } from "../approvals/bounds.ts";
import { shortHash } from "../decide/hash.ts";
import { isNamed, person, PersonField } from "../decide/person.tsx";
import { PutOff } from "../decide/put-off.tsx";
import { Action } from "../ui/action.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Facts, sentences } from "../ui/facts.tsx";
import { announce } from "../ui/live.ts";
import { approversText, mayDismiss, questionOf, verbOf, type WasteFinding } from "./findings.ts";

interface AskProps {
  readonly finding: WasteFinding;
  readonly close: () => void;
  /** @param sentence what came of it */
  readonly done: (sentence: string) => void;
}

interface OfferedProps extends AskProps {
  readonly hash: string;
}

const AskDelete = ({ finding, hash, close, done }: OfferedProps): JSX.Element => (
  <Dialog
    title={questionOf(finding)}
    verb={verbOf(finding)}
    isDangerous
    isReady={isNamed()}
    close={close}
    act={async (key) => {
      const path = `/waste/${encodeURIComponent(finding.finding_id)}/approve`;
      const body = { bounds_hash: hash };
      const voted = await send<Schemas["Voted"]>({ method: "POST", path, body, as: person() }, key);
      done(votedSentence(voted));
    }}
  >
    <p>{finding.undo}</p>
    <Facts
      facts={[
        ["Effect", finding.effect],
        ["Plan", sentences(finding.plan ?? [])],
        ["Plan's hash", <code title={hash}>{shortHash(hash)}</code>],
        ["Look yourself", sentences(finding.unchecked)],
        ["Must agree", approversText(finding.approvers_needed)],
      ]}
    />
    <PersonField />
  </Dialog>
);

const dismissedDays = 90;
const mostDays = 400;

const AskDismiss = ({ finding, close, done }: AskProps): JSX.Element => (
  <PutOff
    title={`Dismiss ${finding.resource_id}?`}
    verb="Dismiss"
    sentence="It stays, and is not shown as waste until then. After that its days begin anew."
    path={`/waste/${encodeURIComponent(finding.finding_id)}/dismiss`}
    firstDays={dismissedDays}
    mostDays={mostDays}
    close={close}
    done={() => {
      done(`${finding.resource_id} stays.`);
    }}
  />
);

export interface WasteAsked {
  readonly is: "DELETE" | "DISMISS";
  /** As it was when the button was pressed: what is agreed to is what was read. */
  readonly of: WasteFinding;
}

export const WasteActions = ({
  finding,
  ask,
}: {
  readonly finding: WasteFinding;
  readonly ask: (asked: WasteAsked) => void;
}): JSX.Element => (
  <span class="buttons">
    {finding.bounds_hash !== undefined && (
      <Action
        verb="Approve…"
        subject={finding.resource_id}
        run={() => {
          ask({ is: "DELETE", of: finding });
        }}
      />
    )}
    {mayDismiss(finding) && (
      <Action
        verb="Dismiss…"
        subject={finding.resource_id}
        run={() => {
          ask({ is: "DISMISS", of: finding });
        }}
      />
    )}
  </span>
);

interface WasteAskProps {
  /** Undefined: nothing is asked. */
  readonly asked: WasteAsked | undefined;
  readonly close: () => void;
  readonly done: (sentence: string) => void;
}

/** Stands beside the list, and not in a row: a row is made anew where the page is turned. */
export const WasteAsk = ({ asked, close, done }: WasteAskProps): JSX.Element | null => {
  if (asked === undefined) return null;
  const props = {
    finding: asked.of,
    close,
    done: (sentence: string) => {
      announce(sentence);
      done(sentence);
    },
  };
  if (asked.is === "DISMISS") return <AskDismiss {...props} />;
  const { bounds_hash: hash } = asked.of;
  return hash === undefined ? null : <AskDelete {...props} hash={hash} />;
};
