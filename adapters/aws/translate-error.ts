/**
 * The one place where an SDK error becomes one of our own errors. Nothing that an SDK throws leaves the adapters in
 * another form, so that workflows match names and operators read sentences.
 */
import { SpotOptimizerError, type ErrorName } from "../../core/errors.ts";
import { refusalSentence } from "../../core/model/aws-refusal.ts";
import {
  isCapacityShortage,
  isContention,
  isDenial,
  isExpiredSession,
  isNotFound,
  isOutage,
  isQuota,
  isThrottle,
} from "./error-codes.ts";
import { readFailure, reworded, type Failure } from "./failure.ts";
import { nextStepOf } from "./next-step.ts";

/** What was attempted, for the message. */
export interface About {
  /** The API action, as IAM spells it after the colon: `RunInstances`. */
  readonly action: string;
  /** Id or name of what the call was about. Never a credential. */
  readonly resource?: string;
  /**
   * For calls on something that is known to exist: "not found" then means that EC2 does not know it *yet*
   * (eventual consistency), and that nothing was done. Becomes RetryableNotVisible, not BrokenNotFound.
   */
  readonly notFoundMeans?: "not-visible";
  /** `own`: called with the function's own role, so that the customer cannot mend a denial. */
  readonly role?: "own";
  /** Values (ExternalId, user data) that must not appear in the message, whatever the API echoes. */
  readonly secrets?: readonly string[];
}

/** AWS appends kilobytes of encoded context to some refusals; an operator reads a sentence. */
const longestMessage = 400;

/** An error of Node or of a proxy that has a message only. Programming errors (TypeError …) do not count. */
const isUnansweredCall = (failure: Failure): boolean =>
  failure.httpStatus === undefined &&
  failure.code === "Error" &&
  /socket hang up|connection|network|time[d -]?\s?out/i.test(failure.message);

const isUnavailable = (failure: Failure): boolean =>
  (failure.httpStatus ?? 0) >= 500 ||
  isOutage(failure.code) ||
  failure.networkCodes.length > 0 ||
  isUnansweredCall(failure);

/** In this order: a capacity shortage comes as HTTP 500, a throttle sometimes as 503. */
const rules: readonly (readonly [ErrorName, (failure: Failure) => boolean])[] = [
  ["RetryableThrottled", ({ code, httpStatus }) => isThrottle(code) || httpStatus === 429],
  ["RetryableCredentials", ({ code }) => isExpiredSession(code)],
  // Outside a launch (a start of a stopped instance) waiting is all that can be done about capacity.
  ["RetryableUnavailable", ({ code }) => isCapacityShortage(code)],
  ["RetryableContention", ({ code }) => isContention(code)],
  ["BrokenPermission", ({ code }) => isDenial(code)],
  ["BrokenNotFound", ({ code }) => isNotFound(code)],
  ["BrokenQuota", ({ code }) => isQuota(code)],
  ["RetryableUnavailable", isUnavailable],
];

const nameOf = (failure: Failure, about: About): ErrorName => {
  const name = rules.find(([, matches]) => matches(failure))?.[0] ?? "BrokenRequest";
  return name === "BrokenNotFound" && about.notFoundMeans === "not-visible"
    ? "RetryableNotVisible"
    : name;
};

const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text);

const readableMessage = (message: string, secrets: readonly string[]): string => {
  const [sentence = ""] = withoutSecrets(message, secrets).split(
    /\s*Encoded authorization failure message/,
  );
  return sentence.length > longestMessage ? `${sentence.slice(0, longestMessage)}…` : sentence;
};

/** The original error, unless it may name a secret: then a copy without it. */
const safeCause = (error: unknown, failure: Failure, secrets: readonly string[]): unknown =>
  secrets.length === 0 ? error : reworded(error, readableMessage(failure.message, secrets));

/** Translates whatever an SDK client threw. Our own errors pass unchanged. */
export const translateError = (error: unknown, about: About): SpotOptimizerError => {
  if (error instanceof SpotOptimizerError) return error;
  const failure = readFailure(error);
  const name = nameOf(failure, about);
  const secrets = (about.secrets ?? []).filter((secret) => secret !== "");
  const nextStep = nextStepOf(name, failure, about.role);
  return new SpotOptimizerError(
    name,
    refusalSentence({
      action: about.action,
      code: failure.code,
      message: readableMessage(failure.message, secrets),
      ...(about.resource === undefined ? {} : { resource: about.resource }),
    }),
    {
      code: failure.code,
      action: about.action,
      cause: safeCause(error, failure, secrets),
      ...(about.resource === undefined ? {} : { resource: about.resource }),
      ...(nextStep === undefined ? {} : { nextStep }),
      ...(about.role === "own" ? { isOwn: true } : {}),
    },
  );
};

/** What the SDK threw: an adapter may have said in its own words what that means. */
const saidByAws = ({ cause }: SpotOptimizerError): unknown =>
  cause instanceof SpotOptimizerError ? saidByAws(cause) : cause;

/**
 * Did AWS, in the customer's account, say that it did not carry out the call? Not so where no answer came, where it failed
 * on AWS's side (5xx: "may or may not have been completed"), and where the SDK sent the request again: what was refused
 * then may be what an earlier attempt had done.
 */
export const wasRefused = (error: SpotOptimizerError): boolean => {
  if (error.isOwn || error.code === undefined) return false;
  const isAnswer = error.name !== "RetryableUnavailable" || isCapacityShortage(error.code);
  return isAnswer && (readFailure(saidByAws(error)).attempts ?? 1) === 1;
};

/** To which call that was the answer; undefined where none of AWS's is known. */
export const actionOf = ({ action, cause }: SpotOptimizerError): string | undefined =>
  action ?? (cause instanceof SpotOptimizerError ? actionOf(cause) : undefined);

/** Runs one SDK call. Throws SpotOptimizerError only. */
export const callAws = async <Output>(
  about: About,
  call: () => Promise<Output>,
): Promise<Output> => {
  try {
    return await call();
  } catch (error) {
    throw translateError(error, about);
  }
};

/** Result of a refusal that a caller expects and treats as a value. */
export interface Refused {
  readonly error: SpotOptimizerError;
  /** AWS's error code. */
  readonly code: string;
  readonly requestId: string;
}

/** The refusal, if it is one whose code the caller expects; otherwise the error is thrown on. */
export const expectRefusal = (error: unknown, isExpected: (code: string) => boolean): Refused => {
  if (!(error instanceof SpotOptimizerError) || error.code === undefined) throw error;
  if (!isExpected(error.code)) throw error;
  return { error, code: error.code, requestId: requestIdOf(error) };
};

/** AWS's own words, without ours about what was called on what. */
export const wordsOf = (error: SpotOptimizerError): string => readFailure(saidByAws(error)).message;

/** AWS's request id of a refused call, from a translated error. */
export const requestIdOf = (error: SpotOptimizerError): string =>
  readFailure(saidByAws(error)).requestId ?? unknownRequestId;

/** AWS sends a request id with each answer; a proxy in between may drop it. */
export const unknownRequestId = "unknown";
