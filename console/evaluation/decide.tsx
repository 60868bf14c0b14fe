/** What was left open waits for a person: each way tells first what it would do as the world is now. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { failureOf, type Problem } from "../api/problem.ts";
import { send } from "../api/request.ts";
import type { Schemas } from "../api/types.ts";
import { readOnlyNote, settings } from "../settings.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Notice } from "../ui/notice.tsx";
import { linearOf, type EvaluationRecord } from "./story.ts";

interface Way {
  readonly path: "resume" | "roll-back" | "adopt";
  readonly verb: string;
  readonly title: string;
  readonly isDangerous: boolean;
}

const ways: readonly Way[] = [
  { path: "resume", verb: "Resume", title: "Let it go on?", isDangerous: false },
  { path: "roll-back", verb: "Roll back", title: "Undo what was begun?", isDangerous: true },
  { path: "adopt", verb: "Adopt", title: "Leave it as it stands?", isDangerous: true },
];

const leastReason = 3;

interface Serves {
  readonly serving?: string;
}

const instancesOf = ({ swaps }: EvaluationRecord): readonly string[] => [
  ...new Set(
    swaps
      .flatMap(({ original_id: old, replacement }) => [old, replacement?.instance_id ?? []])
      .flat(),
  ),
];

const Plan = ({ path, body }: { readonly path: string; readonly body: object }): JSX.Element => {
  const [steps, setSteps] = useState<readonly string[]>();
  const [problem, setProblem] = useState<Problem>();
  const asked = JSON.stringify(body);
  useEffect(() => {
    let isLeft = false;
    setSteps(undefined);
    setProblem(undefined);
    const plan = { ...(JSON.parse(asked) as object), reason: "To see the plan" };
    send<Schemas["ResolutionPlan"]>(
      { method: "POST", path: `${path}?dry_run=true`, body: plan },
      crypto.randomUUID(),
    ).then(
      ({ steps: told }) => {
        if (!isLeft) setSteps(told);
      },
      (error: unknown) => {
        if (!isLeft) setProblem(failureOf(error));
      },
    );
    return () => {
      isLeft = true;
    };
  }, [path, asked]);
  if (problem !== undefined) return <Notice tone="bad">{problem.detail}</Notice>;
  if (steps === undefined) return <p class="muted">Looking at what it would do…</p>;
  return (
    <ol class="plan">
      {steps.map((step) => (
        <li key={step}>{step}</li>
      ))}
    </ol>
  );
};

const Serving = ({
  ids,
  serving,
  choose,
}: {
  readonly ids: readonly string[];
  readonly serving: string;
  readonly choose: (id: string) => void;
}): JSX.Element => (
  <label class="field">
    Serves
    <select
      value={serving}
      onChange={(event) => {
        choose(event.currentTarget.value);
      }}
    >
      {ids.map((id) => (
        <option key={id}>{id}</option>
      ))}
    </select>
  </label>
);

const Reason = ({
  reason,
  say,
}: {
  readonly reason: string;
  readonly say: (reason: string) => void;
}): JSX.Element => (
  <label class="field">
    Reason
    <input
      type="text"
      required
      autoComplete="off"
      maxLength={500}
      value={reason}
      onInput={(event) => {
        say(event.currentTarget.value);
      }}
    />
  </label>
);

const Ask = ({
  way,
  record,
  refresh,
  close,
}: {
  readonly way: Way;
  readonly record: EvaluationRecord;
  readonly refresh: () => void;
  readonly close: () => void;
}): JSX.Element => {
  const [reason, setReason] = useState("");
  const instances = instancesOf(record);
  const asksWho = way.path === "adopt" && linearOf(record) !== undefined;
  const [serving, setServing] = useState(instances[0] ?? "");
  const path = `/evaluations/${record.evaluation_id}/${way.path}`;
  const serves: Serves = asksWho ? { serving } : {};
  return (
    <Dialog
      title={way.title}
      verb={way.verb}
      isDangerous={way.isDangerous}
      isReady={settings.mayWrite && reason.trim().length >= leastReason}
      close={close}
      act={async (key) => {
        await send({ method: "POST", path, body: { ...serves, reason: reason.trim() } }, key);
        refresh();
      }}
    >
      {asksWho && <Serving ids={instances} serving={serving} choose={setServing} />}
      <Plan path={path} body={serves} />
      <Reason reason={reason} say={setReason} />
      {!settings.mayWrite && <p class="muted">{readOnlyNote}</p>}
    </Dialog>
  );
};

export const Decide = ({
  record,
  refresh,
}: {
  readonly record: EvaluationRecord;
  readonly refresh: () => void;
}): JSX.Element | null => {
  const [way, setWay] = useState<Way>();
  const { status, abandoned, rollback_problem: problem, outcome } = record;
  if (status !== "NEEDS_OPERATOR" && abandoned === undefined) return null;
  return (
    <section class="card decide" aria-labelledby="decide">
      <h2 id="decide">It waits for you</h2>
      <p>{abandoned ?? problem ?? outcome?.sentence}</p>
      <div class="buttons">
        {ways.map((each) => (
          <button
            key={each.path}
            type="button"
            class={`button${each.isDangerous ? " danger" : " primary"}`}
            title={settings.mayWrite ? undefined : readOnlyNote}
            onClick={() => {
              setWay(each);
            }}
          >
            {each.verb}…
          </button>
        ))}
      </div>
      {way !== undefined && (
        <Ask
          way={way}
          record={record}
          refresh={refresh}
          close={() => {
            setWay(undefined);
          }}
        />
      )}
    </section>
  );
};
