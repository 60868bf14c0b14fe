/**
 * Runs executions on a clock: arms a timer for each thread, takes the step when it is due, invokes functions,
 * and saves before anything goes on. One runner is one life of the process: `die` is the end of all it does.
 */

import type { Clock } from "../cloud/clock.ts";
import type { Thread } from "./execution.ts";
import type { Failure } from "./failures.ts";
import { failureOfFunction } from "./failures.ts";
import type { Json } from "./json.ts";
import { toJson } from "./json.ts";
import type { Run } from "./run.ts";
import { change, step } from "./states/steps.ts";
import type { TaskPhase } from "./states/task.ts";
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
 * crash. On a virtual clock it must settle without the clock's help, and tell by `elapse` how long it took.
 */
export type Invoke = (functionName: string, payload: unknown) => Promise<unknown>;

type Cancel = () => void;
type Outcome =
  | { readonly isAnswered: true; readonly answer: Json }
  | { readonly isAnswered: false; readonly failure: Failure };

type ChangedThread = readonly [id: number, turn: number | undefined];

const takeChanged = (run: Run): readonly ChangedThread[] => {
  const changed = [...run.changed].map((id) => [id, run.threads.get(id)?.turn] as const);
  run.changed.clear();
  return changed;
};

export class Runner {
  readonly #clock: Clock;
  readonly #invoke: Invoke;
  readonly #store: ExecutionStore | undefined;
  readonly #runs = new Map<string, Run>();
  readonly #timers = new Map<Run, Map<number | "execution", readonly Cancel[]>>();
  /** The turn whose invocation has begun: it must not begin again. */
  readonly #invokedTurns = new WeakMap<Thread, number>();
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

  forget(run: Run): void {
    this.#cancelAll(run);
    this.#runs.delete(run.execution.arn);
  }

  /** Changes a run, saves it, and arms what is to come. */
  async apply(run: Run, action: () => void): Promise<void> {
    change(run, action);
    await this.commit(run);
  }

  async commit(run: Run): Promise<void> {
    const changed = takeChanged(run);
    await this.#save(run);
    this.#armChanged(run, changed);
  }

  /** What was saved already. */
  arm(run: Run): void {
    this.#armChanged(run, takeChanged(run));
  }

  /** Goes on with what was loaded. Functions that were under way are invoked again. */
  async continue(run: Run): Promise<void> {
    this.add(run);
    for (const thread of run.threads.values()) {
      run.changed.add(thread.id);
      if (thread.phase.kind === "TASK") renewDeadline(run, thread, thread.phase);
    }
    await this.commit(run);
  }

  die(): void {
    this.#isAlive = false;
    for (const run of this.#timers.keys()) this.#cancelAll(run);
  }

  /** Threads that have changed once more since then are armed when that change is saved. */
  #armChanged(run: Run, changed: readonly ChangedThread[]): void {
    if (!this.#isAlive) return;
    if (!run.isRunning) {
      this.#cancelAll(run);
      if (this.#store !== undefined) this.#runs.delete(run.execution.arn);
      return;
    }
    this.#armDeadline(run);
    for (const [id, turn] of changed) {
      if (run.threads.get(id)?.turn === turn) this.#arm(run, id);
    }
  }

  async #save(run: Run): Promise<void> {
    try {
      await this.#store?.save(run);
    } catch (error) {
      // What can't be saved must not run on: it would act, and nobody would know.
      this.forget(run);
      if (this.#isAlive) throw error;
    }
  }

  #timersOf(run: Run): Map<number | "execution", readonly Cancel[]> {
    const known = this.#timers.get(run);
    if (known !== undefined) return known;
    const timers = new Map<number | "execution", readonly Cancel[]>();
    this.#timers.set(run, timers);
    return timers;
  }

  #cancel(run: Run, id: number | "execution"): void {
    const timers = this.#timersOf(run);
    for (const cancel of timers.get(id) ?? []) cancel();
    timers.delete(id);
  }

