/**
 * Remembers an attempt that failed, so that a lasting cause does not bring the same outage every six hours. Where the load was down,
 * nothing is tried again by itself until the cause has changed or a person asks; else after a while that doubles each time.
 */
import { readRefusalSentence } from "../../model/aws-refusal.ts";
import type { CauseReader } from "../../model/cause-reader.ts";
import type { Failure, Outcome } from "../../model/evaluation.ts";
import type { EvaluationId } from "../../model/ids.ts";
import type { FactKind, FailedAttempt, Target } from "../../model/target.ts";
import { judgementVersionOf } from "../../model/judgement-version.ts";
import { callsForAction, type Authorization, type Verdict } from "../../model/verdict.ts";

type Cause = FailedAttempt["cause"];

export interface EndedAttempt {
  readonly evaluationId: EvaluationId;
  /** ISO 8601 */
  readonly endedAt: string;
  readonly outcome: Outcome;
  /** Absent: nothing was to be carried out. */
  readonly authorization?: Authorization;
  /** What ended it. Absent where the offers were used up. */
  readonly failure?: Failure;
  readonly hadDowntime: boolean;
  readonly reader: CauseReader;
  /** What AWS's code names. */
  readonly factKindOf: (code: string) => FactKind | undefined;
}

const hourMs = 3_600_000;
const firstDelayMs = hourMs;
const longestDelayMs = 7 * 24 * hourMs;

const causeOf = (
  { error, cause }: Failure,
  { reader, factKindOf }: Pick<EndedAttempt, "reader" | "factKindOf">,
): Cause => {
  const refusal = readRefusalSentence(cause);
  if (refusal === undefined) return { error };
  const { code, action } = refusal;
  // `eipalloc-1 to eni-ours`: the part that was there before us.
  const resource = refusal.resource?.split(/[\s,]+/).find(reader.isTheirs);
  const factKind = factKindOf(code);
  const fact = factKind === undefined ? undefined : reader.factNow(factKind);
  return {
    error,
    code,
    action,
    ...(resource !== undefined && { resource }),
    ...(factKind !== undefined && { factKind }),
    ...(fact !== undefined && { fact }),
  };
};

const causeKeys = ["error", "code", "action", "resource", "fact"] as const;

const isSameCause = (one: Cause, other: Cause): boolean =>
  causeKeys.every((key) => one[key] === other[key]);

/** Only where both can be read: what can't be is taken for unchanged, until a person asks. */
const hasChanged = ({ factKind, fact }: Cause, reader: CauseReader): boolean => {
  if (factKind === undefined || fact === undefined) return false;
  const now = reader.factNow(factKind);
  return now !== undefined && now !== fact;
};

const failedStatuses: readonly Outcome["status"][] = ["ROLLED_BACK", "DEGRADED", "NEEDS_OPERATOR"];

/** Was a switch tried, and failed? An operator's stop is not a failure: it is lifted before anything else can be tried. */
export const isFailedAttempt = ({
  outcome,
  authorization,
  failure,
}: Pick<EndedAttempt, "outcome" | "authorization" | "failure">): boolean =>
  authorization?.kind === "PROCEED" &&
  failure?.error !== "StaleKillSwitch" &&
  failedStatuses.includes(outcome.status);

const doubled = (previous: FailedAttempt): number =>
  previous.retryAt === undefined
    ? firstDelayMs
    : Math.min(longestDelayMs, 2 * (Date.parse(previous.retryAt) - Date.parse(previous.at)));

/** What the target remembers after one that failed. Done twice for the same evaluation it changes nothing. */
export const rememberAttempt = (
  before: FailedAttempt | undefined,
  ended: EndedAttempt,
): FailedAttempt => {
  const { evaluationId, endedAt: at, outcome, hadDowntime, reader } = ended;
  if (before?.evaluationId === evaluationId) return before;
  const failure = ended.failure ?? { error: outcome.reason, cause: outcome.sentence };
  const cause = causeOf(failure, ended);
  if (hadDowntime) return { evaluationId, at, cause, hadDowntime };
  // An attempt that didn't come as far proves nothing about what brought the load down.
  if (before?.hadDowntime === true && !hasChanged(before.cause, reader)) return before;
  const delayMs =
    before !== undefined && isSameCause(before.cause, cause) ? doubled(before) : firstDelayMs;
  const retryAt = new Date(Date.parse(at) + delayMs).toISOString();
  return { evaluationId, at, cause, hadDowntime, retryAt };
};

const causeWords = ({ error, code, action, resource, fact }: Cause): string => {
  const call = action === undefined ? "" : ` at ${action}`;
  const what = resource === undefined ? "" : ` of ${resource}`;
  const with_ = fact === undefined ? "" : `, with ${fact}`;
  return `${error}${code === undefined ? "" : ` (${code})`}${call}${what}${with_}`;
};

/** Why nothing is tried by itself now; undefined: nothing stands against it. */
const objectionOf = (
  attempt: FailedAttempt,
  { now, reader }: { readonly now: string; readonly reader: CauseReader },
): string | undefined => {
  if (hasChanged(attempt.cause, reader)) return undefined;
  const { evaluationId, at, cause, hadDowntime, retryAt } = attempt;
  const earlier = `Evaluation ${evaluationId} failed on ${at}: ${causeWords(cause)}`;
  if (hadDowntime) {
    return (
      `${earlier}; the load was down meanwhile. It is not tried again by itself until that has changed. ` +
      `Next: see what became of the cause, then evaluate the target.`
    );
  }
  if (retryAt === undefined || Date.parse(now) >= Date.parse(retryAt)) return undefined;
  return `${earlier}; nothing was down. It is tried again by itself from ${retryAt} on, or when a person evaluates the target.`;
};

/** Version 6 and those before held back a SWITCH alone. */
const isToBeHeldBack = (verdict: Verdict): boolean =>
  judgementVersionOf(verdict) < 7 ? verdict.kind === "SWITCH" : callsForAction(verdict);

/** What nobody asked for becomes a STAY where an earlier attempt speaks against it. */
export const heldBackByFailure = (
  verdict: Verdict,
  input: {
    /** As it was recorded. */
    readonly target: Pick<Target, "failedAttempt">;
    /** Whoever asks wants it tried again. */
    readonly isAskedFor: boolean;
    readonly reader: CauseReader;
  },
): Verdict => {
  const { failedAttempt } = input.target;
  if (input.isAskedFor || failedAttempt === undefined) return verdict;
  if (!isToBeHeldBack(verdict)) return verdict;
  const objection = objectionOf(failedAttempt, { now: verdict.judgedAt, reader: input.reader });
  if (objection === undefined) return verdict;
  const { savings: _ofASwitch, ...others } = verdict;
  return {
    ...others,
    kind: "STAY",
    reason: "FAILED_BEFORE",
    sentence: `${objection} Otherwise: ${verdict.sentence}`,
    offers: [],
  };
};
