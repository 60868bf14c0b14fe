/** Asks how long something is left as it is, and why: for waste that stays, for what may run without an owner, and for pools that are avoided. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { send } from "../api/request.ts";
import { nowMs } from "../clock.ts";
import { Dialog } from "../ui/dialog.tsx";
import { DayField, Field } from "../ui/fields.tsx";
import { isNamed, person, PersonField } from "./person.tsx";
import { dayIn, untilOf } from "./until.ts";

interface PutOffProps {
  /** A question; of the day that is chosen where it names that. */
  readonly title: string | ((day: string) => string);
  readonly verb: string;
  /** What follows. */
  readonly sentence: string;
  /** POST, with reason and time. */
  readonly path: string;
  readonly firstDays: number;
  readonly mostDays: number;
  readonly close: () => void;
  readonly done: () => void;
}

export const PutOff = (props: PutOffProps): JSX.Element => {
  const { title, verb, sentence, path, firstDays, mostDays, close, done } = props;
  const now = nowMs.value;
  const [day, setDay] = useState(() => dayIn(now, firstDays));
  const [reason, setReason] = useState("");
  const until = untilOf(day, { nowMs: now, mostDays });
  const said = reason.trim();
  return (
    <Dialog
      title={typeof title === "string" ? title : title(day)}
      verb={verb}
      isReady={said !== "" && until !== undefined && isNamed()}
      close={close}
      act={async (key) => {
        const body = { reason: said, until };
        await send({ method: "POST", path, body, as: person() }, key);
        done();
      }}
    >
      <p>{sentence}</p>
      <DayField
        label={`Until, ${String(mostDays)} days at most (UTC)`}
        value={day}
        min={dayIn(now, 1)}
        max={dayIn(now, mostDays)}
        set={setDay}
      />
      <Field label="Reason" value={reason} set={setReason} />
      <PersonField />
    </Dialog>
  );
};
