/** What all states have in common: entering, leaving, failing. Synchronous changes of a run. */

import type { HistoryEventType } from "@aws-sdk/client-sfn";
import type { Thread } from "../execution.ts";
import type { Failure } from "../failures.ts";
import { StateFailed } from "../failures.ts";
import { inputDetails, outputDetails } from "../history.ts";
import type { Json } from "../json.ts";
import { exceedsPayloadLimit } from "../json.ts";
import type { Catcher, CompiledState } from "../machine.ts";
import { placeResult } from "../paths.ts";
import { findRetrier, matches, retryDelaySeconds } from "../retry.ts";
import type { Run } from "../run.ts";

const enteredEvents = {
  Task: "TaskStateEntered",
  Choice: "ChoiceStateEntered",
  Wait: "WaitStateEntered",
  Succeed: "SucceedStateEntered",
  Fail: "FailStateEntered",
} as const satisfies Record<CompiledState["type"], HistoryEventType>;

const exitedEvents = {
  Task: "TaskStateExited",
  Choice: "ChoiceStateExited",
  Wait: "WaitStateExited",
  Succeed: "SucceedStateExited",
} as const satisfies Record<Exclude<CompiledState["type"], "Fail">, HistoryEventType>;

/** A state that can be left; Fail can't. */
export type LeavableState = Exclude<CompiledState, { type: "Fail" }>;

const leavableStateOf = (run: Run, thread: Thread): LeavableState => {
  const state = run.stateOf(thread);
  if (state.type === "Fail")
    throw new Error(`"${state.name}" is a Fail state, which nothing leaves.`);
  return state;
};

export const recordEntry = (run: Run, thread: Thread): void => {
  const state = run.stateOf(thread);
  run.execution.transitions += 1;
  thread.enteredMs = run.environment.now();
  thread.retries = [];
  const input = JSON.stringify(thread.input);
  thread.enteredEventId = run.record(thread, enteredEvents[state.type], {
    stateEnteredEventDetails: { name: state.name, ...inputDetails(input) },
  });
};

/** @throws StateFailed (States.DataLimitExceeded) */
export const checkPayload = (state: string, text: string): void => {
  if (!exceedsPayloadLimit(text)) return;
  throw new StateFailed({
    error: "States.DataLimitExceeded",
    cause: `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  });
};

export const leave = (
  run: Run,
  thread: Thread,
  exit: {
    readonly state: LeavableState;
    readonly output: Json;
    readonly next: string | undefined;
  },
): void => {
  const { state, output, next } = exit;
  const text = JSON.stringify(output);
  checkPayload(state.name, text);
  run.record(thread, exitedEvents[state.type], {
    stateExitedEventDetails: { name: state.name, ...outputDetails(text) },
  });
  if (next !== undefined) {
    thread.state = next;
    thread.input = output;
    run.setPhase(thread, { kind: "ENTER" });
  } else run.close({ status: "SUCCEEDED", output: text }, thread.lastEventId);
};

/** The result goes through ResultSelector and ResultPath. */
export const complete = (run: Run, thread: Thread, result: Json): void => {
  const state = leavableStateOf(run, thread);
  const selected = state.resultSelector?.(result) ?? result;
  const output =
    state.resultPath === undefined
      ? thread.input
      : placeResult(thread.input, state.resultPath, selected);
  leave(run, thread, { state, output, next: state.next });
};

const retry = (run: Run, thread: Thread, index: number): void => {
  const retrier = run.stateOf(thread).retriers[index];
  if (retrier === undefined) throw new Error(`"${thread.state}" has no retrier ${String(index)}.`);
  const used = thread.retries[index] ?? 0;
  const stream = `${run.execution.arn}#${String(thread.lastEventId)}`;
  const random = (): number => run.environment.random.fork(stream).next();
  const delaySeconds = retryDelaySeconds(retrier, used, random);
  thread.retries = run
    .stateOf(thread)
    .retriers.map((_, position) => (thread.retries[position] ?? 0) + (position === index ? 1 : 0));
  run.execution.transitions += 1;
  run.setPhase(thread, {
    kind: "REPEAT",
    untilMs: run.environment.now() + Math.round(delaySeconds * 1000),
  });
};

const rescue = (
  run: Run,
  thread: Thread,
  { catcher, failure }: { readonly catcher: Catcher; readonly failure: Failure },
): void => {
  const state = leavableStateOf(run, thread);
  const error = { Error: failure.error, Cause: failure.cause };
  const output =
    catcher.resultPath === undefined
      ? thread.input
      : placeResult(thread.input, catcher.resultPath, error);
  leave(run, thread, { state, output, next: catcher.next });
};

/** A rule of the state answers, or the execution ends here. */
export const fail = (run: Run, thread: Thread, failure: Failure): void => {
  const state = run.stateOf(thread);
  const retrier = findRetrier(state.retriers, failure, thread.retries);
  if (retrier !== undefined) {
    retry(run, thread, retrier);
    return;
  }
  const catcher = state.catchers.find((rule) => matches(rule.errorNames, failure));
  if (catcher !== undefined) {
    guardExit(run, thread, () => {
      rescue(run, thread, { catcher, failure });
    });
    return;
  }
  failExecution(run, thread, failure);
};

const failExecution = (run: Run, thread: Thread, failure: Failure): void => {
  const { error, cause } = run.explain(thread, failure);
  // A Fail state may leave them out.
  const given = { ...(error === "" ? {} : { error }), ...(cause === "" ? {} : { cause }) };
  run.close({ status: "FAILED", ...given }, thread.lastEventId);
};

/** No rule answers what fails in handling a failure. */
const guardExit = (run: Run, thread: Thread, action: () => void): void => {
  try {
    action();
  } catch (error) {
    if (!(error instanceof StateFailed)) throw error;
    failExecution(run, thread, error.failure);
  }
};

/** Does the work of a state; a StateFailed in it is the failure of that state. */
export const guard = (run: Run, thread: Thread, action: () => void): void => {
  try {
    action();
  } catch (error) {
    if (!(error instanceof StateFailed)) throw error;
    fail(run, thread, error.failure);
  }
};
