/** A validated definition as it is run: paths parsed, templates and conditions turned into functions. */

import type { Condition } from "./choice.ts";
import type { Json } from "./json.ts";
import type { Retrier } from "./retry.ts";
import type { Selector } from "./templates.ts";

export interface Catcher {
  readonly errorNames: readonly string[];
  /** undefined drops the error. */
  readonly resultPath: readonly string[] | undefined;
  readonly next: string;
}

/** What all states have. Absent rules are empty lists. */
export interface CommonState {
  readonly name: string;
  readonly resultSelector: Selector | undefined;
  /** undefined drops the result. */
  readonly resultPath: readonly string[] | undefined;
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
  /** undefined: the execution ends here. */
  readonly next: string | undefined;
}

export interface TaskState extends CommonState {
  readonly type: "Task";
  readonly functionName: string;
  readonly payload: Selector;
  readonly timeoutSeconds: number;
}
export interface ChoiceState extends CommonState {
  readonly type: "Choice";
  readonly rules: readonly { readonly condition: Condition; readonly next: string }[];
  readonly defaultNext: string | undefined;
}
export interface WaitState extends CommonState {
  readonly type: "Wait";
  /** Milliseconds since the epoch. */
  readonly until: (input: Json, nowMs: number) => number;
}
export interface SucceedState extends CommonState {
  readonly type: "Succeed";
}
export interface FailState extends CommonState {
  readonly type: "Fail";
  readonly error: (input: Json) => string;
  readonly cause: (input: Json) => string;
}
export type CompiledState = TaskState | ChoiceState | WaitState | SucceedState | FailState;

export interface Machine {
  readonly startAt: string;
  readonly timeoutSeconds: number | undefined;
  readonly states: ReadonlyMap<string, CompiledState>;
}
