/** Retry and catch policies with their arithmetic, and the few shapes of which the workflows are made. */
import { retryableErrorNames } from "../core/errors.ts";
import {
  stageOf,
  type Catcher,
  type Choice,
  type Retrier,
  type Task,
  type Template,
  type Wait,
  type Stage,
} from "./asl.ts";

/** The service failed before or while it called the function; per AWS's own best practice. */
const lambdaServiceErrors = [
  "Lambda.ClientExecutionTimeoutException",
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
  "Lambda.Unknown",
] as const;

/**
 * The request limits of the account are used up: what was refused changed nothing, and room comes by itself. The
 * narrowest bucket is RunInstances (5, refilled at 2/s): 200 launches at once pass it in (200 - 5) / 2 = 98 s, 1,000 in
 * 498 s. Delays before jitter 2, 4, 8, 16, 32 and fifteen times 60 s: 16 minutes in all, with full jitter half of that,
 * 8 minutes, and hardly ever under 5. No wait is longer than 60 s, so that the lease (15 min), which each attempt
 * renews when a third of it is gone, does not run out. A roll-back instead would need the same buckets, and more of them.
 */
const throttledRetrier: Retrier = {
  ErrorEquals: ["RetryableThrottled"],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 20,
  MaxDelaySeconds: 60,
  JitterStrategy: "FULL",
};

/**
 * The same for a step that judges: it makes one dry run of RunInstances and changes nothing, nobody waits for it, and each
 * attempt reads everything anew. So it yields to those that act, and to the customer's own callers: delays before jitter
 * 2, 4, 8 … 128 s, then 23 times 240 s, which is 96 minutes in all and half of that with full jitter. 5,000 evaluations
 * at once pass the bucket in (5,000 - 5) / 2 = 42 minutes. 240 s is within a third of the lease.
 */
const throttledJudgingRetrier: Retrier = {
  ...throttledRetrier,
  MaxAttempts: 30,
  MaxDelaySeconds: 240,
};

const otherRetryableErrorNames = retryableErrorNames.filter(
  (name) => name !== "RetryableThrottled",
);

/**
 * Every step is idempotent, so that a crash or time-out, which may have acted, is retried too. Delays before
 * jitter 2, 4, 8, 16, 32, 60 s: two minutes in all, shorter than the lease (15 min).
 */
const otherRetrier: Retrier = {
  ErrorEquals: [...otherRetryableErrorNames, ...lambdaServiceErrors, "States.Timeout"],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 6,
  MaxDelaySeconds: 60,
  JitterStrategy: "FULL",
};

/**
 * A roll-back and the record must come to their end if they can, for the original may be down: 2, 4 … 256, then
 * 300 s, 60 times. With full jitter a wait is half of that: over two hours, at most four and a half.
 */
const patientRetries: readonly Retrier[] = [
  {
    ErrorEquals: [...retryableErrorNames, ...lambdaServiceErrors, "States.Timeout"],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxAttempts: 60,
    MaxDelaySeconds: 300,
    JitterStrategy: "FULL",
  },
];

/** `judging`: it changes nothing in the customer's account. `patient`: it must come to its end if it can. */
type Patience = "acting" | "judging" | "patient";

const retriesBy: Readonly<Record<Patience, readonly Retrier[]>> = {
  acting: [throttledRetrier, otherRetrier],
  judging: [throttledJudgingRetrier, otherRetrier],
  patient: patientRetries,
};

export interface StepOptions {
  readonly comment: string;
  readonly stage: Stage;
  /** Placeholder of the function: `Launch` for `${Launch}`. */
  readonly function: string;
  readonly payload?: Readonly<Record<string, Template>>;
  /** Where the step's output goes: `launch` for `$.launch`. */
  readonly result: string;
  readonly next: string;
  /** Where any failure goes. Absent: it fails the execution here, so that a redrive repeats this very state. */
  readonly onFailure?: string;
  /** Where the failure is noted: `failure` for `$.failure`, the default. */
  readonly failureAt?: string;
  /** How long a failure that may pass is waited for. Default: acting. */
  readonly patience?: Patience;
  /** Its answer says how long to wait before it is asked again, see `waitAsTold`. */
  readonly tellsWait?: boolean;
  /** Its answer says in `wait` what it is to be told when it is asked again. */
  readonly remembersWait?: boolean;
}

/** A little over the functions' own time-out of 60 s, so that Lambda's answer comes first. */
const stepTimeoutSeconds = 70;

const anyFailure = ({
  onFailure,
  failureAt,
}: StepOptions): { readonly Catch?: readonly Catcher[] } => {
  if (onFailure === undefined) return {};
  const ResultPath = `$.${failureAt ?? "failure"}` as const;
  return { Catch: [{ ErrorEquals: ["States.ALL"], ResultPath, Next: onFailure }] };
};

export const step = (options: StepOptions): Task => ({
  Type: "Task",
  Comment: options.comment,
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: {
    FunctionName: `\${${options.function}}`,
    Payload: { "evaluationId.$": "$.evaluationId", ...options.payload },
  },
  ResultSelector: {
    "kind.$": "$.Payload.kind",
    "summary.$": "$.Payload.summary",
    ...(options.tellsWait === true ? { "waitSeconds.$": "$.Payload.waitSeconds" } : {}),
    ...(options.remembersWait === true ? { "wait.$": "$.Payload.wait" } : {}),
  },
  ResultPath: `$.${options.result}`,
  TimeoutSeconds: stepTimeoutSeconds,
  Retry: retriesBy[options.patience ?? "acting"],
  ...anyFailure(options),
  Next: options.next,
  [stageOf]: options.stage,
});

/** Routes on the kind of a step's output. Every kind is named; an unknown one fails the execution. */
export const route = (
  comment: string,
  result: string,
  next: Readonly<Record<string, string>>,
): Choice => ({
  Type: "Choice",
  Comment: comment,
  Choices: Object.entries(next).map(([kind, state]) => ({
    Variable: `$.${result}.kind`,
    StringEquals: kind,
    Next: state,
  })),
});

/** As long as the step says that was just asked: its output stands under `result`. */
export const waitAsTold = (result: string, comment: string, next: string): Wait => ({
  Type: "Wait",
  Comment: comment,
  SecondsPath: `$.${result}.waitSeconds`,
  Next: next,
});
