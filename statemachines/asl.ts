/**
 * The part of the Amazon States Language that our workflows use, as types: what AWS, our interpreter and the
 * emulators all understand alike. JSONPath only; Lambda tasks; no filters in paths; every Task has a time-out.
 * `local/interpreter` refuses at load time what the types can't say (targets that do not exist, and the like).
 */

import type { ErrorName } from "../core/errors.ts";

/** From the state's input: `$`, `$.name.name`, `$.list[0]`, `$['name with blanks']`. */
type ReferencePath = "$" | `$.${string}` | `$[${string}`;

/** JSON in which a key that ends in `.$` holds a path. */
export type Template =
  string | number | boolean | null | readonly Template[] | { readonly [key: string]: Template };
type TemplateObject = Readonly<Record<string, Template>>;

/**
 * Names that Step Functions itself gives to errors, as far as a rule can match them. A path that leads nowhere
 * and a Choice without a match come as States.Runtime, which always ends the execution: no rule matches it.
 */
type ServiceErrorName =
  | "States.ALL"
  | "States.Timeout"
  | "States.TaskFailed"
  | "States.Permissions"
  | "States.ResultPathMatchFailure"
  | "States.DataLimitExceeded"
  | "Lambda.ClientExecutionTimeoutException"
  | "Lambda.ServiceException"
  | "Lambda.AWSLambdaException"
  | "Lambda.SdkClientException"
  | "Lambda.TooManyRequestsException"
  /** A crash or a time-out of the function: it may have acted. */
  | "Lambda.Unknown";

type MatchedErrorName = ErrorName | ServiceErrorName;

export interface Retrier {
  readonly Comment?: string;
  /** `States.ALL` stands alone, in the last rule. */
  readonly ErrorEquals: readonly MatchedErrorName[];
  /** Seconds before the first retry; 1 if absent. */
  readonly IntervalSeconds?: number;
  /** Retries, the first attempt not counted; 3 if absent, 0 = never. */
  readonly MaxAttempts?: number;
  /** Factor from retry to retry; 2 if absent. */
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: "FULL" | "NONE";
}

export interface Catcher {
  readonly Comment?: string;
  readonly ErrorEquals: readonly MatchedErrorName[];
  /** Where `{ Error, Cause }` goes in the state's input; `$` (the whole) if absent, null drops it. */
  readonly ResultPath?: ReferencePath | null;
  readonly Next: string;
}

interface StateFields {
  /** For the operator who reads the workflow in the console. */
  readonly Comment?: string;
}

type Transition =
  { readonly Next: string; readonly End?: never } | { readonly End: true; readonly Next?: never };

interface ResultFields {
  readonly ResultSelector?: TemplateObject;
  /** Where the result goes in the state's input; null drops it. */
  readonly ResultPath?: ReferencePath | null;
}

interface FailureFields {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

/** `Payload` or `Payload.$`, one of the two. */
interface InvokeParameters {
  /** Name or ARN; in our definitions a `${…}` placeholder that is substituted on loading. */
  readonly FunctionName: string;
  readonly Payload?: Template;
  readonly "Payload.$"?: ReferencePath;
}

/** Where a workflow stands: nothing is changed; what takes over is made ready; from one to the other; what is over is put away. */
export type Stage = "JUDGE" | "PREPARE" | "HAND_OVER" | "CLOSE";

/** Under it a Task says to which stage it belongs. JSON leaves symbols out, and so what AWS gets does not have it: its language knows no such field. */
export const stageOf: unique symbol = Symbol("stage");

export type Task = StateFields &
  ResultFields &
  FailureFields &
  Transition & {
    readonly Type: "Task";
    readonly Resource: "arn:aws:states:::lambda:invoke";
    readonly Parameters: InvokeParameters;
    /** For one attempt. Never absent: the default is for ever. */
    readonly TimeoutSeconds: number;
    /** Absent only in a definition that was read from JSON. */
    readonly [stageOf]?: Stage;
  };

export interface ChoiceRule {
  readonly Comment?: string;
  readonly Variable: ReferencePath;
  readonly StringEquals: string;
  readonly Next: string;
}

/** Routes on a text. Each text is named: an unknown one ends the execution. */
export interface Choice extends StateFields {
  readonly Type: "Choice";
  readonly Choices: readonly ChoiceRule[];
}

export type Wait = StateFields &
  Transition & { readonly Type: "Wait" } & (
    { readonly Seconds: number } | { readonly SecondsPath: ReferencePath }
  );

interface Succeed extends StateFields {
  readonly Type: "Succeed";
}

export type Fail = StateFields & { readonly Type: "Fail" } & (
    | { readonly Error?: string; readonly ErrorPath?: never }
    | { readonly ErrorPath: ReferencePath; readonly Error?: never }
  ) &
  (
    | { readonly Cause?: string; readonly CausePath?: never }
    | { readonly CausePath: ReferencePath; readonly Cause?: never }
  );

export type State = Task | Choice | Wait | Succeed | Fail;

export interface StateMachine {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly Version?: "1.0";
  readonly QueryLanguage?: "JSONPath";
  /** For the whole execution. */
  readonly TimeoutSeconds?: number;
}
