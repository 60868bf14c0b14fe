/** What a Catch left in the workflow's state, as an error name and a sentence. */
import { z } from "zod";
import type { Failure } from "../../core/model/evaluation.ts";

/** `Cause` of a failed Lambda is a JSON string with `errorMessage`; of a time-out it is absent or plain text. */
export const caughtSchema = z
  .object({ failure: z.object({ Error: z.string(), Cause: z.string().optional() }).optional() })
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

export const failureOf = (caught: Caught): Failure | undefined =>
  caught?.failure === undefined
    ? undefined
    : { error: caught.failure.Error, cause: sentenceOf(caught.failure.Cause) };
