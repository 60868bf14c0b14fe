/** One step of a run: it enters its state, does the state's work, or goes on after a wait. */

import { runtimeFailure, StateFailed } from "../failures.ts";
import { HistoryFull, historyLimit, inputDetails } from "../history.ts";
import type { ChoiceState, FailState, WaitState } from "../machine.ts";
import type { Run } from "../run.ts";
import { guard, leave, recordEntry } from "./flow.ts";
import { scheduleTask } from "./task.ts";

const choose = (run: Run, state: ChoiceState): void => {
  const { input } = run.current;
  const rule = state.rules.find(({ matches }) => matches(input));
  if (rule === undefined) throw runtimeFailure("Failed to find a match for the choice");
  leave(run, state, { output: input, next: rule.next });
};

const wait = (run: Run, state: WaitState): void => {
  const untilMs = run.environment.now() + state.seconds(run.current.input) * 1000;
  run.setPending({ kind: "WAIT", untilMs });
};

const failOnPurpose = ({ current: { input } }: Run, state: FailState): void => {
  throw new StateFailed({ error: state.error(input), cause: state.cause(input) });
};

/** Begins the state's work; the entry is already recorded. */
const work = (run: Run): void => {
  const { current, state } = run;
  switch (state.type) {
    case "Task":
      scheduleTask(run, state);
      return;
    case "Choice":
      choose(run, state);
      return;
    case "Wait":
      wait(run, state);
      return;
    case "Succeed":
      leave(run, state, { output: current.input, next: undefined });
      return;
    case "Fail":
      failOnPurpose(run, state);
  }
};

const goOnAfterWait = (run: Run): void => {
  const { current, state } = run;
  if (state.type !== "Wait") throw new Error(`"${state.name}" is not a Wait.`);
  leave(run, state, { output: current.input, next: state.next });
};

/** For a run whose time has come: ENTER, REPEAT or WAIT. */
export const step = (run: Run): void => {
  guard(run, () => {
    switch (run.current.pending.kind) {
      case "ENTER":
        recordEntry(run);
        work(run);
        return;
      case "REPEAT":
        work(run);
        return;
      case "WAIT":
        goOnAfterWait(run);
        return;
      case "TASK":
        throw new Error(`"${run.current.name}" waits for an answer and can't take a step.`);
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

/** Records the first event. The first state is entered in the step that follows. */
export const begin = (run: Run): void => {
  run.record("ExecutionStarted", {
    executionStartedEventDetails: {
      ...inputDetails(run.execution.input),
      roleArn: run.environment.roleArn,
    },
  });
};

/** What ended unsuccessfully goes on where it stood: retries count anew. */
export const redrive = (run: Run): void => {
  const { current, environment, execution } = run;
  execution.redriveCount += 1;
  execution.redriveMs = environment.now();
  execution.status = "RUNNING";
  delete execution.stopMs;
  delete execution.error;
  delete execution.cause;
  run.record("ExecutionRedriven", {
    executionRedrivenEventDetails: { redriveCount: execution.redriveCount },
  });
  current.retries = [];
  const isEntered = current.pending.kind !== "ENTER";
  run.setPending(isEntered ? { kind: "REPEAT", untilMs: environment.now() } : { kind: "ENTER" });
};
