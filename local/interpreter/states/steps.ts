/** One step of a thread: enters its state, does its work, or goes on after a wait. */

import type { Thread } from "../execution.ts";
import { runtimeFailure, StateFailed } from "../failures.ts";
import { HistoryFull, historyLimit, inputDetails } from "../history.ts";
import type { ChoiceState, FailState, WaitState } from "../machine.ts";
import type { Run } from "../run.ts";
import { guard, leave, recordEntry } from "./flow.ts";
import { scheduleTask } from "./task.ts";

const choose = (run: Run, thread: Thread, state: ChoiceState): void => {
  const rule = state.rules.find(({ condition }) => condition(thread.input));
  const next = rule?.next ?? state.defaultNext;
  if (next === undefined) {
    throw runtimeFailure("Failed to find a match for the choice, and there is no Default");
  }
  leave(run, thread, { state, output: thread.input, next });
};

const wait = (run: Run, thread: Thread, state: WaitState): void => {
  const untilMs = state.until(thread.input, run.environment.now());
  run.setPhase(thread, { kind: "WAIT", untilMs });
};

const failOnPurpose = ({ input }: Thread, state: FailState): void => {
  throw new StateFailed({ error: state.error(input), cause: state.cause(input) });
};

/** Begins the state's work; the entry is already recorded. */
const work = (run: Run, thread: Thread): void => {
  const state = run.stateOf(thread);
  switch (state.type) {
    case "Task":
      scheduleTask(run, thread, state);
      return;
    case "Choice":
      choose(run, thread, state);
      return;
    case "Wait":
      wait(run, thread, state);
      return;
    case "Succeed":
      leave(run, thread, { state, output: thread.input, next: undefined });
      return;
    case "Fail":
      failOnPurpose(thread, state);
  }
};

const goOnAfterWait = (run: Run, thread: Thread): void => {
  const state = run.stateOf(thread);
  if (state.type !== "Wait") throw new Error(`"${state.name}" is no Wait.`);
  leave(run, thread, { state, output: thread.input, next: state.next });
};

/** For a thread whose time has come: ENTER, REPEAT or WAIT. */
export const step = (run: Run, thread: Thread): void => {
  guard(run, thread, () => {
    switch (thread.phase.kind) {
      case "ENTER":
        recordEntry(run, thread);
        work(run, thread);
        return;
      case "REPEAT":
        work(run, thread);
        return;
      case "WAIT":
        goOnAfterWait(run, thread);
        return;
      case "TASK":
        throw new Error(`"${thread.state}" waits for an answer and can't take a step.`);
    }
  });
};

/** Changes a run. A history that is full ends the execution, as Step Functions does. */
export const change = (run: Run, action: () => void): void => {
  try {
    action();
  } catch (error) {
    if (!(error instanceof HistoryFull)) throw error;
    run.close({
      status: "FAILED",
      error: "States.Runtime",
      cause: `The execution reached the maximum number of history events (${String(historyLimit)}).`,
    });
  }
};

/** The first event, and the main thread about to enter the first state. */
export const begin = (run: Run): void => {
  const { execution, machine, environment } = run;
  run.recordOwn("ExecutionStarted", 0, {
    executionStartedEventDetails: {
      ...inputDetails(execution.input),
      roleArn: environment.roleArn,
    },
  });
  // AWS links the first state to event 0, not to ExecutionStarted.
  run.addThread({ state: machine.startAt, input: run.inputValue, lastEventId: 0 });
};

/** What ended unsuccessfully goes on where it stood: retries count anew. */
export const redrive = (run: Run): void => {
  const { execution, environment } = run;
  execution.redriveCount += 1;
  execution.redriveMs = environment.now();
  execution.status = "RUNNING";
  delete execution.stopMs;
  delete execution.error;
  delete execution.cause;
  const redriven = run.recordOwn("ExecutionRedriven", execution.eventCount, {
    executionRedrivenEventDetails: { redriveCount: execution.redriveCount },
  });
  for (const thread of [...run.threads.values()]) {
    thread.lastEventId = redriven;
    thread.retries = [];
    if (thread.phase.kind === "ENTER") run.changed.add(thread.id);
    else run.setPhase(thread, { kind: "REPEAT", untilMs: environment.now() });
  }
};
