/** Task tokens: opaque to others, to us the place that waits. The nonce keeps them from being guessed. */

import type { Thread } from "./execution.ts";
import type { Run } from "./run.ts";

export interface TokenPlace {
  readonly executionArn: string;
  readonly threadId: number;
}

/** The same place and event give the same token, so that a resumed run hands out what it promised. */
export const createToken = (run: Run, thread: Thread, scheduledEventId: number): string => {
  const { arn } = run.execution;
  const nonce = run.surroundings.random.fork(`token#${arn}#${String(scheduledEventId)}`).hex(32);
  const place = [arn, thread.id, scheduledEventId, nonce];
  return Buffer.from(JSON.stringify(place), "utf8").toString("base64url");
};

/** @returns undefined if the token is none of ours */
export const readToken = (token: string): TokenPlace | undefined => {
  let place: unknown;
  try {
    place = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
  } catch {
    // Not JSON: nobody got this token from us.
    return undefined;
  }
  if (!Array.isArray(place)) return undefined;
  const [executionArn, threadId] = place as readonly unknown[];
  if (typeof executionArn !== "string" || typeof threadId !== "number") return undefined;
  return { executionArn, threadId };
};
