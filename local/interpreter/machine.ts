/** A validated definition as it is run: paths parsed, templates and rules turned into functions. */

import type { CompiledRule } from "./choice.ts";
import type { Json } from "./json.ts";
import type { Retrier } from "./retry.ts";
import type { Selector } from "./templates.ts";

export interface Catcher {
  readonly errorNames: readonly string[];
  /** undefined drops the error. */
  readonly resultPath: readonly string[] | undefined;
  readonly next: string;
}

export interface TaskState {
  readonly type: "Task";
  readonly name: string;
  readonly functionName: string;
  readonly payload: Selector;
  readonly timeoutSeconds: number;
  readonly resultSelector: Selector | undefined;
  /** undefined drops the result. */
  readonly resultPath: readonly string[] | undefined;
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
  /** undefined: the execution ends here. */
  readonly next: string | undefined;
}
export interface ChoiceState {
  readonly type: "Choice";
  readonly name: string;
  readonly rules: readonly CompiledRule[];
}
export interface WaitState {
  readonly type: "Wait";
  readonly name: string;
  readonly seconds: (input: Json) => number;
  /** undefined: the execution ends here. */
  readonly next: string | undefined;
}
interface SucceedState {
  readonly type: "Succeed";
  readonly name: string;
}
export interface FailState {
  readonly type: "Fail";
  readonly name: string;
  readonly error: (input: Json) => string;
  readonly cause: (input: Json) => string;
}
export type CompiledState = TaskState | ChoiceState | WaitState | SucceedState | FailState;

export interface Machine {
  readonly startAt: string;
  readonly timeoutSeconds: number | undefined;
  readonly states: ReadonlyMap<string, CompiledState>;
}
