/** Words, icons and colours of standings, verdicts and statuses: in one place, so that one thing looks the same on every screen. */
import type { Schemas } from "../api/types.ts";
import type { IconName } from "./icons.tsx";
import type { StatusMark } from "./status.tsx";

export type EvaluationStatus = Schemas["EvaluationSummary"]["status"];
export type VerdictKind = Schemas["Verdict"]["kind"];

/** Those that a target and an evaluation have in common. */
export const marks = {
  needsOperator: { word: "Needs operator", icon: "octagon", tone: "bad" },
  degraded: { word: "Degraded", icon: "unplugged", tone: "bad" },
  awaitingApproval: { word: "Awaiting approval", icon: "clock", tone: "hold" },
  rolledBack: { word: "Rolled back", icon: "back", tone: "hold" },
  partlySwitched: { word: "Partly switched", icon: "halfDone", tone: "hold" },
  fallback: { word: "Fallback", icon: "down", tone: "hold" },
  switching: { word: "Switching", icon: "running", tone: "run" },
  switched: { word: "Switched", icon: "done", tone: "good" },
  shadow: { word: "Shadow", icon: "halfDisc", tone: "shadow" },
  queued: { word: "Queued", icon: "dots", tone: "idle" },
  stayed: { word: "Stayed", icon: "equals", tone: "idle" },
  refused: { word: "Refused", icon: "slashed", tone: "idle" },
} satisfies Readonly<Record<string, StatusMark>>;

export const statusMarks: Readonly<Record<EvaluationStatus, StatusMark>> = {
  PENDING: marks.queued,
  RUNNING: marks.switching,
  STAYED: marks.stayed,
  REFUSED: marks.refused,
  SHADOWED: marks.shadow,
  AWAITING_APPROVAL: marks.awaitingApproval,
  SWITCHED: marks.switched,
  PARTLY_SWITCHED: marks.partlySwitched,
  FELL_BACK: marks.fallback,
  ROLLED_BACK: marks.rolledBack,
  NEEDS_OPERATOR: marks.needsOperator,
  ADOPTED: { word: "Adopted", icon: "flag", tone: "good" },
  DEGRADED: marks.degraded,
};

export interface VerdictMark {
  readonly word: string;
  readonly icon: IconName;
}

export const verdictMarks: Readonly<Record<VerdictKind, VerdictMark>> = {
  SWITCH: { word: "Switch", icon: "swap" },
  STAY: { word: "Stay", icon: "equals" },
  REFUSE: { word: "Refuse", icon: "slashed" },
  FALLBACK_ON_DEMAND: { word: "Fall back", icon: "down" },
};
