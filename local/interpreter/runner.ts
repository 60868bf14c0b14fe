/**
 * Runs executions on a clock: arms timers for what is pending, takes the step when it is due, invokes functions,
 * and saves before anything goes on. One runner serves one run of the process: after `die` it does nothing.
 */

import type { Clock } from "../cloud/clock.ts";
import type { PendingTask } from "./execution.ts";
import type { Failure } from "./failures.ts";
import { failureOfFunction } from "./failures.ts";
import type { Json } from "./json.ts";
import { parseJson, textOf, toJson } from "./json.ts";
import type { Run } from "./run.ts";
import { change, step } from "./states/steps.ts";
import {
  invokeResult,
  renewDeadline,
  taskFailed,
  taskSucceeded,
  taskTimedOut,
} from "./states/task.ts";
import type { ExecutionStore } from "./store.ts";

/**
 * Runs a function. Rejections become the failure of the task: an Error by its name, a FunctionKilled as a
 * crash. On a virtual clock it waits by `pass` for as long as it takes.
 */
export type Invoke = (functionName: string, payload: unknown) => Promise<unknown>;

type Cancel = () => void;
type Outcome =
  | { readonly isAnswered: true; readonly answer: Json }
  | { readonly isAnswered: false; readonly failure: Failure };

const takeOutcome = (run: Run, pending: PendingTask, outcome: Outcome): void => {
  if (run.environment.now() > pending.deadlineMs) taskTimedOut(run);
  else if (!outcome.isAnswered) taskFailed(run, outcome.failure);
  else taskSucceeded(run, invokeResult(run, pending, outcome.answer));
};

const timeOut = (run: Run): void => {
  run.close({ status: "TIMED_OUT" });
};

export class Runner {
  readonly #clock: Clock;
  readonly #invoke: Invoke;
  readonly #store: ExecutionStore | undefined;
  readonly #runs = new Map<string, Run>();
  readonly #timers = new Map<Run, readonly Cancel[]>();
  #isAlive = true;

  constructor(parts: {
    readonly clock: Clock;
    readonly invoke: Invoke;
    readonly createStore: (isAlive: () => boolean) => ExecutionStore | undefined;
  }) {
    this.#clock = parts.clock;
    this.#invoke = parts.invoke;
    this.#store = parts.createStore(() => this.#isAlive);
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get store(): ExecutionStore | undefined {
    return this.#store;
  }

  /** Those in memory: all without a table, the running ones with one. */
  get runs(): ReadonlyMap<string, Run> {
    return this.#runs;
  }

  add(run: Run): void {
    this.#runs.set(run.execution.arn, run);
  }

  /** Changes a run, saves it, and arms what is to come. */
  async apply(run: Run, action: () => void): Promise<void> {
    change(run, action);
    await this.#commit(run);
  }

  /** Sets the timers of a run that is saved: for what is pending, and for the end of its time. */
  arm(run: Run): void {
    this.#cancelTimers(run);
    if (!this.#isAlive) return;
    if (run.isRunning) this.#timers.set(run, this.#timersFor(run));
    else if (this.#store !== undefined) this.#runs.delete(run.execution.arn);
  }

  /** Goes on with what was loaded. A function that was under way is invoked again. */
  async continue(run: Run): Promise<void> {
    this.add(run);
    const { pending } = run.current;
    if (pending.kind === "TASK") renewDeadline(run, pending);
    await this.#commit(run);
  }

  die(): void {
    this.#isAlive = false;
    for (const run of this.#timers.keys()) this.#cancelTimers(run);
  }

  async #commit(run: Run): Promise<void> {
    const { turn } = run;
    await this.#save(run);
    // What has changed once more since then is armed when that change is saved.
    if (run.turn === turn) this.arm(run);
  }

  async #save(run: Run): Promise<void> {
    try {
      await this.#store?.save(run);
    } catch (error) {
      // What can't be saved must not run on: it would act without a record.
      this.#cancelTimers(run);
      this.#runs.delete(run.execution.arn);
      if (this.#isAlive) throw error;
    }
  }

  #cancelTimers(run: Run): void {
    for (const cancel of this.#timers.get(run) ?? []) cancel();
    this.#timers.delete(run);
  }

  #timersFor(run: Run): readonly Cancel[] {
    const { deadlineMs } = run.execution;
    const deadline = deadlineMs === undefined ? [] : [this.#change(run, deadlineMs, timeOut)];
    return [...deadline, ...this.#timersForPending(run)];
  }

  #timersForPending(run: Run): readonly Cancel[] {
    const { pending } = run.current;
    const nowMs = this.#clock.now();
    switch (pending.kind) {
      case "ENTER":
        return [this.#change(run, nowMs, step)];
      case "WAIT":
      case "REPEAT":
        return [this.#change(run, pending.untilMs, step)];
      case "TASK":
        return [
          this.#schedule(run, nowMs, () => this.#runFunction(run, pending)),
          this.#change(run, pending.deadlineMs, taskTimedOut),
        ];
    }
  }

  #change(run: Run, atMs: number, action: (run: Run) => void): Cancel {
    return this.#schedule(run, atMs, () =>
      this.apply(run, () => {
        action(run);
      }),
    );
  }

  /** The job is void if by then the run has moved on. */
  #schedule(run: Run, atMs: number, job: () => Promise<void>): Cancel {
    const { turn } = run;
    return this.#clock.schedule(atMs, async () => {
      if (this.#isCurrent(run, turn)) await job();
    });
  }

  #isCurrent(run: Run, turn: number): boolean {
    const isOurs = this.#runs.get(run.execution.arn) === run;
    return this.#isAlive && isOurs && run.isRunning && run.turn === turn;
  }

  async #runFunction(run: Run, pending: PendingTask): Promise<void> {
    const { turn } = run;
    const outcome = await this.#call(pending);
    // Timed out, stopped or killed in the meantime: a late answer does not count.
    if (!this.#isCurrent(run, turn)) return;
    await this.apply(run, () => {
      takeOutcome(run, pending, outcome);
    });
  }

  async #call({ functionName, payload }: PendingTask): Promise<Outcome> {
    try {
      const answer = await this.#invoke(functionName, parseJson(textOf(payload)));
      return { isAnswered: true, answer: toJson(answer) };
    } catch (thrown) {
      return { isAnswered: false, failure: failureOfFunction(thrown) };
    }
  }
}
