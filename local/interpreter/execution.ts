/** An execution as it is persisted: plain data. It stands in one state at a time. */

import type { Json } from "./json.ts";

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** What happens next in a state. All times in milliseconds since the epoch. */
export type Pending =
  /** The state is entered. */
  | { readonly kind: "ENTER" }
  /** A Wait is over. */
  | { readonly kind: "WAIT"; readonly untilMs: number }
  /** The state's work is done again: a retry, or a redrive. */
  | { readonly kind: "REPEAT"; readonly untilMs: number }
  /** A function answers, or runs out of its time. */
  | {
      readonly kind: "TASK";
      readonly scheduledEventId: number;
      readonly functionName: string;
      readonly payload: Json;
      readonly deadlineMs: number;
    };

export type PendingTask = Extract<Pending, { kind: "TASK" }>;

/** The state in which an execution stands, or stood when it ended. */
export interface CurrentState {
  readonly name: string;
  readonly input: Json;
  pending: Pending;
  /** 0 until it is entered. */
  enteredEventId: number;
  /** Retries made since it was entered, by retrier. */
  retries: readonly number[];
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
