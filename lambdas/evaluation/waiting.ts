/** The WAITING answer of a polling step. Its deadline is absolute, set by the first one, and kept in the record. */
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Evaluation, EvaluationHead, Wait } from "../../core/model/evaluation.ts";
import type { DueSession } from "./session.ts";

const minuteMs = 60_000;

/**
 * A poll takes 9 events of the execution's history, of which AWS allows 25,000: 2,200 × 9 = 19,800, and 5,200 are left
 * for the steps, their retries and a whole hour of roll-back (at most 210 polls × 9 = 1,890).
 */
const maxPolls = 2200;

export interface Awaited {
  /** Names the wait in the record. */
  readonly phase: string;
  /** From the first WAITING of this phase. */
  readonly minutes: number;
  /** That of the Wait state behind the step: how many polls there were follows from it. */
  readonly pollSeconds: number;
  /** What is waited for and how it is now. */
  readonly sentence: string;
  readonly resource: string;
  /** What the operator can do if it never comes. */
  readonly nextStep?: string;
}

/** The end of a wait is not written: the next one's beginning bounds it, and so does its own deadline. */
const pollsOf = (wait: Wait, untilMs: number): number =>
  Math.ceil(
    Math.max(0, Math.min(untilMs, Date.parse(wait.deadline)) - Date.parse(wait.beganAt)) /
      (wait.pollSeconds * 1000),
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

const expired = (
  sentence: string,
  { resource, nextStep }: Pick<Awaited, "resource" | "nextStep">,
): SpotOptimizerError =>
  new SpotOptimizerError("BrokenDeadline", sentence, {
    resource,
    ...(nextStep === undefined ? {} : { nextStep }),
  });

/** Throws BrokenDeadline when the phase's deadline has passed. */
export const waitFor = (
  { evaluation, now }: DueSession,
  awaited: Awaited,
): {
  readonly output: { readonly kind: "WAITING"; readonly summary: string };
  readonly change: <Record extends Evaluation>(record: Record) => Record;
} => {
  const { phase, minutes, pollSeconds, sentence } = awaited;
  const begun = evaluation.waits[phase];
  const wait = begun ?? {
    beganAt: now.toISOString(),
    deadline: new Date(now.getTime() + minutes * minuteMs).toISOString(),
    pollSeconds,
  };
  if (pollsUntil({ ...evaluation.waits, [phase]: wait }, now) > maxPolls) {
    throw expired(
      `Waited ${String(maxPolls)} times in this evaluation, the most that its execution can hold: ${sentence}`,
      awaited,
    );
  }
  if (now.toISOString() > wait.deadline) {
    throw expired(`Waited until ${wait.deadline} without success: ${sentence}`, awaited);
  }
  return {
    output: { kind: "WAITING", summary: sentence },
    change: (record) =>
      record.waits[phase] === undefined
        ? { ...record, waits: { ...record.waits, [phase]: wait } }
        : record,
  };
};
