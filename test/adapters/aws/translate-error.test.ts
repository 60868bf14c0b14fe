import { runInNewContext } from "node:vm";
import { describe, expect, it } from "@jest/globals";
import { SpotOptimizerError, type ErrorName } from "../../../core/errors.ts";
import {
  callAws,
  expectRefusal,
  requestIdOf,
  translateError,
  wasRefused,
} from "../../../adapters/aws/translate-error.ts";
import { readSource, sourcesBelow, textsOf } from "../../architecture/sources.ts";
import { awsError, thrownBy } from "./aws-error.ts";

const about = { action: "RunInstances", resource: "i-1" };

const named = (name: string, properties: object = {}): Error =>
  Object.assign(new Error(`about ${name}`), { name }, properties);

const networkError = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

describe("each AWS error becomes one of our names", () => {
  const byCode: readonly (readonly [string, number, ErrorName])[] = [
    // Throttling: the same call may succeed later.
    ["RequestLimitExceeded", 503, "RetryableThrottled"],
    ["RequestLimitExceeded", 400, "RetryableThrottled"],
    ["Throttling", 400, "RetryableThrottled"],
    ["ThrottlingException", 400, "RetryableThrottled"],
    ["Throttling.User", 400, "RetryableThrottled"],
    ["ThrottledException", 400, "RetryableThrottled"],
    ["KmsThrottlingException", 400, "RetryableThrottled"],
    ["EC2ThrottledException", 400, "RetryableThrottled"],
    ["TooManyRequestsException", 400, "RetryableThrottled"],
    ["RequestThrottled", 400, "RetryableThrottled"],
    ["SlowDown", 503, "RetryableThrottled"],
    ["SnapshotCreationPerVolumeRateExceeded", 400, "RetryableThrottled"],
    ["ConcurrentSnapshotLimitExceeded", 400, "RetryableThrottled"],
    ["ProvisionedThroughputExceededException", 400, "RetryableThrottled"],
    ["Anything", 429, "RetryableThrottled"],
    // Outages: the call may or may not have acted.
    ["InternalError", 500, "RetryableUnavailable"],
    ["Unavailable", 503, "RetryableUnavailable"],
    ["ServiceUnavailable", 503, "RetryableUnavailable"],
    ["InternalFailure", 500, "RetryableUnavailable"],
    ["SomethingNew", 502, "RetryableUnavailable"],
    ["RequestTimeout", 400, "RetryableUnavailable"],
    // Sessions that ran out.
    ["ExpiredToken", 403, "RetryableCredentials"],
    ["ExpiredTokenException", 400, "RetryableCredentials"],
    ["RequestExpired", 400, "RetryableCredentials"],
    // Permission.
    ["UnauthorizedOperation", 403, "BrokenPermission"],
    ["Client.UnauthorizedOperation", 403, "BrokenPermission"],
    ["Unauthorized", 403, "BrokenPermission"],
    ["AccessDenied", 403, "BrokenPermission"],
    ["AccessDeniedException", 400, "BrokenPermission"],
    ["KmsAccessDeniedException", 400, "BrokenPermission"],
    ["AuthFailure", 401, "BrokenPermission"],
    ["AuthFailure.ServiceLinkedRoleCreationNotPermitted", 403, "BrokenPermission"],
    ["TagPolicyViolation", 400, "BrokenPermission"],
    ["OptInRequired", 401, "BrokenPermission"],
    ["InvalidClientTokenId", 403, "BrokenPermission"],
    ["RegionDisabledException", 403, "BrokenPermission"],
    // What is not there.
    ["InvalidInstanceID.NotFound", 400, "BrokenNotFound"],
    ["InvalidAMIID.NotFound", 400, "BrokenNotFound"],
    ["InvalidVolume.NotFound", 400, "BrokenNotFound"],
    ["TargetGroupNotFoundException", 400, "BrokenNotFound"],
    ["TargetGroupNotFound", 400, "BrokenNotFound"],
    ["ExecutionDoesNotExist", 400, "BrokenNotFound"],
    // Limits.
    ["MaxSpotInstanceCountExceeded", 400, "BrokenQuota"],
    ["VcpuLimitExceeded", 400, "BrokenQuota"],
    ["InstanceLimitExceeded", 400, "BrokenQuota"],
    ["MaxConfigLimitExceeded", 400, "BrokenQuota"],
    ["TooManyTargetsException", 400, "BrokenQuota"],
    ["ServiceQuotaExceededException", 400, "BrokenQuota"],
    ["ExecutionLimitExceeded", 400, "BrokenQuota"],
    // Capacity outside a launch (a start): nothing but waiting helps.
    ["InsufficientInstanceCapacity", 500, "RetryableUnavailable"],
    ["InsufficientInstanceCapacity", 400, "RetryableUnavailable"],
    ["UnfulfillableCapacity", 400, "RetryableUnavailable"],
    // Two writers.
    ["ConcurrentTagAccess", 400, "RetryableContention"],
    ["TransactionConflictException", 400, "RetryableContention"],
    ["DependencyViolation", 400, "RetryableContention"],
    ["ReplicatedWriteConflictException", 400, "RetryableContention"],
    // The rest.
    ["TagLimitExceeded", 400, "BrokenRequest"],
    ["AttachmentLimitExceeded", 400, "BrokenRequest"],
    ["Unsupported", 400, "BrokenRequest"],
    ["InvalidFleetConfiguration", 400, "BrokenRequest"],
    ["SpotMaxPriceTooLow", 400, "BrokenRequest"],
    ["InsufficientFreeAddressesInSubnet", 400, "BrokenRequest"],
    ["IdempotentParameterMismatch", 400, "BrokenRequest"],
    ["InvalidAMIID.Malformed", 400, "BrokenRequest"],
    ["InvalidParameterValue", 400, "BrokenRequest"],
    ["OperationNotPermitted", 400, "BrokenRequest"],
  ];

  it.each(byCode)("%s with HTTP %i is %s", (code, status, expected) => {
    expect(translateError(awsError(code, { status }), about).name).toBe(expected);
  });

  const withoutAnswer: readonly (readonly [string, Error, ErrorName])[] = [
    ["a connection that was reset", networkError("ECONNRESET"), "RetryableUnavailable"],
    ["a name that can't be resolved", networkError("ENOTFOUND"), "RetryableUnavailable"],
    ["a refused connection", networkError("ECONNREFUSED"), "RetryableUnavailable"],
    [
      "a network error as the cause",
      named("TypeError", { cause: networkError("ETIMEDOUT") }),
      "RetryableUnavailable",
    ],
    ["the SDK's time-out", named("TimeoutError"), "RetryableUnavailable"],
    ["an aborted call", named("AbortError"), "RetryableUnavailable"],
    ["a bare `connection reset`", new Error("connection reset"), "RetryableUnavailable"],
    ["a bare `socket hang up`", new Error("socket hang up"), "RetryableUnavailable"],
    ["missing credentials", named("CredentialsProviderError"), "RetryableCredentials"],
    [
      "credentials whose source can't be reached",
      named("CredentialsProviderError", { cause: networkError("ECONNREFUSED") }),
      "RetryableCredentials",
    ],
    [
      "an error of another realm, of which the SDK kept the text",
      new Error("AWS SDK error wrapper for Error: connect ECONNREFUSED 127.0.0.1:4400"),
      "RetryableUnavailable",
    ],
    [
      "an error of another realm itself",
      runInNewContext('Object.assign(new Error("x"), { name: "RequestLimitExceeded" })') as Error,
      "RetryableThrottled",
    ],
    ["a mistake in our code", new TypeError("x is not a function"), "BrokenRequest"],
    ["an unknown error", new Error("surprise"), "BrokenRequest"],
  ];

  it.each(withoutAnswer)("%s", (_what, error, expected) => {
    expect(translateError(error, about).name).toBe(expected);
  });

  it("something thrown that is not an error is BrokenRequest", () => {
    expect(translateError("boom", about).name).toBe("BrokenRequest");
  });

  it("a loop of causes ends", () => {
    const error: Error & { cause?: unknown } = new Error("surprise");
    error.cause = error;
    expect(translateError(error, about).name).toBe("BrokenRequest");
  });
});

