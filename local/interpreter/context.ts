/** The context object, `$$`: what a state may know of its execution. */

import type { Iteration, Thread } from "./execution.ts";
import type { Json } from "./json.ts";
import type { Scope } from "./paths.ts";
import type { Run } from "./run.ts";

interface Extras {
  readonly iteration?: Iteration | undefined;
}

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

const contextOf = (run: Run, thread: Thread, extras: Extras): Json => {
  const iteration = extras.iteration ?? iterationOf(run, thread);
  return {
    Execution: executionContext(run),
    State: {
      EnteredTime: iso(thread.enteredMs),
      Name: thread.state,
      RetryCount: thread.retries.reduce((sum, count) => sum + count, 0),
    },
    StateMachine: { Id: run.execution.stateMachineArn, Name: run.execution.stateMachineName },
    ...(iteration === undefined
      ? {}
      : { Map: { Item: { Index: iteration.index, Value: iteration.value } } }),
  };
};

/** Of the Map that the thread runs in, however deep. */
const iterationOf = (run: Run, thread: Thread): Iteration | undefined => {
  if (thread.iteration !== undefined) return thread.iteration;
  const parent = thread.parent === undefined ? undefined : run.threads.get(thread.parent);
  return parent === undefined ? undefined : iterationOf(run, parent);
};

/** What the paths of a thread's present state are read against. */
export const scopeOf = (run: Run, thread: Thread, input: Json): Scope =>
  scopeWith(run, thread, { input });

/** With an item in the context that the thread itself does not have. */
export const scopeWith = (
  run: Run,
  thread: Thread,
  { input, ...extras }: Extras & { readonly input: Json },
): Scope => ({ input, context: () => contextOf(run, thread, extras) });
