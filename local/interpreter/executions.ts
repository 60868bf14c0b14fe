/** The life of executions as the API sees it: start, describe, list, stop, redrive. */

import type { Clock } from "../cloud/clock.ts";
import { type Random, uuidOf } from "../cloud/random.ts";
import type { ExecutionDescription } from "./description.ts";
import { describeExecution } from "./description.ts";
import type { Execution, ExecutionStatus } from "./execution.ts";
import { judgeRedrive } from "./execution.ts";
import type { RecordedEvent } from "./history.ts";
import { History } from "./history.ts";
import type { Registry, StateMachineRecord } from "./registry.ts";
import {
  checkArn,
  checkName,
  executionAlreadyExists,
  executionDoesNotExist,
  executionNotRedrivable,
  serviceUnavailable,
} from "./refusals.ts";
import type { StartInput } from "./start-input.ts";
import { parseInput } from "./start-input.ts";
import type { RunEnvironment } from "./run.ts";
import { Run } from "./run.ts";
import type { Runner } from "./runner.ts";
import { begin, redrive } from "./states/steps.ts";

/** A name is free again 90 days after its execution was closed. */
const nameKeptMs = 90 * 24 * 3600 * 1000;

interface KnownExecution {
  readonly execution: Execution;
  /** Of its item, if it was read from the table. */
  readonly version?: number;
}

export class Executions {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #registry: Registry;
  readonly #environment: RunEnvironment;
  readonly #runner: Runner;
  readonly #loading = new Map<string, Promise<Run | undefined>>();
  #unnamed = 0;

  constructor(parts: {
    readonly clock: Clock;
    readonly random: Random;
    readonly registry: Registry;
    readonly environment: RunEnvironment;
    readonly runner: Runner;
  }) {
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#registry = parts.registry;
    this.#environment = parts.environment;
    this.#runner = parts.runner;
  }

  async start(request: StartInput): Promise<{ executionArn: string; startDate: Date }> {
    const machine = this.#registry.find(request.stateMachineArn);
    const name = request.name ?? this.#newName(machine);
    checkName(name);
    const input = parseInput(request.input);
    const arn = `${machine.arn.replace(":stateMachine:", ":execution:")}:${name}`;
    const known = await this.#findKnown(arn);
    if (known !== undefined && !this.#isNameFree(known.execution)) {
      return this.#startAgain(known.execution, input);
    }
    const run = this.#newRun({ machine, name, arn, input });
    const isOurs = await this.#launch(run, machine, known);
    if (!isOurs) return this.start({ ...request, name });
    return { executionArn: arn, startDate: new Date(run.execution.startMs) };
  }

