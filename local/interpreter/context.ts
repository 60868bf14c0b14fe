/** The context object, `$$`: what a state may know of its execution. */

import type { Thread } from "./execution.ts";
import type { Json } from "./json.ts";
import type { Scope } from "./paths.ts";
import type { Run } from "./run.ts";

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

const executionContext = (run: Run): Json => {
  const { execution } = run;
  return {
    Id: execution.arn,
    Input: run.inputValue,
    Name: execution.name,
    RoleArn: run.surroundings.roleArn,
    StartTime: iso(execution.startMs),
    RedriveCount: execution.redriveCount,
    ...(execution.redriveMs === undefined ? {} : { RedriveTime: iso(execution.redriveMs) }),
  };
};

const contextOf = (run: Run, thread: Thread): Json => ({
  Execution: executionContext(run),
  State: {
    EnteredTime: iso(thread.enteredMs),
    Name: thread.state,
    RetryCount: thread.retries.reduce((sum, count) => sum + count, 0),
  },
  StateMachine: { Id: run.execution.stateMachineArn, Name: run.execution.stateMachineName },
});

/** What the paths of a thread's present state are read against. */
export const scopeOf = (run: Run, thread: Thread, input: Json): Scope => ({
  input,
  context: () => contextOf(run, thread),
});