describe("the translation of errors", () => {
  it("knows the codes of networks and throttles in one place, for every system of AWS", () => {
    const codes = [
      "ECONNRESET",
      "ETIMEDOUT",
      "RequestLimitExceeded",
      "ProvisionedThroughputExceeded",
    ];
    const places = sourcesBelow("adapters").filter((path) =>
      textsOf(readSource(path)).some((text) => codes.some((code) => text.startsWith(code))),
    );
    expect(places).toEqual(["adapters/aws/error-codes.ts"]);
  });
});

describe("not found, where the resource is known to exist", () => {
  it("means that EC2 does not know it yet", () => {
    const error = awsError("InvalidInstanceID.NotFound");
    expect(translateError(error, { ...about, notFoundMeans: "not-visible" }).name).toBe(
      "RetryableNotVisible",
    );
  });

  it("other refusals keep their meaning", () => {
    const error = awsError("UnauthorizedOperation", { status: 403 });
    expect(translateError(error, { ...about, notFoundMeans: "not-visible" }).name).toBe(
      "BrokenPermission",
    );
  });
});

describe("the message", () => {
  it("names action, resource and AWS's code, and keeps the cause", () => {
    const cause = awsError("InvalidVolume.NotFound", { message: "The volume does not exist." });
    const error = translateError(cause, about);
    expect(error.message).toBe(
      "RunInstances i-1: InvalidVolume.NotFound: The volume does not exist.",
    );
    expect(error).toMatchObject({ code: "InvalidVolume.NotFound", resource: "i-1", cause });
  });

  it("names the network's code where the error has neither name nor words", () => {
    const error = Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" });
    expect(translateError(error, about)).toMatchObject({
      name: "RetryableUnavailable",
      code: "ECONNREFUSED",
      message: "RunInstances i-1: ECONNREFUSED: the call failed without a message",
    });
  });

  it("says what to do about a missing permission", () => {
    expect(translateError(awsError("AccessDenied"), about).message).toMatch(
      /Next: compare the role/,
    );
  });

  it("leaves out the encoded authorization blob and is never long", () => {
    const blob = awsError("UnauthorizedOperation", {
      message: `You are not authorized. Encoded authorization failure message: ${"x".repeat(3000)}`,
    });
    expect(translateError(blob, about).message).not.toMatch(/xxx/);
    const long = awsError("InvalidParameterValue", { message: "y".repeat(3000) });
    expect(translateError(long, about).message.length).toBeLessThan(500);
  });

  it("never holds a secret, nor does its cause", () => {
    const echo = awsError("ValidationError", {
      message: "Value 'hush-hush' at 'externalId' is bad",
    });
    const error = translateError(echo, { ...about, secrets: ["hush-hush", ""] });
    expect(error.message).toContain("Value '…' at 'externalId' is bad");
    expect(JSON.stringify(error.cause) + String(error.cause) + String(error.stack)).not.toContain(
      "hush-hush",
    );
    expect(requestIdOf(error)).toBe("req-ValidationError");
  });
});

