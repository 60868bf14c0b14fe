/**
 * The one place where what the client of Kubernetes threw becomes one of our own errors: names that workflows match, sentences that
 * operators read, never a token.
 */
import { SpotOptimizerError, type ErrorName } from "../../core/errors.ts";
import { refusalSentence } from "../../core/model/aws-refusal.ts";
import { clusterNextStep, type ClusterCaller } from "./next-step.ts";
import { connectTimeout, replyIn, shortened, silenceCodeOf, type Reply } from "./reply.ts";
import { missingRightIn } from "./rights.ts";

/** What was attempted, for the message. */
export interface KubernetesAbout {
  /** Verb and kind: `PatchNode`. */
  readonly action: string;
  /** What it was about: a name, or `namespace/name`. Absent: the cluster. */
  readonly resource?: string;
}

/** A right is missing, to us or to nobody; else a webhook or the object's own rules say no. */
const nameOfDenial = ({ message }: Reply): ErrorName =>
  missingRightIn(message) === undefined ? "BrokenRequest" : "BrokenClusterAccess";

const byStatus: Readonly<Record<number, ErrorName>> = {
  401: "RetryableClusterAuth",
  404: "BrokenNotFound",
  // The object has another version by now; or a list was written over while it was read.
  409: "RetryableContention",
  410: "RetryableContention",
  429: "RetryableThrottled",
};

const nameOfReply = (reply: Reply): ErrorName => {
  if (reply.httpStatus === 403) return nameOfDenial(reply);
  // What is not there the server says in an object; `404 page not found` is of a path that it does not have.
  if (reply.httpStatus === 404 && reply.isText) return "BrokenRequest";
  if (reply.httpStatus >= 500) return "RetryableUnavailable";
  return byStatus[reply.httpStatus] ?? "BrokenRequest";
};

/** Codes of OpenSSL and Node for a certificate that does not prove what it should: `SELF_SIGNED_CERT_IN_CHAIN` … */
const isUnproved = (code: string): boolean =>
  /^(CERT_|ERR_TLS_CERT|ERR_SSL|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA)/.test(code);

/** The connection never was: the request was not sent. */
const unconnected: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  connectTimeout,
]);

/** It was, or may have been: what was asked may have been done. An answer that breaks off in the middle of its JSON is a SyntaxError. */
const isCut = (code: string): boolean =>
  /^(TimeoutError|SyntaxError|E[A-Z]+|ERR_STREAM_PREMATURE_CLOSE|HPE_.*)$/.test(code);

const nameOfSilence = (code: string): ErrorName => {
  if (isUnproved(code)) return "BrokenClusterIdentity";
  if (unconnected.has(code)) return "RetryableClusterUnreachable";
  return isCut(code) ? "RetryableUnavailable" : "BrokenRequest";
};

/** The reason, or where the server gave none, the status: `Http503`. */
const codeOf = ({ reason, httpStatus }: Reply): string =>
  reason === "" ? `Http${String(httpStatus)}` : reason;

/** What else the client's own error holds (headers, the whole body) is not kept. */
const causeOf = ({ httpStatus, message, auditId }: Reply, code: string): Error =>
  Object.assign(new Error(message), {
    name: code,
    $metadata: {
      httpStatusCode: httpStatus,
      ...(auditId === undefined ? {} : { requestId: auditId }),
    },
  });

const wordsOf = ({ message, causes }: Reply): string => {
  const more = causes.map(({ message: words }) => words).filter((words) => words !== "");
  return shortened(message === "" ? "the server gave no reason." : [message, ...more].join(" "));
};

interface Told {
  readonly name: ErrorName;
  readonly code: string;
  readonly words: string;
  readonly cause: unknown;
}

const toldBy = (error: unknown): Told => {
  const reply = replyIn(error);
  if (reply !== undefined) {
    const code = codeOf(reply);
    return { name: nameOfReply(reply), code, words: wordsOf(reply), cause: causeOf(reply, code) };
  }
  const code = silenceCodeOf(error);
  const words = error instanceof Error ? error.message : "the call failed without a message";
  return { name: nameOfSilence(code), code, words: shortened(words), cause: error };
};

/** Our own errors pass unchanged. */
export const translateKubernetesError = (
  error: unknown,
  caller: ClusterCaller,
  { action, resource }: KubernetesAbout,
): SpotOptimizerError => {
  if (error instanceof SpotOptimizerError) return error;
  const { name, code, words, cause } = toldBy(error);
  const { clusterName } = caller;
  const named = resource === undefined ? clusterName : `${resource} in ${clusterName}`;
  const nextStep = clusterNextStep(name, words, caller);
  return new SpotOptimizerError(
    name,
    refusalSentence({ action, resource: named, code, message: words }),
    {
      resource: resource ?? clusterName,
      code,
      action,
      cause,
      ...(nextStep === undefined ? {} : { nextStep }),
    },
  );
};
