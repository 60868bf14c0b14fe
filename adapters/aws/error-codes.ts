/**
 * AWS error codes by what they mean to us. One list, used by the translation, by the SDK's retry settings and
 * by the launch. Sources of the codes: EC2 API reference, "Error codes for
 * the Amazon EC2 API"; DynamoDB developer guide, "Error handling with DynamoDB"; network codes: Node.
 */
import type { LaunchRefusal } from "../../core/model/swap.ts";

/**
 * AWS spells the same error with and without these: `Client.UnauthorizedOperation`, `ThrottlingException`,
 * `ResourceContentionFault`. Lists below hold the bare form.
 */
export const bareCode = (code: string): string =>
  code.replace(/^(Client|Server)\./, "").replace(/(Exception|Fault)$/, "");

const oneOf =
  (...codes: readonly string[]) =>
  (code: string): boolean =>
    codes.includes(bareCode(code));

/** The pool has no room now. EC2 sends some of these as HTTP 500 although a repetition cannot help. */
export const isCapacityShortage = oneOf(
  "InsufficientInstanceCapacity",
  "InsufficientHostCapacity",
  "InsufficientCapacity",
  "InsufficientCapacityOnOutpost",
  "UnfulfillableCapacity",
  "ReservationCapacityExceeded",
);

/**
 * The token's instance was launched, and has ended since: the pool took it back, its owner ended it, or it did not boot. Source:
 * EC2 API reference, "Error codes".
 */
const isEndedLaunch = oneOf("IdempotentInstanceTerminated");

/** The token's first call has acted, with other parameters. Source: EC2 developer guide, "Ensuring idempotency". */
export const isOtherParameters = oneOf("IdempotentParameterMismatch");

/** Another pool may serve the same request. */
const isNamedMismatch = oneOf(
  "Unsupported",
  "UnsupportedOperation",
  "InvalidFleetConfiguration",
  "SpotMaxPriceTooLow",
);

/** Say that parameters don't go together; the words say which. */
const isCombination = oneOf("InvalidParameterCombination", "InvalidParameterValue");

/** `Placement groups may not be used with instances of type 't3.micro'.`, `… in the requested Availability Zone …` */
const aboutPool = /instance type|instances? of type|availability zone/i;

/** A group takes some types, or one zone, only. */
const isOfPlacementGroup = (code: string): boolean =>
  /^InvalidPlacementGroup\./.test(bareCode(code));

const isPoolMismatch = (code: string, words: string): boolean =>
  isNamedMismatch(code) ||
  isOfPlacementGroup(code) ||
  (isCombination(code) && aboutPool.test(words));

/** The vCPU or instance quota of the account, not the pool, is used up. */
const isLaunchQuota = oneOf(
  "MaxSpotInstanceCountExceeded",
  "VcpuLimitExceeded",
  "InstanceLimitExceeded",
);

const isUnsupported = oneOf("Unsupported", "UnsupportedOperation");

/** No capacity is reserved now: there is none, the quota is used up, or this type or zone has no reservations. */
export const isReservationRefusal = (code: string): boolean =>
  !isThrottle(code) && (isCapacityShortage(code) || isQuota(code) || isUnsupported(code));

const isAddressShortage = oneOf("InsufficientFreeAddressesInSubnet");

/** What a refused launch means, by code and AWS's words. Undefined: nothing about the pool, the quota or the subnet. */
export const launchRefusalOf = (code: string, words: string): LaunchRefusal | undefined => {
  if (isCapacityShortage(code)) return "NO_CAPACITY";
  if (isEndedLaunch(code)) return "ENDED";
  if (isPoolMismatch(code, words)) return "UNSUITABLE";
  if (isLaunchQuota(code)) return "QUOTA";
  return isAddressShortage(code) ? "NO_ADDRESSES" : undefined;
};

