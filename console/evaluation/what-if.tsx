/** Judges the stored facts again, under the same policy or another: nothing is read from AWS, and nothing is changed. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { failureOf, type Problem } from "../api/problem.ts";
import { send } from "../api/request.ts";
import type { Schemas } from "../api/types.ts";
import { count, monthlyUsd, none, words } from "../format.ts";
import { Notice } from "../ui/notice.tsx";
import { verdictMarks } from "../ui/marks.ts";
import { Status } from "../ui/status.tsx";
import { limits, overridesOf, type Limit } from "./limits.ts";
import type { EvaluationRecord } from "./story.ts";

type Replay = Schemas["Replay"];
type Judgement = Schemas["Judgement"];

interface Compared {
  readonly what: string;
  readonly of: (judgement: Judgement) => string;
}

const compared: readonly Compared[] = [
  { what: "Verdict", of: ({ verdict }) => verdictMarks[verdict.kind].word },
  { what: "Reason", of: ({ verdict }) => words(verdict.reason) },
  { what: "Acceptable pools", of: ({ accepted }) => count(accepted) },
  { what: "Saves a month", of: ({ verdict }) => monthlyUsd(verdict.savings?.monthly_usd) },
];

const shown = (value: unknown): string => {
  if (value === undefined) return none;
  return typeof value === "string" ? value : JSON.stringify(value);
};

const Differences = ({ replay }: { readonly replay: Replay }): JSX.Element => {
  const { stored, recomputed, differences } = replay;
  const rows = compared.map(({ what, of }) => [what, of(stored), of(recomputed)] as const);
  return (
    <>
      <div class="table-wrap" tabIndex={0} role="region" aria-label="What differs">
        <table>
          <thead>
            <tr>
              <th scope="col">What differs</th>
              <th scope="col">Recorded</th>
              <th scope="col">With this policy</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([what, before, after]) => (
              <tr key={what}>
                <td>{what}</td>
                <td class="muted">− {before}</td>
                <td>{before === after ? after : <b>+ {after}</b>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="card-text">{recomputed.verdict.sentence}</p>
      <details class="reason">
        <summary>{count(differences.length)} differences by path</summary>
        <ul>
          {differences.map(({ path, stored: before, recomputed: after }) => (
            <li key={path}>
              <code>{path}</code> − {shown(before)} <b>+ {shown(after)}</b>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
};

const Field = ({
  limit,
  value,
  change,
}: {
  readonly limit: Limit;
  readonly value: string;
  readonly change: (value: string) => void;
}): JSX.Element => (
  <label class="field">
    {limit.label}
    <input
      type="number"
      step="any"
      min="0"
      value={value}
      onInput={(event) => {
        change(event.currentTarget.value);
      }}
    />
  </label>
);

export const WhatIf = ({ record }: { readonly record: EvaluationRecord }): JSX.Element => {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [replay, setReplay] = useState<Replay>();
  const [problem, setProblem] = useState<Problem>();
  const [isAsking, setAsking] = useState(false);
  const judge = async (): Promise<void> => {
    setAsking(true);
    setProblem(undefined);
    try {
      const body = { policy_overrides: overridesOf(record.policy, typed) };
      const path = `/evaluations/${record.evaluation_id}/replay`;
      setReplay(await send<Replay>({ method: "POST", path, body }, crypto.randomUUID()));
    } catch (error) {
      setProblem(failureOf(error));
    } finally {
      setAsking(false);
    }
  };
  return (
    <section class="card" aria-labelledby="what-if">
      <div class="card-head">
        <h2 id="what-if">What would another policy say?</h2>
        {replay?.identical === true && (
          <Status mark={{ word: "Identical, byte for byte", icon: "done", tone: "good" }} />
        )}
      </div>
      <form
        class="what-if"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isAsking) void judge();
        }}
      >
        {limits.map((limit) => (
          <Field
            key={limit.name}
            limit={limit}
            value={typed[limit.name] ?? limit.shown(record.policy)}
            change={(value) => {
              setTyped({ ...typed, [limit.name]: value });
            }}
          />
        ))}
        <p>
          <button type="submit" class="button primary" disabled={isAsking}>
            Judge again
          </button>{" "}
          <span class="muted">Reads the stored facts. Changes nothing.</span>
        </p>
      </form>
      {problem !== undefined && <Notice tone="bad">{problem.detail}</Notice>}
      {replay !== undefined && !replay.identical && <Differences replay={replay} />}
    </section>
  );
};
