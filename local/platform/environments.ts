/** Processes of functions, as Lambda keeps them: each serves one invocation at a time, and then the next one. */
import type { FunctionName } from "../../lambdas/access/functions.ts";
import { Invocation } from "./invocation.ts";
import type { AnyStep } from "./steps.ts";

/** A process keeps its clients and sessions from one invocation to the next. */
type Environment = (event: unknown) => Promise<unknown>;

export class Environments {
  readonly #create: (name: FunctionName, step: AnyStep) => Environment;
  readonly #idle = new Map<AnyStep, Environment[]>();

  constructor(create: (name: FunctionName, step: AnyStep) => Environment) {
    this.#create = create;
  }

  /** @throws what the step throws; FunctionKilled, and the process is gone */
  async run(name: FunctionName, step: AnyStep, payload: unknown): Promise<unknown> {
    // Another version of the function has processes of its own.
    const idle = this.#idle.get(step) ?? [];
    this.#idle.set(step, idle);
    const environment = idle.pop() ?? this.#create(name, step);
    const invocation = new Invocation(name);
    try {
      return await invocation.run(() => environment(payload));
    } finally {
      if (!invocation.isKilled) idle.push(environment);
    }
  }
}
