/**
 * Step Functions on a laptop: runs the subset of the Amazon States Language in `statemachines/asl.ts` on a
 * virtual or a real clock. With a table, executions outlive the process; what was being invoked when it died is
 * invoked again, as after a retry on AWS: steps are idempotent.
 */

import type { Table } from "../../adapters/store/table.ts";
import type { Clock } from "../cloud/clock.ts";
import type { Random } from "../cloud/random.ts";
import { createRandom } from "../cloud/random.ts";
import type { Execution, ExecutionStatus } from "./execution.ts";
import type { ExecutionDescription } from "./description.ts";
import { Executions } from "./executions.ts";
import type { RecordedEvent } from "./history.ts";
import { serviceUnavailable } from "./refusals.ts";
import type { RegisterInput, StateMachineRecord } from "./registry.ts";
import { Registry } from "./registry.ts";
import type { RunEnvironment } from "./run.ts";
import type { Invoke } from "./runner.ts";
import { Runner } from "./runner.ts";
import type { StartInput } from "./start-input.ts";
import { ExecutionStore } from "./store.ts";

export interface InterpreterOptions {
  readonly clock: Clock;
  readonly invoke: Invoke;
  /** Without one, nothing outlives `kill`. */
  readonly table?: Table;
  readonly region: string;
  readonly accountId: string;
  /** For jitter, request ids and default names; a fixed seed if absent. */
  readonly random?: Random;
}

type ExecutionListener = (execution: Execution, event: RecordedEvent) => void;

/** Refusals are CloudErrors with the codes of Step Functions. */
export interface Interpreter {
  readonly roleArn: string;
  /** @throws DefinitionRefused naming state and field. @returns the machine's ARN */
  register(input: RegisterInput): string;
  readonly stateMachines: readonly StateMachineRecord[];
  findStateMachine(arn: string): StateMachineRecord;
  /** The same name and input while it runs gives the same execution. */
  start(input: StartInput): Promise<{ executionArn: string; startDate: Date }>;
  describe(executionArn: string): Promise<ExecutionDescription>;
  /** With which it began: JSON. */
  definitionOf(
    executionArn: string,
  ): Promise<{ readonly execution: Execution; readonly definition: string }>;
  /** Oldest first. */
  history(executionArn: string): Promise<readonly RecordedEvent[]>;
  /** Newest first. */
  list(query: {
    readonly stateMachineArn: string;
    readonly statusFilter?: ExecutionStatus | undefined;
  }): Promise<readonly ExecutionDescription[]>;
  stop(input: {
    readonly executionArn: string;
    readonly error?: string | undefined;
    readonly cause?: string | undefined;
  }): Promise<{ stopDate: Date }>;
  redrive(executionArn: string): Promise<{ redriveDate: Date }>;
  /** Told of each event of an execution as it is recorded. */
  onEvent(listener: ExecutionListener): void;
  /** The process dies: from now on nothing runs, and what functions still return is lost. */
  kill(): void;
  /** The process starts again: loads what was running from the table and goes on. */
  resume(): Promise<void>;
}

export const createInterpreter = (options: InterpreterOptions): Interpreter => {
  const { clock, invoke, table, region, accountId } = options;
  const random = options.random ?? createRandom(0);
  const registry = new Registry({ clock, region, accountId });
  const roleArn = `arn:aws:iam::${accountId}:role/spot-optimizer-workflows`;
  const listeners = new Set<ExecutionListener>();
  const environment: RunEnvironment = {
    region,
    roleArn,
    random,
    now: () => clock.now(),
    heard: (execution, event) => {
      for (const listener of listeners) listener(execution, event);
    },
  };
  const createRunner = (): Runner =>
    new Runner({
      clock,
      invoke,
      createStore: (isAlive) =>
        table === undefined ? undefined : new ExecutionStore(table, isAlive),
    });
  const createExecutions = (): Executions =>
    new Executions({ clock, random, registry, environment, runner });
  let runner = createRunner();
  let executions = createExecutions();
  const living = (): Executions => {
    if (!runner.isAlive) throw serviceUnavailable();
    return executions;
  };
  return {
    roleArn,
    register: (input) => registry.register(input),
    get stateMachines() {
      return registry.all;
    },
    findStateMachine: (arn) => registry.find(arn),
    start: async (input) => living().start(input),
    describe: async (arn) => living().describe(arn),
    definitionOf: async (arn) => living().definition(arn),
    history: async (arn) => living().history(arn),
    list: async (query) => living().list(query),
    stop: async (input) => living().stop(input),
    redrive: async (arn) => living().redrive(arn),
    onEvent: (listener) => {
      listeners.add(listener);
    },
    kill: () => {
      runner.die();
    },
    resume: async () => {
      runner.die();
      runner = createRunner();
      executions = createExecutions();
      await executions.resume();
    },
  };
};
