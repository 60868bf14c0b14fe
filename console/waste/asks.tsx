/** Asks before waste is deleted as its plan says, and before something is left to stay. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
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

interface WasteActionsProps {
  readonly finding: WasteFinding;
  readonly done: (sentence: string) => void;
}

/** The finding as it was when a button was pressed: what is agreed to is what was read. */
export const WasteActions = ({ finding, done }: WasteActionsProps): JSX.Element => {
  const [asked, setAsked] = useState<{ readonly is: "DELETE" | "DISMISS"; of: WasteFinding }>();
  const { bounds_hash: hash, resource_id: id } = finding;
  const props = {
    close: () => {
      setAsked(undefined);
    },
    done: (sentence: string) => {
      announce(sentence);
      done(sentence);
    },
  };
  const askedHash = asked?.of.bounds_hash;
  return (
    <span class="buttons">
      {hash !== undefined && (
        <Action
          verb="Approve…"
          subject={id}
          run={() => {
            setAsked({ is: "DELETE", of: finding });
          }}
        />
      )}
      {mayDismiss(finding) && (
        <Action
          verb="Dismiss…"
          subject={id}
          run={() => {
            setAsked({ is: "DISMISS", of: finding });
          }}
        />
      )}
      {asked?.is === "DISMISS" && <AskDismiss finding={asked.of} {...props} />}
      {asked?.is === "DELETE" && askedHash !== undefined && (
        <AskDelete finding={asked.of} hash={askedHash} {...props} />
      )}
    </span>
  );
};
