/**
 * Errors of DynamoDB as ours. The message names the table and the item, never what is stored in it.
 * Codes: DynamoDB Developer Guide, "Error handling with DynamoDB"; network codes: Node.
 */
import type { ErrorName } from "../../core/errors.ts";
import { SpotOptimizerError } from "../../core/errors.ts";

const namesByCode: ReadonlyMap<string, ErrorName> = new Map<string, ErrorName>([
  ["ProvisionedThroughputExceededException", "RetryableThrottled"],
  ["ThrottlingException", "RetryableThrottled"],
  ["ThrottledException", "RetryableThrottled"],
  ["RequestLimitExceeded", "RetryableThrottled"],
  ["LimitExceededException", "RetryableThrottled"],
  ["InternalServerError", "RetryableUnavailable"],
  ["ServiceUnavailable", "RetryableUnavailable"],
  ["ReplicatedWriteConflictException", "RetryableContention"],
  ["TransactionConflictException", "RetryableContention"],
  ["ExpiredToken", "RetryableCredentials"],
  ["ExpiredTokenException", "RetryableCredentials"],
  ["AccessDeniedException", "BrokenPermission"],
  ["UnrecognizedClientException", "BrokenPermission"],
  ["IncompleteSignature", "BrokenPermission"],
  ["ResourceNotFoundException", "BrokenNotFound"],
]);

/** Names and codes that Node and the SDK's HTTP handler give to a request that got no answer. */
const networkCodes: ReadonlySet<string> = new Set([
  "AbortError",
  "TimeoutError",
  "RequestTimeout",
  "NetworkingError",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

interface Described {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly attempts: number;
}

const field = (source: unknown, name: string): unknown =>
  typeof source === "object" && source !== null
    ? (source as Readonly<Record<string, unknown>>)[name]
    : undefined;

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): number => (typeof value === "number" ? value : 0);

/** What the SDK tells about an error, whichever class it has. `attempts` is 0 if the SDK does not say. */
export const describeError = (error: unknown): Described => {
  const metadata = field(error, "$metadata");
  return {
    name: text(field(error, "name")),
    code: text(field(error, "code")),
    message: text(field(error, "message")),
    status: number(field(metadata, "httpStatusCode")),
    attempts: number(field(metadata, "attempts")),
  };
};

/**
 * The SDK wraps an error of another realm (as under jest) and keeps its text only (@smithy/core, `asSdkError`):
 * the code is then found in the text.
 */
const wrapperText = "AWS SDK error wrapper";

const isNetworkFailure = ({ name, code, message }: Described): boolean =>
  networkCodes.has(code) ||
  networkCodes.has(name) ||
  (message.startsWith(wrapperText) &&
    message.split(/[^A-Za-z_]+/).some((word) => networkCodes.has(word)));

const nameFor = (error: Described): ErrorName => {
  const known = namesByCode.get(error.name);
  if (known !== undefined) return known;
  if (isNetworkFailure(error) || error.status >= 500) return "RetryableUnavailable";
  return error.status === 429 ? "RetryableThrottled" : "BrokenRequest";
};

export const translateDynamoError = (
  error: unknown,
  about: { readonly action: string; readonly resource: string },
): SpotOptimizerError => {
  if (error instanceof SpotOptimizerError) return error;
  const described = describeError(error);
  const code = described.code === "" ? described.name : described.code;
  return new SpotOptimizerError(
    nameFor(described),
    `DynamoDB ${about.action} on ${about.resource} failed: ${code}: ${described.message}`,
    { resource: about.resource, code, cause: error },
  );
};