  /** @throws CloudError ExecutionDoesNotExist */
  async describe(arn: string): Promise<ExecutionDescription> {
    checkArn("execution", arn);
    const known = await this.#findKnown(arn);
    if (known === undefined) throw executionDoesNotExist(arn);
    return describeExecution(known.execution, this.#clock.now());
  }

  /** JSON, with which it began and goes on. */
  async definition(arn: string): Promise<{ execution: Execution; definition: string }> {
    checkArn("execution", arn);
    const known = await this.#findKnown(arn);
    if (known === undefined) throw executionDoesNotExist(arn);
    const { execution } = known;
    return {
      execution,
      definition: await this.#registry.definitionOf(execution, this.#runner.store),
    };
  }

  async history(arn: string): Promise<readonly RecordedEvent[]> {
    checkArn("execution", arn);
    const run = this.#runner.runs.get(arn);
    if (run !== undefined) return [...run.history.events];
    const loaded = await this.#runner.store?.load(arn);
    if (loaded === undefined) throw executionDoesNotExist(arn);
    return loaded.events;
  }

  /** Newest first. */
  async list(query: {
    readonly stateMachineArn: string;
    readonly statusFilter?: ExecutionStatus | undefined;
  }): Promise<readonly ExecutionDescription[]> {
    const { arn } = this.#registry.find(query.stateMachineArn);
    const inMemory = [...this.#runner.runs.values()]
      .map((run) => run.execution)
      .filter((execution) => execution.stateMachineArn === arn)
      .reverse();
    const all = (await this.#runner.store?.list(arn)) ?? inMemory;
    return all
      .map((execution) => this.#runner.runs.get(execution.arn)?.execution ?? execution)
      .filter(({ status }) => query.statusFilter === undefined || status === query.statusFilter)
      .map((execution) => describeExecution(execution, this.#clock.now()));
  }

  /** One that has ended stays as it is. */
  async stop(request: {
    readonly executionArn: string;
    readonly error?: string | undefined;
    readonly cause?: string | undefined;
  }): Promise<{ stopDate: Date }> {
    const { executionArn, error, cause } = request;
    checkArn("execution", executionArn);
    const run = await this.#getRun(executionArn);
    if (run.isRunning) {
      await this.#runner.apply(run, () => {
        run.close({ status: "ABORTED", error, cause });
      });
      this.#checkAlive();
    }
    return { stopDate: new Date(run.execution.stopMs ?? this.#clock.now()) };
  }

  async redrive(arn: string): Promise<{ redriveDate: Date }> {
    checkArn("execution", arn);
    const run = await this.#getRun(arn);
    const refusal = judgeRedrive(run.execution, this.#clock.now());
    if (refusal !== undefined) throw executionNotRedrivable(refusal);
    this.#runner.add(run);
    await this.#runner.apply(run, () => {
      redrive(run);
      this.#setDeadline(run);
    });
    this.#checkAlive();
    return { redriveDate: new Date(run.execution.redriveMs ?? this.#clock.now()) };
  }

  /** Loads what was running when the process died, and goes on with it. */
  async resume(): Promise<void> {
    for (const arn of (await this.#runner.store?.listRunning()) ?? []) {
      const run = await this.#load(arn);
      // The index may lag behind; the item itself is up to date.
      if (run?.isRunning === true) await this.#runner.continue(run);
    }
  }

  /** @returns false if another start took that name first */
  async #launch(
    run: Run,
    machine: StateMachineRecord,
    replaced: KnownExecution | undefined,
  ): Promise<boolean> {
    const { runs } = this.#runner;
    const isCreated = await this.#create(run, machine, replaced?.version);
    const present = runs.get(run.execution.arn)?.execution;
    if (!isCreated || (present !== undefined && present !== replaced?.execution)) return false;
    this.#runner.add(run);
    this.#runner.arm(run);
    return true;
  }

  async #create(
    run: Run,
    machine: StateMachineRecord,
    replacedVersion: number | undefined,
  ): Promise<boolean> {
    const { store } = this.#runner;
    try {
      await store?.saveDefinition(machine.arn, machine.revision, machine.definition);
      return (await store?.create(run, replacedVersion)) ?? true;
    } finally {
      // Even after a failure: a caller must learn first that the process was killed.
      this.#checkAlive();
    }
  }

  #newName(machine: StateMachineRecord): string {
    this.#unnamed += 1;
    const seed = `${machine.arn}#${String(this.#clock.now())}#${String(this.#unnamed)}`;
    return uuidOf(this.#random.fork(seed));
  }

  #newRun(parts: {
    readonly machine: StateMachineRecord;
    readonly name: string;
    readonly arn: string;
    readonly input: string;
  }): Run {
    const execution: Execution = {
      arn: parts.arn,
      name: parts.name,
      stateMachineArn: parts.machine.arn,
      stateMachineName: parts.machine.name,
      revision: parts.machine.revision,
      input: parts.input,
      startMs: this.#clock.now(),
      status: "RUNNING",
      redriveCount: 0,
      transitions: 0,
      eventCount: 0,
    };
    const { machine } = parts.machine;
    const run = new Run({ execution, machine, environment: this.#environment });
    this.#setDeadline(run);
    begin(run);
    return run;
  }

  #setDeadline(run: Run): void {
    const { timeoutSeconds } = run.machine;
    if (timeoutSeconds !== undefined) {
      run.execution.deadlineMs = this.#clock.now() + timeoutSeconds * 1000;
    }
  }

  async #findKnown(arn: string): Promise<KnownExecution | undefined> {
    const run = this.#runner.runs.get(arn);
    if (run?.isRunning === true || this.#runner.store === undefined) return run;
    return this.#runner.store.find(arn);
  }

  #isNameFree(execution: Execution): boolean {
    const { stopMs } = execution;
    return stopMs !== undefined && this.#clock.now() - stopMs > nameKeptMs;
  }

  /** The same name and input while it runs is the same execution. */
  #startAgain(known: Execution, input: string): { executionArn: string; startDate: Date } {
    if (known.status !== "RUNNING" || known.input !== input)
      throw executionAlreadyExists(known.arn);
    return { executionArn: known.arn, startDate: new Date(known.startMs) };
  }

  async #getRun(arn: string): Promise<Run> {
    const run = this.#runner.runs.get(arn) ?? (await this.#load(arn));
    // Another call may have added it in the meantime.
    const present = this.#runner.runs.get(arn) ?? run;
    if (present === undefined) throw executionDoesNotExist(arn);
    return present;
  }

  /** Calls at the same time get the same copy. */
  #load(arn: string): Promise<Run | undefined> {
    const known = this.#loading.get(arn);
    if (known !== undefined) return known;
    const loading = this.#loadOnce(arn).finally(() => {
      this.#loading.delete(arn);
    });
    this.#loading.set(arn, loading);
    return loading;
  }

  async #loadOnce(arn: string): Promise<Run | undefined> {
    const { store } = this.#runner;
    const loaded = await store?.load(arn);
    if (store === undefined || loaded === undefined) return undefined;
    const { execution, current, events } = loaded;
    const machine = await this.#registry.machineOf(execution, store);
    const history = new History(events);
    const environment = this.#environment;
    const run = new Run({ execution, machine, environment, history, current });
    await store.adopt(run);
    return run;
  }

  /** A call that the kill overtook is refused; whether it took effect shows after the restart. */
  #checkAlive(): void {
    if (!this.#runner.isAlive) throw serviceUnavailable();
  }
}
