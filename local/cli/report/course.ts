/** Reads the course of an evaluation: its phases, its downtime, its calls, and how it stands. */
import { clockTime, duration } from "../../terminal/figures.ts";
import type { Tone } from "../../terminal/paint.ts";
import { figureColumn, type Column } from "../../terminal/table.ts";
import type { Schemas } from "../api/client.ts";

export type Phase = Schemas["Phase"];
type Progress = Schemas["Evaluation"]["progress"];
type LinearProgress = Extract<Progress, { mode: "LINEAR" }>;
type Other = { readonly mode: Exclude<Progress["mode"], "LINEAR"> };

export const statusTone = (status: string): Tone =>
  status === "SWITCHED" || status === "FELL_BACK"
    ? "good"
    : status === "NEEDS_OPERATOR"
      ? "bad"
      : "warning";

/** Milliseconds since the epoch. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** From the freeze to the proof, or until a roll-back found the original serving again. Undefined: there was none, or it lasts. */
export const plannedDowntime = ({
  progress,
}: {
  readonly progress:
    Pick<LinearProgress, "mode" | "frozen_at" | "serving_at" | "restored_at"> | Other;
}): Span | undefined => {
  if (progress.mode !== "LINEAR") return undefined;
  const { frozen_at: from, serving_at: servingAt, restored_at: restoredAt } = progress;
  const to = servingAt ?? restoredAt;
  if (from === undefined || to === undefined) return undefined;
  return { fromMs: Date.parse(from), toMs: Date.parse(to) };
};

/** In the order in which they began. */
export const phasesInOrder = (phases: readonly Phase[]): readonly Phase[] =>
  phases.toSorted((one, other) =>
    one.started_at < other.started_at ? -1 : one.started_at > other.started_at ? 1 : 0,
  );

/** In some of its time: the freeze begins by judging the replacement, while the original serves. */
const isDownIn = (
  planned: Span | undefined,
  { started_at: startedAt, seconds = Infinity }: Phase,
): boolean => {
  const fromMs = Date.parse(startedAt);
  return planned !== undefined && fromMs < planned.toMs && fromMs + seconds * 1000 > planned.fromMs;
};

/** @param planned when the load was down */
export const phaseColumns = (planned: Span | undefined): readonly Column<Phase>[] => [
  { heading: "Phase", cell: (phase) => phase.name },
  { heading: "began", cell: (phase) => clockTime(Date.parse(phase.started_at)) },
  figureColumn("took", (phase) => duration(phase.seconds)),
  { heading: "", cell: (phase) => (isDownIn(planned, phase) ? "| downtime" : "") },
];

export const countOf = (calls: Readonly<Record<string, number>>): number =>
  Object.values(calls).reduce((sum, count) => sum + count, 0);

/** @param calls how often each was made */
export const changesText = (calls: Readonly<Record<string, number>>): string => {
  const names = Object.entries(calls).map(([name, count]) =>
    count === 1 ? name : `${name} × ${String(count)}`,
  );
  const total = `${String(countOf(calls))} mutating calls in the account`;
  return names.length === 0 ? total : `${total}: ${names.join(", ")}`;
};
