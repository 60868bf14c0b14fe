/**
 * Every error name that a workflow may match. Three families say what is to be done:
 * Retryable… (the same call may succeed later), Stale… (the world changed, or we lost the right to act:
 * undo and evaluate anew), Broken… (trying again cannot help).
 */

export const retryableErrorNames = [
  /** The API throttled us, or an account limit on request rate was reached. */
  "RetryableThrottled",
  /** 5xx, a connection that broke, or a time-out: the call may or may not have acted. */
  "RetryableUnavailable",
  /** The session of the customer's role expired; the next call assumes it again. */
  "RetryableCredentials",
  /** Somebody else wrote the record between our read and our write. */
  "RetryableContention",
  /** The API does not know yet what it told us a moment ago (eventual consistency). */
  "RetryableNotVisible",
  /** A cluster did not take our token (401): it does not know the role yet, or could not ask STS. The next token is a new one. */
  "RetryableClusterAuth",
  /** No connection to the API server of a cluster came about: nothing was asked of it. */
  "RetryableClusterUnreachable",
] as const;

const staleErrorNames = [
  /** The lease of the target is held by another evaluation, or expired. */
  "StaleLease",
  /** The original instance is not as it was when the verdict was given. */
  "StaleOriginal",
  /** What was offered is no longer worth the move: its price, or what is reserved, has changed since the verdict. */
  "StaleOffer",
  /** The replacement was interrupted, is about to be, or is gone. */
  "StaleReplacement",
  /** What was agreed to was rejected, used up or made void right before it was begun. */
  "StaleApproval",
  /** The kill switch was thrown. */
  "StaleKillSwitch",
] as const;

const brokenErrorNames = [
  /** The input of a step or call is not valid. */
  "BrokenInput",
  /** What an id names does not exist. */
  "BrokenNotFound",
  /** The customer's role lacks a permission, or cannot be assumed. */
  "BrokenPermission",
  /** A deadline passed: the thing waited for never came. */
  "BrokenDeadline",
  /** The replacement came up, and failed its checks. */
  "BrokenReplacement",
  /** A hook of the owner's before the freeze did not succeed, or nobody knows: nothing was stopped. */
  "BrokenHook",
  /** A needed fact (price list, advisor feed, instance types …) is absent, malformed or too old. */
  "BrokenFacts",
  /** The assigned risk model is unknown, may not be used here, or gave no valid probability. */
  "BrokenModel",
  /** A limit of the account (Spot vCPU quota and the like) stands in the way. */
  "BrokenQuota",
  /** A cluster takes us for nobody, its roles do not let our group do what is needed, or no token for it can be made. */
  "BrokenClusterAccess",
  /** What answers at the address of a cluster's API server could not prove that it is that server. */
  "BrokenClusterIdentity",
  /** The API refused the call for a reason that we do not know. */
  "BrokenRequest",
  /** Roll-back met something that it must not decide alone. */
  "BrokenNeedsOperator",
] as const;

export const errorNames = [
  ...retryableErrorNames,
  ...staleErrorNames,
  ...brokenErrorNames,
] as const;

export type ErrorName = (typeof errorNames)[number];

export interface ErrorDetails {
  /** The resource that the error is about: an instance id, a role name, a table key. */
  readonly resource?: string;
  /** The error code that the outside system gave, as it spells it. */
  readonly code?: string;
  /** The API action that was answered, as IAM spells it after the colon. */
  readonly action?: string;
  /** What the operator should do next, as a sentence. */
  readonly nextStep?: string;
  /** It is our own account that answered, or did not: the table, a workflow, our role. Says nothing of the customer's. */
  readonly isOwn?: boolean;
  readonly cause?: unknown;
}

/** The one error class: `name` is what Step Functions matches, `message` what the operator reads. */
export class SpotOptimizerError extends Error {
  override readonly name: ErrorName;
  readonly resource: string | undefined;
  readonly code: string | undefined;
  readonly action: string | undefined;
  readonly nextStep: string | undefined;
  readonly isOwn: boolean;

  constructor(name: ErrorName, message: string, details: ErrorDetails = {}) {
    super(
      details.nextStep === undefined ? message : `${message} Next: ${details.nextStep}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.name = name;
    this.resource = details.resource;
    this.code = details.code;
    this.action = details.action;
    this.nextStep = details.nextStep;
    this.isOwn = details.isOwn ?? false;
  }
}

export type ErrorFamily = "Retryable" | "Stale" | "Broken";

const families: readonly (readonly [ErrorFamily, readonly unknown[]])[] = [
  ["Retryable", retryableErrorNames],
  ["Stale", staleErrorNames],
  ["Broken", brokenErrorNames],
];

/** The family of an error, or of an error's name. Undefined: not one of our errors. */
export const familyOf = (errorOrName: unknown): ErrorFamily | undefined => {
  const name = errorOrName instanceof SpotOptimizerError ? errorOrName.name : errorOrName;
  return families.find(([, names]) => names.includes(name))?.[0];
};
