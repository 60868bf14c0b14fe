/** What a Catch left in the workflow's state, as an error name and a sentence. */
import * as z from "zod";
import type { Evaluation, Failure } from "../../core/model/evaluation.ts";

const thrownSchema = z.object({ Error: z.string(), Cause: z.string().optional() }).optional();

/** `Cause` of a failed Lambda is a JSON string with `errorMessage`; of a time-out it is absent or plain text. */
export const caughtSchema = z
  .object({
    /** What sent the workflow to its roll-back. */
    failure: thrownSchema,
    /** What ended the roll-back itself. */
    rollbackFailure: thrownSchema,
  })
  .optional();
export type Caught = z.infer<typeof caughtSchema>;

const lambdaCauseSchema = z.object({ errorMessage: z.string() });

const sentenceOf = (cause: string | undefined): string => {
  if (cause === undefined || cause === "") return "The step gave no cause.";
  try {
    return lambdaCauseSchema.parse(JSON.parse(cause)).errorMessage;
  } catch {
    // Not Lambda's JSON: the text itself is the cause.
    return cause;
  }
};

const toFailure = (thrown: z.infer<typeof thrownSchema>): Failure | undefined =>
  thrown === undefined ? undefined : { error: thrown.Error, cause: sentenceOf(thrown.Cause) };

export const failureOf = (caught: Caught): Failure | undefined => toFailure(caught?.failure);

export const rollbackFailureOf = (caught: Caught): Failure | undefined =>
  toFailure(caught?.rollbackFailure);

/** The first failure is the story; a later one of the roll-back itself is added when the record is closed. */
export const withFirstFailure = <Stored extends Evaluation>(
  caught: Caught,
  record: Stored,
): Stored => {
  const failure = failureOf(caught);
  return failure === undefined || record.failure !== undefined ? record : { ...record, failure };
};
