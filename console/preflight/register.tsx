/** Asks before what a preflight has found is registered: always in shadow mode, region by region, a page at a time. */
import type { JSX } from "preact";
import { send } from "../api/request.ts";
import type { Schemas } from "../api/types.ts";
import { Dialog } from "../ui/dialog.tsx";
import { announce } from "../ui/live.ts";
import {
  noneRegistered,
  outcomeSentences,
  registeredText,
  withAnswer,
  type Outcome,
  type Preflight,
  type Registered,
} from "./outcomes.ts";

/** One subject, or all of an outcome. */
export type Choice =
  | { readonly name: string; readonly id: string; readonly region: string }
  | { readonly name: string; readonly outcome: Outcome };

type Body = Schemas["RegisterMany"];

/** A question for each region in which it was read; each may have further pages. */
const bodiesOf = (preflight: Preflight, choice: Choice): readonly Body[] => {
  const { account_id, preflight_id } = preflight;
  if ("id" in choice) {
    return [{ account_id, preflight_id, region: choice.region, subject_ids: [choice.id] }];
  }
  const { outcome } = choice;
  return preflight.places
    .filter(({ status, subjects }) => status === "DONE" && subjects > 0)
    .map(({ region }) => ({ account_id, preflight_id, region, outcome }));
};

/** Pressed again after a failure each request has the key that it had: what was registered is not registered twice. */
const registerAll = async (bodies: readonly Body[], key: string): Promise<Registered> => {
  let sum = noneRegistered;
  for (const first of bodies) {
    for (let body: Body | undefined = first; body !== undefined;) {
      const asked: Body = body;
      const answer: Schemas["RegisteredMany"] = await send<Schemas["RegisteredMany"]>(
        { method: "POST", path: "/lab/instances/bulk", body: asked },
        key,
      );
      sum = withAnswer(sum, answer);
      body = answer.cursor === undefined ? undefined : { ...first, cursor: answer.cursor };
    }
  }
  return sum;
};

export const AskRegister = ({
  preflight,
  choice,
  close,
  done,
}: {
  readonly preflight: Preflight;
  readonly choice: Choice;
  readonly close: () => void;
  readonly done: (registered: Registered) => void;
}): JSX.Element => (
  <Dialog
    title={`Register ${choice.name} as shadow?`}
    verb="Register as shadow"
    close={close}
    act={async (key) => {
      const registered = await registerAll(bodiesOf(preflight, choice), key);
      announce(registeredText(registered));
      done(registered);
    }}
  >
    {"outcome" in choice && <p>{outcomeSentences[choice.outcome]}</p>}
    <p>
      Each sweep judges what is registered and records its verdict. Nothing in the account is
      touched until a person ends shadow mode, target by target.
    </p>
    <p class="muted">A target that is not wanted is deleted again: spot targets remove ID</p>
  </Dialog>
);
