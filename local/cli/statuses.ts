/** Says of each status of an evaluation whether it is its end, what `spot` ends with for it, and how it is shown. */
import type { Tone } from "../terminal/paint.ts";
import type { Schemas } from "./api/client.ts";
import type { Exit } from "./exit-codes.ts";

export type Status = Schemas["Evaluation"]["status"];

interface Shown {
  readonly mark: string;
  readonly tone?: Tone;
  /** Absent: it goes on. */
  readonly exit?: Exit;
}

const statuses: Readonly<Record<Status, Shown>> = {
  PENDING: { mark: "…" },
  RUNNING: { mark: "◔", tone: "run" },
  STAYED: { mark: "=", exit: "DONE" },
  REFUSED: { mark: "⊘", exit: "DONE" },
  SHADOWED: { mark: "◐", tone: "shadow", exit: "DONE" },
  AWAITING_APPROVAL: { mark: "◷", tone: "warning", exit: "AWAITING_APPROVAL" },
  SWITCHED: { mark: "✓", tone: "good", exit: "DONE" },
  PARTLY_SWITCHED: { mark: "◧", tone: "warning", exit: "ROLLED_BACK" },
  FELL_BACK: { mark: "↓", tone: "warning", exit: "DONE" },
  ROLLED_BACK: { mark: "↩", tone: "warning", exit: "ROLLED_BACK" },
  NEEDS_OPERATOR: { mark: "!", tone: "bad", exit: "NEEDS_OPERATOR" },
  ADOPTED: { mark: "✓", tone: "good", exit: "DONE" },
  DEGRADED: { mark: "×", tone: "bad", exit: "DEGRADED" },
};

/** One that a newer API knows is shown as it comes. */
const shownOf = (status: string): Shown | undefined =>
  Object.hasOwn(statuses, status) ? statuses[status as Status] : undefined;

export const hasEnded = (status: Status): boolean => {
  const shown = shownOf(status);
  return shown === undefined || shown.exit !== undefined;
};

export const exitOf = (status: Status): Exit => shownOf(status)?.exit ?? "DONE";

export const toneOf = (status: Status): Tone | undefined => shownOf(status)?.tone;

/** With its mark, so that colour is never alone. */
export const statusText = (status: Status): string => {
  const mark = shownOf(status)?.mark;
  return mark === undefined ? status : `${mark} ${status}`;
};

export const statusNames = Object.keys(statuses);