describe("callAws", () => {
  it("returns the answer", async () => {
    await expect(callAws(about, () => Promise.resolve(7))).resolves.toBe(7);
  });

  it("passes our own errors unchanged", async () => {
    const ours = new SpotOptimizerError("BrokenFacts", "no such thing");
    expect(await thrownBy(() => callAws(about, () => Promise.reject(ours)))).toBe(ours);
  });
});

describe("what an error says of the call", () => {
  const afterAttempts = (code: string, status: number, attempts: number): SpotOptimizerError =>
    translateError(named(code, { $metadata: { httpStatusCode: status, attempts } }), about);

  it.each([
    ["a request that is not well-formed", afterAttempts("InvalidParameterValue", 400, 1), true],
    ["a throttled call", afterAttempts("RequestLimitExceeded", 503, 1), true],
    [
      "a lack of capacity, which comes as 500",
      afterAttempts("InsufficientInstanceCapacity", 500, 1),
      true,
    ],
    ["an outage", afterAttempts("Unavailable", 503, 1), false],
    ["a connection that broke", translateError(networkError("ECONNRESET"), about), false],
    [
      "a refusal of the second attempt: the first may have acted",
      afterAttempts("VolumeInUse", 400, 2),
      false,
    ],
    [
      "an error of our own table",
      translateError(awsError("ValidationException"), { ...about, role: "own" }),
      false,
    ],
    [
      "an error that no AWS has answered",
      new SpotOptimizerError("BrokenFacts", "The id is missing."),
      false,
    ],
  ])("%s", (_what, error, isRefused) => {
    expect(wasRefused(error)).toBe(isRefused);
  });

  it("tells our own account's errors from the customer's", () => {
    const error = awsError("AccessDeniedException");
    expect(translateError(error, { ...about, role: "own" }).isOwn).toBe(true);
    expect(translateError(error, about).isOwn).toBe(false);
  });
});

describe("expectRefusal", () => {
  it("gives code and request id of an expected refusal", () => {
    const error = translateError(awsError("InvalidAMIName.Duplicate"), about);
    expect(expectRefusal(error, (code) => code === "InvalidAMIName.Duplicate")).toEqual({
      error,
      code: "InvalidAMIName.Duplicate",
      requestId: "req-InvalidAMIName.Duplicate",
    });
  });

  it.each([
    ["another refusal", translateError(awsError("VolumeInUse"), about)],
    ["an error without a code", new SpotOptimizerError("BrokenFacts", "x")],
    ["an error that is not ours", new Error("x")],
  ])("throws %s on", (_what, error) => {
    expect(() => expectRefusal(error, (code) => code === "IncorrectState")).toThrow(error);
  });

  it("a refusal whose request id was lost says so", () => {
    const error = new SpotOptimizerError("BrokenRequest", "x", { code: "VolumeInUse" });
    expect(expectRefusal(error, () => true).requestId).toBe("unknown");
  });
});