  #cancelAll(run: Run): void {
    for (const cancels of this.#timers.get(run)?.values() ?? [])
      for (const cancel of cancels) cancel();
    this.#timers.delete(run);
  }

  #armDeadline(run: Run): void {
    const { deadlineMs } = run.execution;
    const timers = this.#timersOf(run);
    if (deadlineMs === undefined || timers.has("execution")) return;
    const job = async (): Promise<void> => {
      if (!this.#isAlive || !run.isRunning) return;
      await this.apply(run, () => {
        run.close({ status: "TIMED_OUT" });
      });
    };
    timers.set("execution", [this.#clock.schedule(deadlineMs, job)]);
  }

  #arm(run: Run, id: number): void {
    this.#cancel(run, id);
    const thread = run.threads.get(id);
    if (thread === undefined) return;
    const timers = this.#timersFor(run, thread);
    if (timers.length > 0) this.#timersOf(run).set(id, timers);
  }

  #timersFor(run: Run, thread: Thread): readonly Cancel[] {
    const { phase } = thread;
    switch (phase.kind) {
      case "ENTER":
        return [this.#at(this.#clock.now(), { run, thread }, () => this.#step(run, thread))];
      case "WAIT":
      case "REPEAT":
        return [this.#at(phase.untilMs, { run, thread }, () => this.#step(run, thread))];
      case "TASK":
        return this.#armTask(run, thread, phase);
    }
  }

  #armTask(run: Run, thread: Thread, phase: TaskPhase): readonly Cancel[] {
    const place = { run, thread };
    const cancels: Cancel[] = [];
    if (this.#invokedTurns.get(thread) !== thread.turn) {
      cancels.push(this.#at(this.#clock.now(), place, () => this.#runFunction(run, thread, phase)));
    }
    cancels.push(this.#at(phase.deadlineMs, place, () => this.#timeOut(run, thread)));
    return cancels;
  }

  /** Void if by then the thread does something else. */
  #at(
    atMs: number,
    { run, thread }: { readonly run: Run; readonly thread: Thread },
    job: () => Promise<void>,
  ): Cancel {
    const { turn } = thread;
    return this.#clock.schedule(atMs, async () => {
      if (this.#isCurrent(run, thread, turn)) await job();
    });
  }

  #isCurrent(run: Run, thread: Thread, turn: number): boolean {
    const isThere = run.threads.get(thread.id) === thread && thread.turn === turn;
    const isOurs = this.#runs.get(run.execution.arn) === run;
    return this.#isAlive && run.isRunning && isThere && isOurs;
  }

  async #step(run: Run, thread: Thread): Promise<void> {
    await this.apply(run, () => {
      step(run, thread);
    });
  }

  async #timeOut(run: Run, thread: Thread): Promise<void> {
    await this.apply(run, () => {
      taskTimedOut(run, thread);
    });
  }

  async #runFunction(run: Run, thread: Thread, phase: TaskPhase): Promise<void> {
    const { turn } = thread;
    this.#invokedTurns.set(thread, turn);
    const outcome = await this.#call(phase);
    // Timed out, stopped or dead in the meantime: a late result is no result.
    if (!this.#isCurrent(run, thread, turn) || thread.phase.kind !== "TASK") return;
    const present = thread.phase;
    await this.apply(run, () => {
      this.#take(run, thread, { present, outcome });
    });
  }

  async #call(phase: TaskPhase): Promise<Outcome> {
    try {
      const answer = await this.#invoke(phase.functionName, toJson(phase.payload));
      return { isAnswered: true, answer: toJson(answer) };
    } catch (thrown) {
      return { isAnswered: false, failure: failureOfFunction(thrown) };
    }
  }

  #take(
    run: Run,
    thread: Thread,
    { present, outcome }: { readonly present: TaskPhase; readonly outcome: Outcome },
  ): void {
    if (this.#clock.now() > present.deadlineMs) taskTimedOut(run, thread);
    else if (!outcome.isAnswered) taskFailed(run, thread, outcome.failure);
    else taskSucceeded(run, thread, invokeResult(run, present, outcome.answer));
  }
}
