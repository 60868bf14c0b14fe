/** Reads what an SDK client threw, whichever class and realm it is of: the translator and the store ask this alone. */
import { isNoAnswer } from "./error-codes.ts";

export interface Failure {
  /** AWS's code, or the name of the SDK's own error. */
  readonly code: string;
  readonly message: string;
  readonly httpStatus: number | undefined;
  /** How often the SDK sent the request. Undefined if it does not say. */
  readonly attempts: number | undefined;
  /** AWS's request id of the refusal. */
  readonly requestId: string | undefined;
  /** Codes by which Node and the SDK's HTTP handler say that no answer came: `ECONNRESET` … */
  readonly networkCodes: readonly string[];
}

/** A chain of causes longer than this is a loop. */
const deepestCause = 5;

/**
 * The SDK wraps an error of another realm (as under jest) and keeps its text only (@smithy/core, `asSdkError`):
 * the code is then found in the text.
 */
const wrapperText = "AWS SDK error wrapper";

/** Names that say nothing; a network code in the error or its causes says more. */
const emptyNames: ReadonlySet<string> = new Set(["Error", "TypeError", "AggregateError"]);

const field = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;

const textOr = <Other>(value: unknown, other: Other): string | Other =>
  typeof value === "string" && value !== "" ? value : other;

const numberIn = (value: unknown): number | undefined =>
  typeof value === "number" ? value : undefined;

const wordsOf = (error: unknown): readonly string[] => {
  const message = textOr(field(error, "message"), "");
  const wrapped = message.startsWith(wrapperText) ? message.split(/\W+/) : [];
  return [textOr(field(error, "code"), ""), textOr(field(error, "name"), ""), ...wrapped];
};

const networkCodesOf = (error: unknown, depth = 0): readonly string[] =>
  error === undefined || depth > deepestCause
    ? []
    : [...wordsOf(error).filter(isNoAnswer), ...networkCodesOf(field(error, "cause"), depth + 1)];

export const readFailure = (error: unknown): Failure => {
  const metadata = field(error, "$metadata");
  const networkCodes = networkCodesOf(error);
  const name = textOr(field(error, "name"), "UnknownError");
  return {
    code: emptyNames.has(name) ? (networkCodes[0] ?? name) : name,
    message: textOr(field(error, "message"), "the call failed without a message"),
    httpStatus: numberIn(field(metadata, "httpStatusCode")),
    attempts: numberIn(field(metadata, "attempts")),
    requestId: textOr(field(metadata, "requestId"), undefined),
    networkCodes,
  };
};

/** A copy of the error that has another message, for one whose own words name a secret. */
export const reworded = (error: unknown, message: string): Error => {
  const copy = new Error(message);
  copy.name = readFailure(error).code;
  return Object.assign(copy, { $metadata: field(error, "$metadata") });
};
