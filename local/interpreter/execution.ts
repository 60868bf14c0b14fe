/** An execution as it is persisted: plain data. The thread is the place at which it stands. */

import type { Json } from "./json.ts";

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** What a thread does in its state. All times in milliseconds since the epoch. */
export type Phase =
  /** About to enter the state. */
  | { readonly kind: "ENTER" }
  | { readonly kind: "WAIT"; readonly untilMs: number }
  /** About to do the state's work again: a retry, or a redrive. */
  | { readonly kind: "REPEAT"; readonly untilMs: number }
  | {
      readonly kind: "TASK";
      readonly scheduledEventId: number;
      readonly functionName: string;
      readonly payload: Json;
      readonly deadlineMs: number;
    };

export interface Thread {
  readonly id: number;
  state: string;
  /** The state's raw input. */
  input: Json;
  phase: Phase;
  /** When and as which event the present state was entered. */
  enteredMs: number;
  enteredEventId: number;
  lastEventId: number;
  /** Retries of the present state, by retrier. */
  retries: number[];
  /** Raised by each change of phase: what was begun before is void. */
  turn: number;
}

export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  /** Names the definition with which it began, and which it keeps. */
  readonly revision: string;
  /** JSON. */
  readonly input: string;
  readonly startMs: number;
  status: ExecutionStatus;
  stopMs?: number;
  /** JSON. */
  output?: string;
  error?: string;
  cause?: string;
  deadlineMs?: number;
  redriveCount: number;
  redriveMs?: number;
  /** State entries and retries: what AWS bills. */
  transitions: number;
  nextThreadId: number;
  eventCount: number;
}

/** Refused above this: one event must be left for the redrive and one to do something. */
const redrivableEvents = 24_999;
const redrivableMs = 14 * 24 * 3600 * 1000;

/** Why it can't be redriven, or undefined if it can. */
export const judgeRedrive = (execution: Execution, nowMs: number): string | undefined => {
  if (execution.status === "RUNNING" || execution.status === "SUCCEEDED") {
    return `Execution is ${execution.status} and cannot be redriven`;
  }
  if (nowMs - (execution.stopMs ?? nowMs) > redrivableMs) {
    return "Execution has exceeded the redrivable period of 14 days";
  }
  if (execution.eventCount >= redrivableEvents) {
    return "Execution event history limit exceeded";
  }
  return undefined;
};
