/** The kill switch, always in sight: what it is set to, why, since when and by whom, and the way to change it. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { failureOf } from "../api/problem.ts";
import { send } from "../api/request.ts";
import { killSwitch } from "../api/shared.ts";
import type { Schemas } from "../api/types.ts";
import { readOnlyNote, settings } from "../settings.ts";
import { Dialog } from "../ui/dialog.tsx";
import type { IconName } from "../ui/icons.tsx";
import { useReading } from "../ui/screen.tsx";
import { readRunning } from "./running.ts";
import { Status, type Tone } from "../ui/status.tsx";
import { Time } from "../ui/time.tsx";

/** Opened by the button, and by `!` on every screen. */
const isAsking = signal(false);

export const askToStop = (): void => {
  isAsking.value = true;
};

const leastReason = 3;

/** Says what runs as soon as it is known; stopping waits for nobody. */
const Running = (): JSX.Element => {
  const [text, setText] = useState("Looking at what runs…");
  useEffect(() => {
    let isShown = true;
    const show = (sentence: string): void => {
      if (isShown) setText(sentence);
    };
    readRunning().then(show, (error: unknown) => {
      show(`What runs is not known: ${failureOf(error).detail}`);
    });
    return () => {
      isShown = false;
    };
  }, []);
  return (
    <p aria-live="polite">
      <b>{text}</b>
    </p>
  );
};

const Ask = ({ engaged }: { readonly engaged: boolean }): JSX.Element => {
  const [reason, setReason] = useState("");
  const said = reason.trim();
  return (
    <Dialog
      title={engaged ? "Switch again?" : "Stop all switching?"}
      verb={engaged ? "Switch again" : "Stop all"}
      isDangerous={!engaged}
      isReady={settings.mayWrite && said.length >= leastReason}
      close={() => {
        isAsking.value = false;
      }}
      act={async (key) => {
        const body = { engaged: !engaged, reason: said };
        await send({ method: "PUT", path: "/kill-switch", body }, key);
        killSwitch.refresh();
      }}
    >
      {engaged ? (
        <p>Held evaluations wait until you resume each.</p>
      ) : (
        <>
          <Running />
          <p>
            What has not moved its traffic yet rolls back; what has is held for you. Interruptions
            are only recorded.
          </p>
        </>
      )}
      <label class="field">
        Reason
        <input
          type="text"
          required
          autoComplete="off"
          maxLength={500}
          value={reason}
          onInput={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
      </label>
      {!settings.mayWrite && <p class="muted">{readOnlyNote}</p>}
    </Dialog>
  );
};

const Since = ({ reading }: { readonly reading: Schemas["KillSwitch"] }): JSX.Element => {
  const { reason, changed_at: at, changed_by: by } = reading;
  return (
    <span class="kill-why" title={by}>
      {reason}
      {at !== undefined && (
        <>
          {" "}
          since <Time at={at} />
        </>
      )}
    </span>
  );
};

interface Shown {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
  readonly action: string;
}

const shown = (reading: Schemas["KillSwitch"] | undefined): Shown => {
  if (reading === undefined) {
    return { word: "Not known", icon: "dots", tone: "idle", action: "Stop all…" };
  }
  return reading.effective
    ? { word: "All stopped", icon: "octagon", tone: "bad", action: "Switch again…" }
    : { word: "Switching on", icon: "done", tone: "good", action: "Stop all…" };
};

export const KillSwitch = (): JSX.Element => {
  const { value } = useReading(killSwitch);
  const engaged = value?.effective === true;
  const { action, ...mark } = shown(value);
  return (
    <div class={`kill${engaged ? " engaged" : ""}`}>
      <Status mark={mark} />
      {engaged && <Since reading={value} />}
      <button
        type="button"
        disabled={value === undefined}
        title={settings.mayWrite ? undefined : readOnlyNote}
        onClick={askToStop}
      >
        {action}
      </button>
      {isAsking.value && <Ask engaged={engaged} />}
    </div>
  );
};
