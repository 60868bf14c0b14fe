/**
 * The WAITING answer of a polling step, with the seconds after which the workflow asks again. Deadline and pace are set by
 * the first one, and kept in the record. Where what is waited for comes in parts, each progress gives it the time anew.
 */
import { SpotOptimizerError } from "../../core/errors.ts";
import { looksWithin, secondsToUsefulLook } from "../../core/decide/switch/pace.ts";
import {
  waitKey,
  type Evaluation,
  type EvaluationHead,
  type Pace,
  type Wait,
} from "../../core/model/evaluation.ts";
import type { DueSession } from "./session.ts";

const minuteMs = 60_000;

/**
 * A poll takes 9 events of the execution's history, of which AWS allows 25,000: 2,200 × 9 = 19,800, and 5,200 are left
 * for the steps, their retries and the longest roll-back (at most 280 polls × 9 = 2,520).
 */
const maxPolls = 2200;

export interface Awaited {
  /** Names the wait in the record. */
  readonly phase: string;
  /** From 1, where the workflow comes by once for each batch. */
  readonly round?: number;
  /** From the first WAITING of this phase and round, or from the last progress. */
  readonly minutes: number;
  /** Where what is waited for comes in parts. */
  readonly progress?: {
    /** How much of it there is: more than ever before is progress. */
    readonly reached: number;
    /** From the first WAITING, whatever the progress. */
    readonly mostMinutes: number;
  };
  /** Of the first WAITING of this phase and round; kept in the record. */
  readonly pace: Pace;
  /** Of what is waited for AWS has made so much, where it says so: looks that would surely find nothing are left out. */
  readonly percent?: number | undefined;
  /** A wait of the same round that goes on with another one's deadline, because it is the second half of the same thing. */
  readonly within?: string;
  /** What is waited for and how it is now. */
  readonly sentence: string;
  readonly resource: string;
  /** What the operator can do if it never comes. */
  readonly nextStep?: string;
}

const secondsBetween = (from: string, untilMs: number): number =>
  Math.max(0, untilMs - Date.parse(from)) / 1000;

/** The end of a wait is not written: the next one's beginning bounds it, and so does its own deadline. */
const pollsOf = (wait: Wait, untilMs: number): number =>
  looksWithin(
    wait.pace,
    secondsBetween(wait.beganAt, Math.min(untilMs, Date.parse(wait.deadline))),
    maxPolls,
  );

/** At most so many polls have been made, were each as quick as can be. */
export const pollsUntil = (waits: EvaluationHead["waits"], now: Date): number => {
  const inOrder = Object.values(waits).toSorted((one, other) =>
    one.beganAt < other.beganAt ? -1 : 1,
  );
  return inOrder.reduce((polls, wait, index) => {
    const next = inOrder[index + 1];
    return polls + pollsOf(wait, next === undefined ? now.getTime() : Date.parse(next.beganAt));
  }, 0);
};

/** Past its deadline a wait is over: the last look comes a second after it. */
const secondsUntilNext = (
  { pace, beganAt, deadline }: Wait,
  { percent }: Awaited,
  now: Date,
): number =>
  Math.min(
    secondsToUsefulLook(pace, secondsBetween(beganAt, now.getTime()), percent),
    Math.floor(secondsBetween(now.toISOString(), Date.parse(deadline))) + 1,
  );

const expired = (
  sentence: string,
  { resource, nextStep }: Pick<Awaited, "resource" | "nextStep">,
): SpotOptimizerError =>
  new SpotOptimizerError("BrokenDeadline", sentence, {
    resource,
    ...(nextStep === undefined ? {} : { nextStep }),
  });

const begin = (
  { evaluation, now }: DueSession,
  { round, minutes, pace, within }: Awaited,
): Wait => ({
  ...(round === undefined ? {} : { round }),
  beganAt: now.toISOString(),
  deadline:
    (within === undefined ? undefined : evaluation.waits[waitKey(within, round)])?.deadline ??
    new Date(now.getTime() + minutes * minuteMs).toISOString(),
  pace,
});

/** Progress gives it the whole time anew, within its bound. The same object where there is none. */
const withProgress = (wait: Wait, { progress, minutes }: Awaited, now: Date): Wait => {
  if (progress === undefined || progress.reached <= (wait.reached ?? -1)) return wait;
  const { reached, mostMinutes } = progress;
  const deadlineMs = Math.min(
    now.getTime() + minutes * minuteMs,
    Date.parse(wait.beganAt) + mostMinutes * minuteMs,
  );
  return { ...wait, reached, deadline: new Date(deadlineMs).toISOString() };
};

/** Throws BrokenDeadline when the phase's deadline has passed. */
export const waitFor = (
  session: DueSession,
  awaited: Awaited,
): {
  readonly output: {
    readonly kind: "WAITING";
    readonly summary: string;
    readonly waitSeconds: number;
  };
  readonly change: <Record extends Evaluation>(record: Record) => Record;
} => {
  const { evaluation, now } = session;
  const { phase, round, sentence } = awaited;
  const key = waitKey(phase, round);
  const stored = evaluation.waits[key];
  const wait = withProgress(stored ?? begin(session, awaited), awaited, now);
  if (pollsUntil({ ...evaluation.waits, [key]: wait }, now) > maxPolls) {
    throw expired(
      `Waited ${String(maxPolls)} times in this evaluation, the most that its execution can hold: ${sentence}`,
      awaited,
    );
  }
  if (now.toISOString() > wait.deadline) {
    throw expired(`Waited until ${wait.deadline} without success: ${sentence}`, awaited);
  }
  return {
    output: {
      kind: "WAITING",
      summary: sentence,
      waitSeconds: secondsUntilNext(wait, awaited, now),
    },
    change: (record) =>
      wait === stored ? record : { ...record, waits: { ...record.waits, [key]: wait } },
  };
};
