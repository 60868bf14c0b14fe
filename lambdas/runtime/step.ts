/** The shape of a step, and the one way to run it: parse, run, check the output, log, rethrow. */
import type * as z from "zod";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { ClientName, StepContext } from "./context.ts";

export interface Step<Input, Output, Context = StepContext> {
  /** Folder and function name. */
  readonly name: string;
  /** Those of its context; empty where it calls AWS through none of them. */
  readonly clients: readonly ClientName[];
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  readonly run: (context: Context, input: Input) => Promise<Output>;
}

/** Throws BrokenInput naming the field when the event is malformed; else whatever the step throws. */
export const runStep = async <Input, Output, Context extends Pick<StepContext, "log">>(
  step: Step<Input, Output, Context>,
  context: Context,
  event: unknown,
): Promise<Output> => {
  const input = step.input.safeParse(event);
  if (!input.success) {
    const faults = input.error.issues.map(
      (issue) => `${issue.path.map(String).join(".") || "input"}: ${issue.message}`,
    );
    throw new SpotOptimizerError(
      "BrokenInput",
      `${step.name} was given an input that is not valid (${faults.join("; ")}).`,
    );
  }
  try {
    const output = step.output.parse(await step.run(context, input.data));
    context.log.info(`${step.name} done`, { step: step.name });
    return output;
  } catch (error) {
    const named = error instanceof Error ? error : new Error(String(error));
    context.log.error(`${step.name} failed: ${named.message}`, {
      step: step.name,
      error: named.name,
    });
    throw error;
  }
};
