/** Asks before targets are evaluated: what is only recorded, and what may be switched at once. */
import type { JSX } from "preact";
import { failureOf } from "../api/problem.ts";
import { send } from "../api/request.ts";
import type { Schemas } from "../api/types.ts";
import { count } from "../format.ts";
import { Dialog } from "../ui/dialog.tsx";
import { announce } from "../ui/live.ts";
import { sentences } from "../ui/facts.tsx";

export interface Evaluated {
  readonly id: string;
  readonly name: string;
  readonly isShadow: boolean;
}

export interface Begun {
  /** Of each that was begun. */
  readonly evaluations: readonly string[];
  /** A sentence for each that was not. */
  readonly refused: readonly string[];
}

/** One request each; more are better left to the sweep. */
const mostAtOnce = 100;

const begin = async (targets: readonly Evaluated[], key: string): Promise<Begun> => {
  const evaluations: string[] = [];
  const refused: string[] = [];
  for (const { id, name } of targets) {
    try {
      const path = `/lab/instances/${encodeURIComponent(id)}/evaluate`;
      const { evaluation_id: evaluation } = await send<Schemas["StartedEvaluation"]>(
        { method: "POST", path },
        key,
      );
      evaluations.push(evaluation);
    } catch (error) {
      const { detail } = failureOf(error);
      // Of one alone the dialog says it.
      if (targets.length === 1) throw error;
      refused.push(`${name}: ${detail}`);
    }
  }
  return { evaluations, refused };
};

export const begunText = ({ evaluations, refused }: Begun): string => {
  const begun = `${count(evaluations.length)} evaluation${evaluations.length === 1 ? "" : "s"} begun`;
  return refused.length === 0 ? `${begun}.` : `${begun}, ${count(refused.length)} not.`;
};

const whatFollows = (targets: readonly Evaluated[]): readonly string[] => {
  const shadows = targets.filter(({ isShadow }) => isShadow).length;
  const others = targets.length - shadows;
  return [
    ...(shadows === 0
      ? []
      : [`${count(shadows)} in shadow mode: the verdict is recorded, nothing is touched.`]),
    ...(others === 0
      ? []
      : [
          `${count(others)} not in shadow mode: a switch that is worth it begins at once, within its maintenance windows and its downtime budget. What is begun rolls back by itself where it fails.`,
        ]),
  ];
};

export const AskEvaluate = ({
  targets,
  close,
  done,
}: {
  readonly targets: readonly Evaluated[];
  readonly close: () => void;
  readonly done: (begun: Begun) => void;
}): JSX.Element => {
  const [only] = targets;
  const name =
    targets.length === 1 && only !== undefined ? only.name : `${count(targets.length)} targets`;
  const isTooMany = targets.length > mostAtOnce;
  return (
    <Dialog
      title={`Evaluate ${name} now?`}
      verb="Evaluate"
      isReady={!isTooMany}
      close={close}
      act={async (key) => {
        const begun = await begin(targets, key);
        announce(begunText(begun));
        done(begun);
      }}
    >
      <div>{sentences(whatFollows(targets))}</div>
      {isTooMany && (
        <p>At most {count(mostAtOnce)} at once: select fewer, or leave it to the sweep.</p>
      )}
    </Dialog>
  );
};
