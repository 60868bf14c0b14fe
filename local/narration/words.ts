/** What verdicts and endings are called on a screen, and how they are coloured: colour stands on a status alone. */
import type { EvaluationStatus } from "../../core/model/evaluation.ts";
import type { VerdictKind } from "../../core/model/verdict.ts";
import type { Tone } from "../terminal/paint.ts";

export const verdictWords: Readonly<Record<VerdictKind, string>> = {
  SWITCH: "Switch",
  STAY: "Stay",
  REFUSE: "Refuse",
  FALLBACK_ON_DEMAND: "Fall back",
};

interface StatusWord {
  readonly word: string;
  readonly tone?: Tone;
}

export const statusWords: Readonly<Record<EvaluationStatus, StatusWord>> = {
  PENDING: { word: "Queued" },
  RUNNING: { word: "Switching" },
  STAYED: { word: "Stayed" },
  REFUSED: { word: "Refused" },
  SHADOWED: { word: "Shadow" },
  AWAITING_APPROVAL: { word: "Awaiting approval", tone: "warning" },
  SWITCHED: { word: "Switched", tone: "good" },
  PARTLY_SWITCHED: { word: "Partly switched", tone: "warning" },
  FELL_BACK: { word: "Fallback", tone: "warning" },
  ROLLED_BACK: { word: "Rolled back", tone: "warning" },
  NEEDS_OPERATOR: { word: "Needs operator", tone: "bad" },
  ADOPTED: { word: "Adopted" },
  DEGRADED: { word: "Degraded", tone: "bad" },
};
