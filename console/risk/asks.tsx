/** Asks before everybody is kept out of a pool, and before it may be used again. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { send } from "../api/request.ts";
import { isNamed, person, PersonField } from "../decide/person.tsx";
import { PutOff } from "../decide/put-off.tsx";
import { headlineUsd } from "../format.ts";
import { Action } from "../ui/action.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/fields.tsx";
import { announce } from "../ui/live.ts";
import { poolName, type RiskPool } from "./pools.ts";

interface AskProps {
  readonly pool: RiskPool;
  readonly close: () => void;
  /** @param sentence what came of it */
  readonly done: (sentence: string) => void;
}

const firstDays = 3;
const mostDays = 30;

const pathOf = ({ pool_id: id }: RiskPool): string =>
  `/risk/pools/${encodeURIComponent(id)}/quarantine`;

const givenUp = ({ given_up: lost }: RiskPool): string =>
  lost === undefined
    ? "What it gives up is not known: no target is known that would go there."
    : `Gives up ${headlineUsd(lost.monthly_usd)} a month, estimated.`;

const AskQuarantine = ({ pool, close, done }: AskProps): JSX.Element => (
  <PutOff
    title={(day) => `Avoid ${poolName(pool)} until ${day}?`}
    verb="Quarantine"
    sentence={`${givenUp(pool)} No evaluation of any account takes it on Spot until then. What runs there stays. Lift ends it sooner.`}
    path={pathOf(pool)}
    firstDays={firstDays}
    mostDays={mostDays}
    close={close}
    done={() => {
      done(`${poolName(pool)} is avoided.`);
    }}
  />
);

const shortestReason = 3;

const AskLift = ({ pool, close, done }: AskProps): JSX.Element => {
  const [reason, setReason] = useState("");
  const said = reason.trim();
  return (
    <Dialog
      title={`Use ${poolName(pool)} again?`}
      verb="Lift"
      isReady={said.length >= shortestReason && isNamed()}
      close={close}
      act={async (key) => {
        const path = `${pathOf(pool)}?${new URLSearchParams({ reason: said }).toString()}`;
        await send({ method: "DELETE", path, as: person() }, key);
        done(`${poolName(pool)} may be used again.`);
      }}
    >
      <p>The next evaluation may take it. What a policy bans after a loss stays banned.</p>
      <Field label="Reason" value={reason} set={setReason} />
      <PersonField />
    </Dialog>
  );
};

export const RiskActions = ({
  pool,
  ask,
}: {
  readonly pool: RiskPool;
  readonly ask: (pool: RiskPool) => void;
}): JSX.Element => (
  <Action
    verb={pool.quarantine === undefined ? "Quarantine…" : "Lift…"}
    subject={poolName(pool)}
    run={() => {
      ask(pool);
    }}
  />
);

interface RiskAskProps {
  /** As it was when the button was pressed. Undefined: nothing is asked. */
  readonly asked: RiskPool | undefined;
  readonly close: () => void;
  readonly done: (sentence: string) => void;
}

/** Stands beside the list, and not in a row: a row is made anew where the page is turned. */
export const RiskAsk = ({ asked, close, done }: RiskAskProps): JSX.Element | null => {
  if (asked === undefined) return null;
  const Ask = asked.quarantine === undefined ? AskQuarantine : AskLift;
  return (
    <Ask
      pool={asked}
      close={close}
      done={(sentence) => {
        announce(sentence);
        done(sentence);
      }}
    />
  );
};
