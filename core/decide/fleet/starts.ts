/** For which targets a sweep begins an evaluation, once it has judged them by the lists of their place. */
import type { JudgedRun } from "../../model/judged-run.ts";
import type { Target } from "../../model/target.ts";
import { callsForAction, type Verdict } from "../../model/verdict.ts";
import { isDue } from "../switch/due.ts";

const lookAfterMs = 24 * 3_600_000;

export interface Judged {
  readonly target: Target;
  readonly run: JudgedRun;
  readonly verdict: Verdict;
  /** Before anything is done, its subject is to be looked at alone. */
  readonly isLookWanted: boolean;
  /** When a sweep has last found something out at its subject. ISO 8601 */
  readonly lookedAt?: string;
}

/** Has nobody evaluated it since then? */
const isOlder = ({ lastEvaluatedAt }: Target, since: number): boolean =>
  lastEvaluatedAt === undefined || Date.parse(lastEvaluatedAt) < since;

/** What its evaluation has concluded was of another verdict. */
const isNews = (target: Target, { actionSince }: JudgedRun): boolean =>
  actionSince !== undefined && isOlder(target, Date.parse(actionSince));

/** The sweep itself looks at it before its verdict stands. At what is to go back to On-Demand its evaluation does. */
export const awaitsLook = ({
  verdict,
  isLookWanted,
}: Pick<Judged, "verdict" | "isLookWanted">): boolean =>
  isLookWanted && (verdict.kind === "SWITCH" || !callsForAction(verdict));

const isInEarnest = (judged: Judged): boolean =>
  !judged.target.isShadowMode && callsForAction(judged.verdict) && !awaitsLook(judged);

/** It is to be switched, and in earnest: its evaluation judges again, on what it reads itself. */
export const isToAct = (judged: Judged, now: Date): boolean =>
  isInEarnest(judged) && (isDue(judged.target, now) || isNews(judged.target, judged.run));

/** No sweep could look at it for a day since it would have to, or since its last look has lapsed. */
const isLookOverdue = ({ run, lookedAt }: Judged, nowMs: number): boolean => {
  const { actionSince = run.firstAt } = run;
  const lapsedAt = lookedAt === undefined ? 0 : Date.parse(lookedAt) + lookAfterMs;
  return Math.max(Date.parse(actionSince), lapsedAt) < nowMs - lookAfterMs;
};

/** What no sweep can look at is evaluated, once a day: that says why. */
export const isToLook = (judged: Judged, now: Date): boolean => {
  const nowMs = now.getTime();
  return (
    awaitsLook(judged) &&
    isOlder(judged.target, nowMs - lookAfterMs) &&
    isLookOverdue(judged, nowMs)
  );
};
