/**
 * A running execution in memory: its data, the state in which it stands, and its history. Changes are synchronous,
 * so between two awaits it is always whole, and can be saved.
 */

import type { HistoryEventType } from "@aws-sdk/client-sfn";
import type { Random } from "../cloud/random.ts";
import type { CurrentState, Execution, Pending } from "./execution.ts";
import type { Failure } from "./failures.ts";
import { runtimeFailure } from "./failures.ts";
import type { EventDetails, RecordedEvent } from "./history.ts";
import { History, outputDetails } from "./history.ts";
import type { Json } from "./json.ts";
import { parseJson } from "./json.ts";
import type { CompiledState, Machine } from "./machine.ts";

/** What a run needs to know of the world around it. */
export interface RunEnvironment {
  readonly region: string;
  readonly roleArn: string;
  readonly random: Random;
  now(): number;
  /** Told of each event as it is recorded. Nobody listens as a rule. */
  heard?(execution: Execution, event: RecordedEvent): void;
}

const closingEvents = {
  SUCCEEDED: "ExecutionSucceeded",
  FAILED: "ExecutionFailed",
  TIMED_OUT: "ExecutionTimedOut",
  ABORTED: "ExecutionAborted",
} as const;

export type ExecutionEnd =
  | { readonly status: "SUCCEEDED"; readonly output: string }
  | {
      readonly status: "FAILED" | "TIMED_OUT" | "ABORTED";
      readonly error?: string | undefined;
      readonly cause?: string | undefined;
    };

const endDetails = (end: ExecutionEnd): EventDetails => {
  if (end.status === "SUCCEEDED") {
    return { executionSucceededEventDetails: outputDetails(end.output) };
  }
  const details = {
    ...(end.error === undefined ? {} : { error: end.error }),
    ...(end.cause === undefined ? {} : { cause: end.cause }),
  };
  if (end.status === "FAILED") return { executionFailedEventDetails: details };
  if (end.status === "TIMED_OUT") return { executionTimedOutEventDetails: details };
  return { executionAbortedEventDetails: details };
};

const aboutToEnter = (name: string, input: Json): CurrentState => ({
  name,
  input,
  pending: { kind: "ENTER" },
  enteredEventId: 0,
  retries: [],
});

export class Run {
  readonly execution: Execution;
  readonly machine: Machine;
  readonly environment: RunEnvironment;
  readonly history: History;
  #current: CurrentState;
  #turn = 0;

  /** Stands before the first state if no current one is given. */
  constructor(parts: {
    readonly execution: Execution;
    readonly machine: Machine;
    readonly environment: RunEnvironment;
    readonly history?: History;
    readonly current?: CurrentState;
  }) {
    this.execution = parts.execution;
    this.machine = parts.machine;
    this.environment = parts.environment;
    this.history = parts.history ?? new History();
    this.#current =
      parts.current ?? aboutToEnter(parts.machine.startAt, parseJson(parts.execution.input));
  }

  get isRunning(): boolean {
    return this.execution.status === "RUNNING";
  }

  get current(): CurrentState {
    return this.#current;
  }

  /** Raised by each change of what is pending: what was begun before no longer counts. */
  get turn(): number {
    return this.#turn;
  }

  /** The definition of the current state. */
  get state(): CompiledState {
    const state = this.machine.states.get(this.#current.name);
    if (state === undefined) {
      throw new Error(
        `${this.execution.arn} stands in "${this.#current.name}", which does not exist.`,
      );
    }
    return state;
  }

  setPending(pending: Pending): void {
    this.#current.pending = pending;
    this.#turn += 1;
  }

  /** To the next state, which is entered in a step of its own. */
  goTo(name: string, input: Json): void {
    this.#current = aboutToEnter(name, input);
    this.#turn += 1;
  }

  /** @returns the event's id */
  record(
    type: HistoryEventType,
    details: EventDetails = {},
    previousEventId: number = this.execution.eventCount,
  ): number {
    const timestamp = new Date(this.environment.now());
    const id = this.history.append({ timestamp, type, previousEventId, ...details });
    this.execution.eventCount = id;
    this.environment.heard?.(this.execution, { id, timestamp, type, previousEventId, ...details });
    return id;
  }

  close(end: ExecutionEnd): void {
    const { execution } = this;
    this.record(closingEvents[end.status], endDetails(end));
    execution.status = end.status;
    execution.stopMs = this.environment.now();
    if (end.status === "SUCCEEDED") {
      execution.output = end.output;
      return;
    }
    if (end.error !== undefined) execution.error = end.error;
    if (end.cause !== undefined) execution.cause = end.cause;
  }

  /** States.Runtime as the console words it. */
  explain(failure: Failure): Failure {
    if (failure.error !== "States.Runtime") return failure;
    const { name, enteredEventId } = this.#current;
    const place = `An error occurred while executing the state '${name}' (entered at the event id #${String(enteredEventId)}).`;
    return runtimeFailure(`${place} ${failure.cause}`).failure;
  }
}
