/** Task: schedule an invocation, and take its answer. The invocation itself is the runner's. */

import { uuidOf } from "../../cloud/random.ts";
import type { PendingTask } from "../execution.ts";
import type { Failure } from "../failures.ts";
import { outputDetails } from "../history.ts";
import type { Json } from "../json.ts";
import { exceedsPayloadLimit, textOf } from "../json.ts";
import type { TaskState } from "../machine.ts";
import type { Run } from "../run.ts";
import { checkPayload, complete, fail, guard } from "./flow.ts";

const resource = { resourceType: "lambda", resource: "invoke" } as const;

const deadlineOf = (run: Run, { timeoutSeconds }: TaskState): number =>
  run.environment.now() + timeoutSeconds * 1000;

/** @throws Error if the run is not in a Task state, which can't happen once it was in one. */
const taskStateOf = ({ state }: Run): TaskState => {
  if (state.type !== "Task") throw new Error(`"${state.name}" is not a Task.`);
  return state;
};

export const scheduleTask = (run: Run, state: TaskState): void => {
  const payload = state.payload(run.current.input);
  const parameters = `{"FunctionName":${JSON.stringify(state.functionName)},"Payload":${textOf(payload)}}`;
  checkPayload(state.name, parameters);
  const scheduledEventId = run.record("TaskScheduled", {
    taskScheduledEventDetails: {
      ...resource,
      region: run.environment.region,
      parameters,
      timeoutInSeconds: state.timeoutSeconds,
    },
  });
  run.record("TaskStarted", { taskStartedEventDetails: resource });
  run.setPending({
    kind: "TASK",
    scheduledEventId,
    functionName: state.functionName,
    payload,
    deadlineMs: deadlineOf(run, state),
  });
};

/** After a restart the function is invoked anew, so its time begins anew. */
export const renewDeadline = (run: Run, pending: PendingTask): void => {
  run.setPending({ ...pending, deadlineMs: deadlineOf(run, taskStateOf(run)) });
};

/** What lambda:invoke gives to the state. */
export const invokeResult = (run: Run, pending: PendingTask, answer: Json): Json => {
  const stream = `${run.execution.arn}#${String(pending.scheduledEventId)}`;
  const requestId = uuidOf(run.environment.random.fork(stream));
  return {
    ExecutedVersion: /:(\d+)$/.exec(pending.functionName)?.[1] ?? "$LATEST",
    Payload: answer,
    SdkHttpMetadata: { HttpStatusCode: 200 },
    SdkResponseMetadata: { RequestId: requestId },
    StatusCode: 200,
  };
};

export const taskFailed = (run: Run, failure: Failure): void => {
  const { error, cause } = failure;
  run.record("TaskFailed", { taskFailedEventDetails: { ...resource, error, cause } });
  fail(run, failure);
};

export const taskSucceeded = (run: Run, result: Json): void => {
  const state = taskStateOf(run);
  const output = JSON.stringify(result);
  if (exceedsPayloadLimit(output)) {
    const cause = `The state/task '${state.name}' returned a result with a size exceeding the maximum number of bytes service limit.`;
    taskFailed(run, { error: "States.DataLimitExceeded", cause });
    return;
  }
  run.record("TaskSucceeded", {
    taskSucceededEventDetails: { ...resource, ...outputDetails(output) },
  });
  guard(run, () => {
    complete(run, state, result);
  });
};

export const taskTimedOut = (run: Run): void => {
  const failure = { error: "States.Timeout", cause: "The task ran out of its time." };
  run.record("TaskTimedOut", { taskTimedOutEventDetails: { ...resource, ...failure } });
  fail(run, failure);
};
