/** What StartExecution is given, and what it refuses of it. */

import { CloudError } from "../cloud/contract.ts";
import { exceedsPayloadLimit, parseJson } from "./json.ts";

export interface StartInput {
  /** Of the machine, or of an alias or version of it. */
  readonly stateMachineArn: string;
  readonly name?: string | undefined;
  /** JSON text, or what is to become JSON; `{}` if absent. */
  readonly input?: unknown;
}

/** @throws CloudError InvalidExecutionInput, ValidationException */
export const parseInput = (input: unknown): string => {
  const text = typeof input === "string" ? input : JSON.stringify(input ?? {});
  try {
    parseJson(text);
  } catch (error) {
    const message = `Invalid State Machine Execution Input: '${String(error)}'`;
    throw new CloudError("InvalidExecutionInput", message);
  }
  if (!exceedsPayloadLimit(text)) return text;
  throw new CloudError(
    "ValidationException",
    "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144",
  );
};
