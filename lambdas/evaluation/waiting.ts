/** The WAITING answer of a polling step. Its deadline is absolute, set by the first one, and kept in the record. */
import { SpotOptimizerError } from "../../core/errors.ts";
import type { StepResult } from "./evaluation-step.ts";
import type { EvaluationSession } from "./session.ts";

const minuteMs = 60_000;

/**
 * A poll takes 9 events of the execution's history, of which AWS allows 25,000: 2,200 × 9 = 19,800, and 5,200 are left
 * for the steps, their retries and a whole hour of roll-back (360 polls × 9 = 3,240).
 */
const maxPolls = 2200;

export interface Awaited {
  /** Name of the deadline in the record. */
  readonly phase: string;
  /** From the first WAITING of this phase. */
  readonly minutes: number;
  /** What is waited for and how it is now. */
  readonly sentence: string;
  readonly resource: string;
  /** What the operator can do if it never comes. */
  readonly nextStep?: string;
}

/** Throws BrokenDeadline when the phase's deadline has passed. */
export const waitFor = (
  session: EvaluationSession,
  { phase, minutes, sentence, resource, nextStep }: Awaited,
): StepResult<{ kind: "WAITING"; summary: string }> => {
  const { evaluation, now } = session;
  const deadline =
    evaluation.progress.deadlines?.[phase] ??
    new Date(now.getTime() + minutes * minuteMs).toISOString();
  const polls = (evaluation.progress.polls ?? 0) + 1;
  if (polls > maxPolls) {
    throw new SpotOptimizerError(
      "BrokenDeadline",
      `Waited ${String(maxPolls)} times in this evaluation, the most that its execution can hold: ${sentence}`,
      { resource, ...(nextStep === undefined ? {} : { nextStep }) },
    );
  }
  if (now.toISOString() > deadline) {
    throw new SpotOptimizerError(
      "BrokenDeadline",
      `Waited until ${deadline}, in vain: ${sentence}`,
      { resource, ...(nextStep === undefined ? {} : { nextStep }) },
    );
  }
  return {
    output: { kind: "WAITING", summary: sentence },
    change: (record) => ({
      ...record,
      progress: {
        ...record.progress,
        polls,
        deadlines: { ...record.progress.deadlines, [phase]: deadline },
      },
    }),
  };
};
