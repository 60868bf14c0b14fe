/**
 * The part of the Amazon States Language that our workflows use, as types: what AWS, our interpreter and the
 * emulators all understand alike. JSONPath only; Lambda tasks; no filters in paths; every Task has a time-out.
 * `local/interpreter` refuses at load time what the types can't say (targets that do not exist, and the like).
 */

import type { ErrorName } from "../core/errors.ts";

/** From the state's input: `$`, `$.name.name`, `$.list[0]`, `$['name with blanks']`. */
type ReferencePath = "$" | `$.${string}` | `$[${string}`;
/** From the context object: `$$.Execution.Id`, `$$.State.EnteredTime`, `$$.Task.Token`, `$$.Map.Item.Value` … */
type ContextPath = "$$" | `$$.${string}`;
type Path = ReferencePath | ContextPath;

/**
 * JSON in which a key that ends in `.$` holds a path or one of the intrinsic functions States.Format,
 * States.JsonToString and States.StringToJson.
 */
export type Template =
  string | number | boolean | null | readonly Template[] | { readonly [key: string]: Template };
type TemplateObject = Readonly<Record<string, Template>>;

/**
 * Names that Step Functions itself gives to errors, as far as a rule can match them. A path that leads nowhere,
 * an intrinsic function that fails and a Choice without a match all come as States.Runtime, which always ends
 * the execution: no rule matches it.
 */
type ServiceErrorName =
  | "States.ALL"
  | "States.Timeout"
  | "States.HeartbeatTimeout"
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
  /** What of the state's input is read; null = `{}`. */
  readonly InputPath?: Path | null;
  /** What of the result goes on; null = `{}`. */
  readonly OutputPath?: Path | null;
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
  readonly "Payload.$"?: Path;
}

interface TaskFields extends StateFields, ResultFields, FailureFields {
  readonly Type: "Task";
  readonly Parameters: InvokeParameters;
  /** For one attempt. Never absent: the default is for ever. */
  readonly TimeoutSeconds: number;
}

export type InvokeTask = TaskFields &
  Transition & {
    readonly Resource: "arn:aws:states:::lambda:invoke";
    readonly HeartbeatSeconds?: never;
  };

/** Waits until somebody answers with the token, which the payload must carry (`$$.Task.Token`). */
type CallbackTask = TaskFields &
  Transition & {
    readonly Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken";
    readonly HeartbeatSeconds?: number;
  };

export type Task = InvokeTask | CallbackTask;

interface ComparisonOperators {
  readonly BooleanEquals: boolean;
  readonly BooleanEqualsPath: Path;
  readonly NumericEquals: number;
  readonly NumericEqualsPath: Path;
  readonly NumericGreaterThan: number;
  readonly NumericGreaterThanPath: Path;
  readonly NumericGreaterThanEquals: number;
  readonly NumericGreaterThanEqualsPath: Path;
  readonly NumericLessThan: number;
  readonly NumericLessThanPath: Path;
  readonly NumericLessThanEquals: number;
  readonly NumericLessThanEqualsPath: Path;
  readonly StringEquals: string;
  readonly StringEqualsPath: Path;
  readonly StringGreaterThan: string;
  readonly StringGreaterThanPath: Path;
  readonly StringGreaterThanEquals: string;
  readonly StringGreaterThanEqualsPath: Path;
  readonly StringLessThan: string;
  readonly StringLessThanPath: Path;
  readonly StringLessThanEquals: string;
  readonly StringLessThanEqualsPath: Path;
  /** `*` stands for any text, `\*` for a star. */
  readonly StringMatches: string;
  readonly TimestampEquals: string;
  readonly TimestampEqualsPath: Path;
  readonly TimestampGreaterThan: string;
  readonly TimestampGreaterThanPath: Path;
  readonly TimestampGreaterThanEquals: string;
  readonly TimestampGreaterThanEqualsPath: Path;
  readonly TimestampLessThan: string;
  readonly TimestampLessThanPath: Path;
  readonly TimestampLessThanEquals: string;
  readonly TimestampLessThanEqualsPath: Path;
  readonly IsBoolean: boolean;
  readonly IsNull: boolean;
  readonly IsNumeric: boolean;
  /** The portable way to say "absent" is `Not` of `IsPresent: true`. */
  readonly IsPresent: boolean;
  readonly IsString: boolean;
  readonly IsTimestamp: boolean;
}

export type ComparisonOperator = keyof ComparisonOperators;

type OneComparison = {
  readonly [Operator in ComparisonOperator]: Readonly<
    Record<Operator, ComparisonOperators[Operator]>
  >;
}[ComparisonOperator];

type Comparison = OneComparison & { readonly Variable: Path };

type Condition =
  | Comparison
  | { readonly And: readonly Condition[] }
  | { readonly Or: readonly Condition[] }
  | { readonly Not: Condition };

type ChoiceRule = Condition & { readonly Comment?: string; readonly Next: string };

export interface Choice extends StateFields {
  readonly Type: "Choice";
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export type Wait = StateFields &
  Transition & { readonly Type: "Wait" } & (
    | { readonly Seconds: number }
    | { readonly SecondsPath: Path }
    | { readonly Timestamp: string }
    | { readonly TimestampPath: Path }
  );

export type Pass = StateFields &
  Transition & {
    readonly Type: "Pass";
    readonly Parameters?: TemplateObject;
    readonly Result?: Template;
    readonly ResultPath?: ReferencePath | null;
  };

interface Succeed extends StateFields {
  readonly Type: "Succeed";
}

interface FailFields {
  readonly Type: "Fail";
  readonly Comment?: string;
}

/** `…Path` takes a path or an intrinsic function, for instance `States.Format('… {}', $.reason)`. */
export type Fail = FailFields &
  (
    | { readonly Error?: string; readonly ErrorPath?: never }
    | { readonly ErrorPath: string; readonly Error?: never }
  ) &
  (
    | { readonly Cause?: string; readonly CausePath?: never }
    | { readonly CausePath: string; readonly Cause?: never }
  );

export interface Branch {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export type Parallel = StateFields &
  ResultFields &
  FailureFields &
  Transition & {
    readonly Type: "Parallel";
    readonly Parameters?: TemplateObject;
    readonly Branches: readonly Branch[];
  };

export type InlineMap = StateFields &
  ResultFields &
  FailureFields &
  Transition & {
    readonly Type: "Map";
    /** `$` if absent. */
    readonly ItemsPath?: Path;
    readonly ItemSelector?: TemplateObject;
    /** 0 or absent = as many as AWS allows, which is 40. */
    readonly MaxConcurrency?: number;
    readonly ItemProcessor: Branch & {
      readonly ProcessorConfig?: { readonly Mode: "INLINE" };
    };
  };

export type State = Task | Choice | Wait | Pass | Succeed | Fail | Parallel | InlineMap;

export interface StateMachine extends Branch {
  readonly Version?: "1.0";
  readonly QueryLanguage?: "JSONPath";
  /** For the whole execution. */
  readonly TimeoutSeconds?: number;
}
