/** How things fail inside a workflow, and how the failure of a function looks to the workflow. */

import { isJsonObject } from "./json.ts";

/** A state failed. `failure` is what Retry and Catch rules match, and what the console shows. */
export interface Failure {
  readonly error: string;
  readonly cause: string;
}

export class StateFailed extends Error {
  override readonly name = "StateFailed";
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`${failure.error}: ${failure.cause}`);
    this.failure = failure;
  }
}

/** Paths that lead nowhere, choices without a match …: no rule matches these, the execution ends. */
export const runtimeFailure = (cause: string): StateFailed =>
  new StateFailed({ error: "States.Runtime", cause });

/**
 * `invoke` rejects with this when the function's process died, or the function ran into its own time-out:
 * it is unknown whether it acted. Step Functions calls it Lambda.Unknown.
 */
export class FunctionKilled extends Error {
  override readonly name = "FunctionKilled";
}

/** Step Functions cuts a cause at 32,768 characters. */
const longestCause = 32_768;

const describeFunctionError = (thrown: unknown): { type: string; message: string } => {
  if (thrown instanceof Error) return { type: thrown.name, message: thrown.message };
  if (isJsonObject(thrown) && typeof thrown["name"] === "string") {
    const { name, message = "" } = thrown;
    return { type: name, message: typeof message === "string" ? message : JSON.stringify(message) };
  }
  return { type: "Error", message: String(thrown) };
};

/**
 * What the workflow sees when a function threw: Error = the error's name, Cause = Lambda's JSON document. The
 * trace holds the first line only, so that a history is the same on each machine. Names that start with
 * `Lambda.` are errors of the Lambda service itself, whose cause is plain text.
 */
export const failureOfFunction = (thrown: unknown): Failure => {
  if (thrown instanceof FunctionKilled) {
    const payload = JSON.stringify({ errorMessage: thrown.message });
    const cause = `The cause could not be determined because Lambda did not return an error type. Returned payload: ${payload}`;
    return { error: "Lambda.Unknown", cause: cause.slice(0, longestCause) };
  }
  const { type, message } = describeFunctionError(thrown);
  if (type.startsWith("Lambda.")) return { error: type, cause: message.slice(0, longestCause) };
  const document = { errorType: type, errorMessage: message, trace: [`${type}: ${message}`] };
  return { error: type, cause: JSON.stringify(document).slice(0, longestCause) };
};