const isNamedThrottle = oneOf(
  "RequestLimitExceeded",
  "ProvisionedThroughputExceeded",
  "RequestThrottled",
  "ThrottledRequest",
  "Throttled",
  "EC2Throttled",
  "TooManyRequests",
  "SlowDown",
  "BandwidthLimitExceeded",
  "PriorRequestNotComplete",
  // Limits on what is under way at one time: room comes by itself.
  "ConcurrentSnapshotLimitExceeded",
  "PendingSnapshotLimitExceeded",
);

/** `Throttling`, `Throttling.User`, `KmsThrottling`, `SnapshotCreationPerVolumeRateExceeded` … */
export const isThrottle = (code: string): boolean =>
  isNamedThrottle(code) || /Throttling|RateExceeded$/.test(bareCode(code));

/** The session of the assumed role ran out. EC2 says `RequestExpired` where the others say `ExpiredToken`. */
export const isExpiredSession = oneOf(
  "ExpiredToken",
  "ExpiredTokenId",
  "RequestExpired",
  // The SDK's own: our credentials could not be fetched.
  "CredentialsProviderError",
);

/** What EC2 answers to good credentials in a region that their account has not enabled. */
export const isUnknownCaller = oneOf("AuthFailure", "OptInRequired");

const isNamedDenial = oneOf(
  "AuthFailure",
  "OptInRequired",
  "InvalidClientTokenId",
  "UnrecognizedClient",
  "SignatureDoesNotMatch",
  "InvalidSignature",
  "IncompleteSignature",
  "MissingAuthenticationToken",
  "PendingVerification",
  "Blocked",
  "RegionDisabled",
  // Resource Groups.
  "Forbidden",
  // SNS.
  "AuthorizationError",
  // An organization's.
  "TagPolicyViolation",
);

/** `UnauthorizedOperation`, `AccessDenied`, `AuthFailure.ServiceLinkedRoleCreationNotPermitted` … */
export const isDenial = (code: string): boolean =>
  isNamedDenial(code) || /^Unauthorized|^AuthFailure\.|AccessDenied$/.test(bareCode(code));

/** `InvalidInstanceID.NotFound`, `TargetGroupNotFound`, `ExecutionDoesNotExist` … */
export const isNotFound = (code: string): boolean =>
  /(NotFound|DoesNotExist)$/.test(bareCode(code));

/** Limits of a resource or a type, which no quota raises. Source: AWS tagging guide; EC2 API reference, "Error codes". */
export const isFixedLimit = oneOf("TagLimitExceeded", "AttachmentLimitExceeded");

/** `VcpuLimitExceeded`, `MaxConfigLimitExceeded`, `TooManyTargets`, `ServiceQuotaExceeded` … */
export const isQuota = (code: string): boolean =>
  isLaunchQuota(code) ||
  (!isFixedLimit(code) && /LimitExceeded$|QuotaExceeded$|^TooMany/.test(bareCode(code)));

/** Two writers at one resource: EC2 and DynamoDB ask to try again. Or something still holds on to it, as an ending instance to its group. */
export const isContention = oneOf(
  "ConcurrentTagAccess",
  "ReplicatedWriteConflict",
  "TransactionConflict",
  "DependencyViolation",
  // Auto Scaling: "You already have a pending update to an Auto Scaling resource", and an activity that blocks the call.
  "ResourceContention",
  "ScalingActivityInProgress",
  "ResourceInUse",
);

const isNamedOutage = oneOf(
  "InternalError",
  "InternalFailure",
  "InternalServerError",
  "ServerInternal",
  "ServiceUnavailable",
  "Unavailable",
  "ServiceFailure",
);

const isTimeout = oneOf("TimeoutError", "RequestTimeout", "AbortError", "NetworkingError");

const isBrokenConnection = oneOf(
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ERR_HTTP2_STREAM_ERROR",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_SOCKET",
);

/** Nothing came back: the call may or may not have acted. */
export const isNoAnswer = (code: string): boolean => isTimeout(code) || isBrokenConnection(code);

/** No answer, or one that says nothing: the call may or may not have acted. */
export const isOutage = (code: string): boolean => isNamedOutage(code) || isNoAnswer(code);
