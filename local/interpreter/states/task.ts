/** Task: schedule an invocation, and take its answer. The invocation itself is the runner's. */

import { scopeWith } from "../context.ts";
import type { Phase, Thread } from "../execution.ts";
import type { Failure } from "../failures.ts";
import { outputDetails } from "../history.ts";
import type { Json } from "../json.ts";
import { exceedsPayloadLimit } from "../json.ts";
import type { TaskState } from "../machine.ts";
import type { Run } from "../run.ts";
import { createToken } from "../tokens.ts";
import type { Flow } from "./flow.ts";
import { checkPayload, effectiveInput } from "./flow.ts";

export type TaskPhase = Extract<Phase, { kind: "TASK" }>;

const resourceOf = (
  state: TaskState,
): { readonly resourceType: string; readonly resource: string } => ({
  resourceType: "lambda",
  resource: state.waitsForToken ? "invoke.waitForTaskToken" : "invoke",
});

const after = (run: Run, seconds: number): number => run.surroundings.now() + seconds * 1000;

/** @throws Error if the thread is not in a Task state, which can't be once it was one. */
const taskStateOf = (run: Run, thread: Thread): TaskState => {
  const state = run.stateOf(thread);
  if (state.type !== "Task") throw new Error(`"${state.name}" is no Task.`);
  return state;
};

/** The tokens name the event; the event tells the parameters, which hold the token: so the id is foreseen. */
export const scheduleTask = (run: Run, thread: Thread, state: TaskState): void => {
  const scheduledEventId = run.history.events.length + 1;
  const token = state.waitsForToken ? createToken(run, thread, scheduledEventId) : undefined;
  const payload = state.payload(
    scopeWith(run, thread, { input: effectiveInput(run, thread), taskToken: token }),
  );
  const parameters = JSON.stringify({ FunctionName: state.functionName, Payload: payload });
  checkPayload(state.name, parameters);
  run.record(thread, "TaskScheduled", {
    taskScheduledEventDetails: {
      ...resourceOf(state),
      region: run.surroundings.region,
      parameters,
      timeoutInSeconds: state.timeoutSeconds,
      ...(state.heartbeatSeconds === undefined
        ? {}
        : { heartbeatInSeconds: state.heartbeatSeconds }),
    },
  });
  run.record(thread, "TaskStarted", { taskStartedEventDetails: resourceOf(state) });
  run.setPhase(thread, {
    kind: "TASK",
    scheduledEventId,
    functionName: state.functionName,
    payload,
    deadlineMs: after(run, state.timeoutSeconds),
    ...(state.heartbeatSeconds === undefined
      ? {}
      : { heartbeatMs: after(run, state.heartbeatSeconds) }),
    ...(token === undefined ? {} : { token }),
    isSubmitted: false,
  });
};

/** After a restart the function is invoked anew, so its time begins anew. A submitted task keeps its own. */
export const renewDeadlines = (run: Run, thread: Thread, phase: TaskPhase): void => {
  if (phase.isSubmitted) return;
  const state = taskStateOf(run, thread);
  run.setPhase(thread, {
    ...phase,
    deadlineMs: after(run, state.timeoutSeconds),
    ...(state.heartbeatSeconds === undefined
      ? {}
      : { heartbeatMs: after(run, state.heartbeatSeconds) }),
  });
};

/** What lambda:invoke gives to the state. */
export const invokeResult = (run: Run, phase: TaskPhase, answer: Json): Json => {
  const hex = run.surroundings.random
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

export const createTaskAnswers = (flow: Flow) => {
  const failed = (run: Run, thread: Thread, failure: Failure): void => {
    const { error, cause } = failure;
    run.record(thread, "TaskFailed", {
      taskFailedEventDetails: { ...resourceOf(taskStateOf(run, thread)), error, cause },
    });
    flow.fail(run, thread, failure);
  };

  const succeeded = (run: Run, thread: Thread, result: Json): void => {
    const state = taskStateOf(run, thread);
    const output = JSON.stringify(result);
    if (exceedsPayloadLimit(output)) {
      const cause = `The state/task '${state.name}' returned a result with a size exceeding the maximum number of bytes service limit.`;
      failed(run, thread, { error: "States.DataLimitExceeded", cause });
      return;
    }
    run.record(thread, "TaskSucceeded", {
      taskSucceededEventDetails: { ...resourceOf(state), ...outputDetails(output) },
    });
    flow.guard(run, thread, () => {
      flow.complete(run, thread, result);
    });
  };

  const submitted = (run: Run, thread: Thread, result: Json): void => {
    if (thread.phase.kind !== "TASK") throw new Error(`"${thread.state}" waits for no answer.`);
    run.record(thread, "TaskSubmitted", {
      taskSubmittedEventDetails: {
        ...resourceOf(taskStateOf(run, thread)),
        ...outputDetails(JSON.stringify(result)),
      },
    });
    run.setPhase(thread, { ...thread.phase, isSubmitted: true });
  };

  const timedOut = (run: Run, thread: Thread, isHeartbeat: boolean): void => {
    const cause = isHeartbeat ? "No heartbeat came in time." : "The task ran out of its time.";
    const error = "States.Timeout";
    run.record(thread, "TaskTimedOut", {
      taskTimedOutEventDetails: { ...resourceOf(taskStateOf(run, thread)), error, cause },
    });
    flow.fail(run, thread, { error, cause, isHeartbeat });
  };

  const heartbeat = (run: Run, thread: Thread, phase: TaskPhase): void => {
    const { heartbeatSeconds } = taskStateOf(run, thread);
    if (heartbeatSeconds === undefined) return;
    // The turn stays: the invocation under way is still the right one.
    thread.phase = { ...phase, heartbeatMs: after(run, heartbeatSeconds) };
    run.changed.add(thread.id);
  };

  return { failed, succeeded, submitted, timedOut, heartbeat };
};
