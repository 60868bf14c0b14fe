/** The state machines that can be started, and the definitions that running executions keep. */

import { hash } from "node:crypto";
import type { Clock } from "../cloud/clock.ts";
import type { Execution } from "./execution.ts";
import { parseJson, toJson } from "./json.ts";
import type { Machine } from "./machine.ts";
import { compileMachine } from "./compile.ts";
import { checkArn, checkName, stateMachineDoesNotExist } from "./refusals.ts";
import type { ExecutionStore } from "./store.ts";
import { substitute } from "./substitute.ts";
import { validateDefinition } from "./validate/definition.ts";

export interface RegisterInput {
  readonly name: string;
  /** The state machine as an object. */
  readonly definition: unknown;
  /** For `${Name}` placeholders in its texts. */
  readonly substitutions?: Readonly<Record<string, string>>;
}

export interface StateMachineRecord {
  readonly arn: string;
  readonly name: string;
  /** JSON, with substitutions made. */
  readonly definition: string;
  /** Changes with the definition. */
  readonly revision: string;
  readonly creationDate: Date;
  readonly machine: Machine;
}

/** A machine has no state of its own: that of a text serves each registry. Each laboratory has one, and the same workflow. */
const compiled = new Map<string, Machine>();
const mostCompiled = 20;

/** @throws DefinitionRefused naming the machine */
const compileOnce = (name: string, text: string): Machine => {
  const machine = compiled.get(text) ?? compileMachine(validateDefinition(name, parseJson(text)));
  if (compiled.size >= mostCompiled) compiled.clear();
  compiled.set(text, machine);
  return machine;
};

type Substituted = Pick<StateMachineRecord, "definition" | "revision">;

/** By the object that they were made of: each laboratory deploys the same ones. */
const substituted = new WeakMap<object, Substituted & { readonly with: string }>();

/** @throws DefinitionRefused naming the placeholders that nothing is given for */
const substitutedIn = ({ name, definition, substitutions = {} }: RegisterInput): Substituted => {
  const given = JSON.stringify(substitutions);
  const isObject = typeof definition === "object" && definition !== null;
  const known = isObject ? substituted.get(definition) : undefined;
  if (known?.with === given) return known;
  const text = JSON.stringify(substitute(name, toJson(definition), substitutions));
  const revision = hash("sha256", text).slice(0, 16);
  if (isObject) substituted.set(definition, { with: given, definition: text, revision });
  return { definition: text, revision };
};

export class Registry {
  readonly #clock: Clock;
  readonly #prefix: string;
  readonly #records = new Map<string, StateMachineRecord>();
  readonly #machines = new Map<string, Machine>();
  /** Definitions by their revision. */
  readonly #texts = new Map<string, string>();

  constructor(parts: {
    readonly clock: Clock;
    readonly region: string;
    readonly accountId: string;
  }) {
    this.#clock = parts.clock;
    this.#prefix = `arn:aws:states:${parts.region}:${parts.accountId}:stateMachine`;
  }

  get all(): readonly StateMachineRecord[] {
    return [...this.#records.values()];
  }

  /** A later definition under the same name is for executions that start later. */
  register(input: RegisterInput): string {
    const { name } = input;
    checkName(name);
    const { definition: text, revision } = substitutedIn(input);
    const arn = `${this.#prefix}:${name}`;
    const machine = this.#compile(name, text, revision);
    this.#texts.set(revision, text);
    const known = this.#records.get(arn);
    if (known?.revision === revision) return arn;
    const creationDate = known?.creationDate ?? new Date(this.#clock.now());
    this.#records.set(arn, { arn, name, definition: text, revision, creationDate, machine });
    return arn;
  }

  /** Also by the ARN of a version or alias, which stands for the machine. */
  find(arn: string): StateMachineRecord {
    checkArn("stateMachine", arn);
    const record = this.#records.get(arn) ?? this.#records.get(arn.replace(/:[^:]+$/u, ""));
    if (record === undefined) throw stateMachineDoesNotExist(arn);
    return record;
  }

  /** JSON, with which the execution began. */
  async definitionOf(execution: Execution, store: ExecutionStore | undefined): Promise<string> {
    const { revision, stateMachineArn } = execution;
    const text =
      this.#texts.get(revision) ?? (await store?.loadDefinition(stateMachineArn, revision));
    if (text !== undefined) return text;
    throw new Error(`The definition ${revision} of ${execution.arn} is not known.`);
  }

  /** By the definition with which the execution began. */
  async machineOf(execution: Execution, store: ExecutionStore): Promise<Machine> {
    const { revision, stateMachineName } = execution;
    const known = this.#machines.get(revision);
    if (known !== undefined) return known;
    const text = await this.definitionOf(execution, store);
    return this.#compile(stateMachineName, text, revision);
  }

  #compile(name: string, text: string, revision: string): Machine {
    const known = this.#machines.get(revision);
    if (known !== undefined) return known;
    const machine = compileOnce(name, text);
    this.#machines.set(revision, machine);
    return machine;
  }
}
