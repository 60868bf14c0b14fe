/**
 * Defines the steps that work on one evaluation. Each invocation opens a session, renews the lease, runs, and writes the
 * record once: what the step adds to it, and the phase for the reader of the record.
 */
import * as z from "zod";
import { updateEvaluation } from "../../adapters/store/evaluations.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Evaluation, Phase, SwitchProgress } from "../../core/model/evaluation.ts";
import { evaluationIdSchema, type EvaluationId } from "../../core/model/ids.ts";
import type { Step } from "../runtime/step.ts";
import { holdLease } from "./lease.ts";
import { openSession, type EvaluationSession } from "./session.ts";

export const evaluationInputSchema = z.object({ evaluationId: evaluationIdSchema });

/** What every step returns to the workflow: the value it routes on, and a sentence for the console. */
export interface StepOutput {
  readonly kind: string;
  readonly summary: string;
}

export interface StepResult<Output extends StepOutput> {
  readonly output: Output;
  /** What is added to the record, in the same write as the phase. */
  readonly change?: (evaluation: Evaluation) => Evaluation;
}

const notePhase = (
  phases: readonly Phase[],
  note: { name: string; startedAt: string; endedAt: string; output: StepOutput },
): readonly Phase[] => {
  const others = phases.filter((phase) => phase.name !== note.name);
  const begun = phases.find((phase) => phase.name === note.name);
  const open = note.output.kind === "WAITING";
  return [
    ...others,
    {
      name: note.name,
      startedAt: begun?.startedAt ?? note.startedAt,
      ...(open ? {} : { endedAt: note.endedAt }),
      summary: note.output.summary,
    },
  ];
};

/** Rethrows; a retry in this sandbox must not meet the same expired session again. */
const forgettingExpired = async <Result>(
  { context, account }: EvaluationSession,
  run: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await run();
  } catch (error) {
    if (error instanceof SpotOptimizerError && error.name === "RetryableCredentials") {
      context.forgetSessions(account);
    }
    throw error;
  }
};

export interface EvaluationStepDefinition<
  Input extends { evaluationId: EvaluationId },
  Output extends StepOutput,
> {
  readonly name: string;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  /** Name in the record where one function serves several states. Default: `name`. */
  readonly phase?: (input: Input) => string;
  /** Off for what must also run when the lease was lost. Default: on. */
  readonly needsLease?: boolean;
  readonly run: (session: EvaluationSession, input: Input) => Promise<StepResult<Output>>;
}

export const defineEvaluationStep = <
  Input extends { evaluationId: EvaluationId },
  Output extends StepOutput,
>(
  definition: EvaluationStepDefinition<Input, Output>,
): Step<Input, Output> => ({
  name: definition.name,
  input: definition.input,
  output: definition.output,
  run: async (context, input) => {
    const session = await openSession(context, input.evaluationId);
    if (definition.needsLease !== false) await holdLease(session);
    const { output, change } = await forgettingExpired(session, () =>
      definition.run(session, input),
    );
    const endedAt = context.now().toISOString();
    await updateEvaluation(context.table, input.evaluationId, (evaluation) => {
      const changed = change?.(evaluation) ?? evaluation;
      return {
        ...changed,
        phases: notePhase(changed.phases, {
          name: definition.phase?.(input) ?? definition.name,
          startedAt: session.now.toISOString(),
          endedAt,
          output,
        }),
      };
    });
    return output;
  },
});

/** Adds to the progress of the switch. */
export const withProgress =
  (added: SwitchProgress) =>
  (evaluation: Evaluation): Evaluation => ({
    ...evaluation,
    progress: { ...evaluation.progress, ...added },
  });
