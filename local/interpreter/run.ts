/**
 * A running execution in memory: its data, its history, and what has changed since it was last armed. Changes
 * are synchronous, so between two awaits it is always whole, and can be saved.
 */

import type { HistoryEventType } from "@aws-sdk/client-sfn";
import type { Random } from "../cloud/random.ts";
import type { Execution, ExecutionStatus, Phase, Thread } from "./execution.ts";
import type { Failure } from "./failures.ts";
import { runtimeFailure } from "./failures.ts";
import type { EventDetails } from "./history.ts";
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
}

export interface NewThread {
  readonly state: string;
  readonly input: Json;
  readonly lastEventId: number;
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

export class Run {
  readonly execution: Execution;
  readonly machine: Machine;
  readonly environment: RunEnvironment;
  readonly history: History;
  readonly threads: Map<number, Thread>;
  /** Ids of threads whose timers no longer hold; some of them may be gone. */
  readonly changed = new Set<number>();
  readonly inputValue: Json;

  constructor(parts: {
    readonly execution: Execution;
    readonly machine: Machine;
    readonly environment: RunEnvironment;
    readonly history?: History;
    readonly threads?: readonly Thread[];
  }) {
    this.execution = parts.execution;
    this.machine = parts.machine;
    this.environment = parts.environment;
    this.history = parts.history ?? new History();
    this.threads = new Map((parts.threads ?? []).map((thread) => [thread.id, thread]));
    this.inputValue = parseJson(parts.execution.input);
  }

  get isRunning(): boolean {
    return this.execution.status === "RUNNING";
  }

  stateOf(thread: Thread): CompiledState {
    const state = this.machine.states.get(thread.state);
    if (state === undefined) {
      throw new Error(`${this.execution.arn} stands in "${thread.state}", which does not exist.`);
    }
    return state;
  }

  addThread(parts: NewThread): Thread {
    const thread: Thread = {
      ...parts,
      id: this.execution.nextThreadId,
      phase: { kind: "ENTER" },
      enteredMs: 0,
      enteredEventId: 0,
      retries: [],
      turn: 0,
    };
    this.execution.nextThreadId += 1;
    this.threads.set(thread.id, thread);
    this.changed.add(thread.id);
    return thread;
  }

  setPhase(thread: Thread, phase: Phase): void {
    thread.phase = phase;
    thread.turn += 1;
    this.changed.add(thread.id);
  }

  record(thread: Thread, type: HistoryEventType, details: EventDetails = {}): number {
    const id = this.#append(type, thread.lastEventId, details);
    thread.lastEventId = id;
    return id;
  }

  /** An event of the execution itself. */
  recordOwn(type: HistoryEventType, previousEventId: number, details: EventDetails): number {
    return this.#append(type, previousEventId, details);
  }

  /** @param after the event that led to the end; the last one if absent */
  close(end: ExecutionEnd, after: number = this.execution.eventCount): void {
    const { execution } = this;
    this.#append(closingEvents[end.status], after, endDetails(end));
    execution.status = end.status satisfies ExecutionStatus;
    execution.stopMs = this.environment.now();
    if (end.status === "SUCCEEDED") {
      execution.output = end.output;
      this.threads.clear();
      return;
    }
    if (end.error !== undefined) execution.error = end.error;
    if (end.cause !== undefined) execution.cause = end.cause;
  }

  /** States.Runtime as the console words it. */
  explain(thread: Thread, failure: Failure): Failure {
    if (failure.error !== "States.Runtime") return failure;
    const place = `An error occurred while executing the state '${thread.state}' (entered at the event id #${String(thread.enteredEventId)}).`;
    return runtimeFailure(`${place} ${failure.cause}`).failure;
  }

  #append(type: HistoryEventType, previousEventId: number, details: EventDetails): number {
    const timestamp = new Date(this.environment.now());
    const id = this.history.append({ timestamp, type, previousEventId, ...details });
    this.execution.eventCount = id;
    return id;
  }
}
