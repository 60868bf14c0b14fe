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
}

/** Has nobody evaluated it since then? */
const isOlder = ({ lastEvaluatedAt }: Target, since: number): boolean =>
  lastEvaluatedAt === undefined || Date.parse(lastEvaluatedAt) < since;

/** What its evaluation has concluded was of another verdict. */
const isNews = (target: Target, { actionSince }: JudgedRun): boolean =>
  actionSince !== undefined && isOlder(target, Date.parse(actionSince));

const isInEarnest = ({ target, verdict }: Judged): boolean =>
  !target.isShadowMode && callsForAction(verdict);

/** By the lists it is to be switched, and in earnest: its evaluation judges again, on what it reads itself. */
export const isToAct = (judged: Judged, now: Date): boolean =>
  isInEarnest(judged) && (isDue(judged.target, now) || isNews(judged.target, judged.run));

/** Nothing is to be done, but only an evaluation tells whether anything could be: once a day. */
export const isToLook = (judged: Judged, now: Date): boolean =>
  judged.isLookWanted &&
  !isInEarnest(judged) &&
  isOlder(judged.target, now.getTime() - lookAfterMs);
