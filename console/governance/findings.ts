/** What runs without an owner, in words: how it stands, and what follows once its grace is over. */
import type { Schemas } from "../api/types.ts";
import { words } from "../format.ts";
import type { StatusMark } from "../ui/status.tsx";

type Item = Schemas["GovernancePage"]["items"][number];
export type Flagged = Schemas["UnownedInstance"];
export type Unclaimed = Schemas["UnclaimedResource"];
export type FlaggedStatus = Flagged["status"];

export const flaggedMarks: Readonly<Record<FlaggedStatus, StatusMark>> = {
  FLAGGED: { word: "Flagged", icon: "octagon", tone: "hold" },
  EXEMPT: { word: "Exempt", icon: "equals", tone: "idle" },
  STOPPING: { word: "Stopping", icon: "running", tone: "run" },
  STOPPED: { word: "Stopped", icon: "square", tone: "idle" },
  TERMINATING: { word: "Terminating", icon: "cross", tone: "run" },
  TERMINATED: { word: "Terminated", icon: "slashed", tone: "idle" },
};

export const instancesIn = (items: readonly Item[]): readonly Flagged[] =>
  items.flatMap((item) => (item.kind === "UNOWNED_INSTANCE" ? [item.finding] : []));

export const unclaimedIn = (items: readonly Item[]): readonly Unclaimed[] =>
  items.flatMap((item) => (item.kind === "UNCLAIMED_RESOURCE" ? [item.unclaimed] : []));

const rules: Readonly<Record<Flagged["verdict"], string>> = {
  STOP: "Stopped once its grace is over",
  ASK: "Persons are asked once its grace is over",
  REPORT: "Reported alone, never stopped",
};

/** `Persons are asked once its grace is over: stop protected, route target` */
export const ruleOf = ({ verdict, effects }: Pick<Flagged, "effects" | "verdict">): string => {
  const because = effects.map((effect) => words(effect).toLowerCase()).join(", ");
  return because === "" ? rules[verdict] : `${rules[verdict]}: ${because}`;
};

/** Until when nothing is done to it. Undefined: it is over, or it no longer runs. */
export const quietUntil = (finding: Flagged): string | undefined => {
  if (finding.status === "EXEMPT") return finding.exemption?.until;
  return finding.status === "FLAGGED" ? finding.grace.ends_at : undefined;
};

export const mayExempt = ({ status }: Pick<Flagged, "status">): boolean =>
  status === "FLAGGED" || status === "EXEMPT" || status === "STOPPED";

const unclaimedReasons: Readonly<Record<Unclaimed["reason"], string>> = {
  NO_EVALUATION: "Its tag names an evaluation that is not known",
  NO_INTENT: "The evaluation in its tag did not make it",
  UNDONE: "The evaluation that made it counts it as undone",
};

export const unclaimedReason = ({ reason }: Pick<Unclaimed, "reason">): string =>
  unclaimedReasons[reason];
