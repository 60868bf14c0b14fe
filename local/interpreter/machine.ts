/** A validated definition as it is run: paths parsed, templates and conditions turned into functions. */

import type { Condition } from "./choice.ts";
import type { Json } from "./json.ts";
import type { Scope } from "./paths.ts";
import type { Retrier } from "./retry.ts";
import type { Template } from "./templates.ts";

export type Selector = (scope: Scope) => Json;

export interface Catcher {
  readonly errorNames: readonly string[];
  /** undefined drops the error. */
  readonly resultPath: readonly string[] | undefined;
  readonly next: string;
}

/** What all states have. Absent rules are empty lists, absent selectors leave things as they are. */
export interface CommonState {
  readonly name: string;
  readonly inputPath: Selector;
  readonly outputPath: Selector;
  readonly resultSelector: Template | undefined;
  /** undefined drops the result. */
  readonly resultPath: readonly string[] | undefined;
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
  /** undefined: the branch ends here. */
  readonly next: string | undefined;
}

export interface TaskState extends CommonState {
  readonly type: "Task";
  readonly functionName: string;
  readonly payload: Selector;
  readonly waitsForToken: boolean;
  readonly timeoutSeconds: number;
  readonly heartbeatSeconds: number | undefined;
}
export interface ChoiceState extends CommonState {
  readonly type: "Choice";
  readonly rules: readonly { readonly condition: Condition; readonly next: string }[];
  readonly defaultNext: string | undefined;
}
export interface WaitState extends CommonState {
  readonly type: "Wait";
  /** Milliseconds since the epoch. */
  readonly until: (scope: Scope, nowMs: number) => number;
}
export interface PassState extends CommonState {
  readonly type: "Pass";
  readonly result: Selector;
}
interface SucceedState extends CommonState {
  readonly type: "Succeed";
}
export interface FailState extends CommonState {
  readonly type: "Fail";
  readonly error: (scope: Scope) => string;
  readonly cause: (scope: Scope) => string;
}
export interface ParallelState extends CommonState {
  readonly type: "Parallel";
  readonly parameters: Selector;
  readonly branches: readonly string[];
}
export interface MapState extends CommonState {
  readonly type: "Map";
  readonly items: Selector;
  readonly item: Template | undefined;
  readonly maxConcurrency: number;
  readonly startAt: string;
}
export type CompiledState =
  | TaskState
  | ChoiceState
  | WaitState
  | PassState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;

export interface Machine {
  readonly startAt: string;
  readonly timeoutSeconds: number | undefined;
  /** Names are unique in the whole machine, so nested states lie beside the others. */
  readonly states: ReadonlyMap<string, CompiledState>;
}
