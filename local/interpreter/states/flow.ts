/** What all states have in common: entering, leaving, failing. Synchronous changes of a run. */

import type { HistoryEventType } from "@aws-sdk/client-sfn";
import type { Failure } from "../failures.ts";
import { StateFailed } from "../failures.ts";
import { inputDetails, outputDetails } from "../history.ts";
import type { Json } from "../json.ts";
import { exceedsPayloadLimit, textOf } from "../json.ts";
import type { Catcher, CompiledState, FailState, TaskState } from "../machine.ts";
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

/** A state that can be left; Fail can't. */
type LeavableState = Exclude<CompiledState, FailState>;

const exitedEvents = {
  Task: "TaskStateExited",
  Choice: "ChoiceStateExited",
  Wait: "WaitStateExited",
  Succeed: "SucceedStateExited",
} as const satisfies Record<LeavableState["type"], HistoryEventType>;

export const recordEntry = (run: Run): void => {
  const { current, execution, state } = run;
  execution.transitions += 1;
  const input = textOf(current.input);
  const details = { stateEnteredEventDetails: { name: state.name, ...inputDetails(input) } };
  // AWS links the first state to event 0, not to ExecutionStarted.
  const previousEventId = execution.eventCount === 1 ? 0 : execution.eventCount;
  current.enteredEventId = run.record(enteredEvents[state.type], details, previousEventId);
};

/** @throws StateFailed (States.DataLimitExceeded) */
export const checkPayload = (state: string, text: string): void => {
  if (!exceedsPayloadLimit(text)) return;
  throw new StateFailed({
    error: "States.DataLimitExceeded",
    cause: `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  });
};

/** Without a next state the execution ends here. */
export const leave = (
  run: Run,
  state: LeavableState,
  { output, next }: { readonly output: Json; readonly next: string | undefined },
): void => {
  const text = textOf(output);
  checkPayload(state.name, text);
  run.record(exitedEvents[state.type], {
    stateExitedEventDetails: { name: state.name, ...outputDetails(text) },
  });
  if (next === undefined) run.close({ status: "SUCCEEDED", output: text });
  else run.goTo(next, output);
};

/** What goes on to the next state: the input with the result in its place. */
const outputOf = (input: Json, resultPath: readonly string[] | undefined, result: Json): Json =>
  resultPath === undefined ? input : placeResult(input, resultPath, result);

/** The result goes through ResultSelector and ResultPath. */
export const complete = (run: Run, state: TaskState, result: Json): void => {
  const selected = state.resultSelector?.(result) ?? result;
  const output = outputOf(run.current.input, state.resultPath, selected);
  leave(run, state, { output, next: state.next });
};

const retry = (run: Run, state: TaskState, index: number): void => {
  const { current, environment, execution } = run;
  const retrier = state.retriers[index];
  if (retrier === undefined) throw new Error(`"${state.name}" has no retrier ${String(index)}.`);
  const stream = `${execution.arn}#${String(execution.eventCount)}`;
  const random = (): number => environment.random.fork(stream).next();
  const delaySeconds = retryDelaySeconds(retrier, current.retries[index] ?? 0, random);
  current.retries = state.retriers.map(
    (_, position) => (current.retries[position] ?? 0) + (position === index ? 1 : 0),
  );
  execution.transitions += 1;
  run.setPending({
    kind: "REPEAT",
    untilMs: environment.now() + Math.round(delaySeconds * 1000),
  });
};

const rescue = (
  run: Run,
  state: TaskState,
  { catcher, failure }: { readonly catcher: Catcher; readonly failure: Failure },
): void => {
  const error = { Error: failure.error, Cause: failure.cause };
  const output = outputOf(run.current.input, catcher.resultPath, error);
  leave(run, state, { output, next: catcher.next });
};

const failExecution = (run: Run, failure: Failure): void => {
  const { error, cause } = run.explain(failure);
  // A Fail state may leave them out.
  const given = { ...(error === "" ? {} : { error }), ...(cause === "" ? {} : { cause }) };
  run.close({ status: "FAILED", ...given });
};

/** A StateFailed in the action is given to `onFailure`. */
const attempt = (action: () => void, onFailure: (failure: Failure) => void): void => {
  try {
    action();
  } catch (error) {
    if (!(error instanceof StateFailed)) throw error;
    onFailure(error.failure);
  }
};

const failTask = (run: Run, state: TaskState, failure: Failure): void => {
  const retrier = findRetrier(state.retriers, failure, run.current.retries);
  if (retrier !== undefined) {
    retry(run, state, retrier);
    return;
  }
  const catcher = state.catchers.find((rule) => matches(rule.errorNames, failure));
  if (catcher === undefined) {
    failExecution(run, failure);
    return;
  }
  // No rule answers what fails in handling a failure.
  attempt(
    () => {
      rescue(run, state, { catcher, failure });
    },
    (second) => {
      failExecution(run, second);
    },
  );
};

/** A rule of the state answers, or the execution ends here. Only a Task has rules. */
export const fail = (run: Run, failure: Failure): void => {
  const { state } = run;
  if (state.type === "Task") failTask(run, state, failure);
  else failExecution(run, failure);
};

/** Does the work of a state; a StateFailed in it is the failure of that state. */
export const guard = (run: Run, action: () => void): void => {
  attempt(action, (failure) => {
    fail(run, failure);
  });
};
