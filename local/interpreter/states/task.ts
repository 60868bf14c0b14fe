/** Task: schedule an invocation, and take its answer. The invocation itself is the runner's. */

import type { Phase, Thread } from "../execution.ts";
import type { Failure } from "../failures.ts";
import { outputDetails } from "../history.ts";
import type { Json } from "../json.ts";
import { exceedsPayloadLimit } from "../json.ts";
import type { TaskState } from "../machine.ts";
import type { Run } from "../run.ts";
import { checkPayload, complete, fail, guard } from "./flow.ts";

export type TaskPhase = Extract<Phase, { kind: "TASK" }>;

const resource = { resourceType: "lambda", resource: "invoke" } as const;

const after = (run: Run, seconds: number): number => run.environment.now() + seconds * 1000;

/** @throws Error if the thread is not in a Task state, which can't be once it was one. */
const taskStateOf = (run: Run, thread: Thread): TaskState => {
  const state = run.stateOf(thread);
  if (state.type !== "Task") throw new Error(`"${state.name}" is no Task.`);
  return state;
};

export const scheduleTask = (run: Run, thread: Thread, state: TaskState): void => {
  const payload = state.payload(thread.input);
  const parameters = JSON.stringify({ FunctionName: state.functionName, Payload: payload });
  checkPayload(state.name, parameters);
  const scheduledEventId = run.record(thread, "TaskScheduled", {
    taskScheduledEventDetails: {
      ...resource,
      region: run.environment.region,
      parameters,
      timeoutInSeconds: state.timeoutSeconds,
    },
  });
  run.record(thread, "TaskStarted", { taskStartedEventDetails: resource });
  run.setPhase(thread, {
    kind: "TASK",
    scheduledEventId,
    functionName: state.functionName,
    payload,
    deadlineMs: after(run, state.timeoutSeconds),
  });
};

/** After a restart the function is invoked anew, so its time begins anew. */
export const renewDeadline = (run: Run, thread: Thread, phase: TaskPhase): void => {
  const { timeoutSeconds } = taskStateOf(run, thread);
  run.setPhase(thread, { ...phase, deadlineMs: after(run, timeoutSeconds) });
};

/** What lambda:invoke gives to the state. */
export const invokeResult = (run: Run, phase: TaskPhase, answer: Json): Json => {
  const hex = run.environment.random
    .fork(`${run.execution.arn}#${String(phase.scheduledEventId)}`)
    .hex(32);
  const requestId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5");
  return {
    ExecutedVersion: "$LATEST",
    Payload: answer,
    SdkHttpMetadata: { HttpStatusCode: 200 },
    SdkResponseMetadata: { RequestId: requestId },
    StatusCode: 200,
  };
};

export const taskFailed = (run: Run, thread: Thread, failure: Failure): void => {
  const { error, cause } = failure;
  run.record(thread, "TaskFailed", {
    taskFailedEventDetails: { ...resource, error, cause },
  });
  fail(run, thread, failure);
};

export const taskSucceeded = (run: Run, thread: Thread, result: Json): void => {
  const state = taskStateOf(run, thread);
  const output = JSON.stringify(result);
  if (exceedsPayloadLimit(output)) {
    const cause = `The state/task '${state.name}' returned a result with a size exceeding the maximum number of bytes service limit.`;
    taskFailed(run, thread, { error: "States.DataLimitExceeded", cause });
    return;
  }
  run.record(thread, "TaskSucceeded", {
    taskSucceededEventDetails: { ...resource, ...outputDetails(output) },
  });
  guard(run, thread, () => {
    complete(run, thread, result);
  });
};

export const taskTimedOut = (run: Run, thread: Thread): void => {
  const failure = { error: "States.Timeout", cause: "The task ran out of its time." };
  run.record(thread, "TaskTimedOut", {
    taskTimedOutEventDetails: { ...resource, ...failure },
  });
  fail(run, thread, failure);
};
