/** The WAITING answer of a polling step. Its deadline is absolute, set by the first one, and kept in the record. */
import { SpotOptimizerError } from "../../core/errors.ts";
import type { EvaluationSession, StepResult } from "./evaluation-step.ts";

const minuteMs = 60_000;

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
        deadlines: { ...record.progress.deadlines, [phase]: deadline },
      },
    }),
  };
};
