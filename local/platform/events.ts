/**
 * Events that functions are handed without anybody waiting for them. Each is tried once, as the stack sets it for ours: what
 * failed is due again by itself. Source: Lambda developer guide, "Invoking a Lambda function asynchronously".
 */
import type { FunctionName } from "../../lambdas/access/functions.ts";
import type { Clock } from "../cloud/clock.ts";

/** From Lambda's answer until the function begins. */
const waitMs = 100;

export class Events {
  readonly #clock: Clock;
  readonly #invoke: (name: FunctionName, event: unknown) => Promise<unknown>;
  readonly #failures: unknown[] = [];

  constructor(clock: Clock, invoke: (name: FunctionName, event: unknown) => Promise<unknown>) {
    this.#clock = clock;
    this.#invoke = invoke;
  }

  /** Errors of functions that failed on an event: nobody else sees them. */
  get failures(): readonly unknown[] {
    return this.#failures;
  }

  /** A batch that a queue brought failed as a whole: it comes again. */
  readonly failed = (error: unknown): void => {
    this.#failures.push(error);
  };

  hand(name: FunctionName, event: unknown): void {
    this.#clock.schedule(this.#clock.now() + waitMs, async () => {
      try {
        await this.#invoke(name, event);
      } catch (error) {
        this.failed(error);
      }
    });
  }
}
