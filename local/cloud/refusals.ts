/** How each protocol of AWS refuses: the same refusal has another code and status in EC2, in query and in JSON services. */
import { protocolOf } from "../schemas/model.ts";
import type { Protocol, ServiceId } from "../schemas/services.ts";
import { CloudError } from "./contract.ts";

export type Refusal =
  | "UNSIGNED"
  | "UNKNOWN_KEY"
  | "EXPIRED"
  | "INCOMPLETE_SIGNATURE"
  | "WRONG_SIGNATURE"
  | "SIGNED_AT_ANOTHER_TIME"
  | "DENIED"
  | "UNKNOWN_OPERATION"
  | "MISSING_PARAMETER"
  | "UNKNOWN_PARAMETER"
  | "BAD_VALUE"
  | "THROTTLED"
  | "BROKEN_INSIDE";

type Spoken = readonly [code: string, status: number];

const query: Readonly<Record<Refusal, Spoken>> = {
  UNSIGNED: ["MissingAuthenticationToken", 403],
  UNKNOWN_KEY: ["InvalidClientTokenId", 403],
  EXPIRED: ["ExpiredToken", 403],
  INCOMPLETE_SIGNATURE: ["IncompleteSignature", 400],
  WRONG_SIGNATURE: ["SignatureDoesNotMatch", 403],
  SIGNED_AT_ANOTHER_TIME: ["SignatureDoesNotMatch", 403],
  DENIED: ["AccessDenied", 403],
  UNKNOWN_OPERATION: ["InvalidAction", 400],
  MISSING_PARAMETER: ["ValidationError", 400],
  UNKNOWN_PARAMETER: ["ValidationError", 400],
  BAD_VALUE: ["ValidationError", 400],
  THROTTLED: ["Throttling", 400],
  BROKEN_INSIDE: ["InternalFailure", 500],
};

const ec2: Readonly<Record<Refusal, Spoken>> = {
  ...query,
  UNKNOWN_KEY: ["AuthFailure", 401],
  // EC2 says of an expired session token what it says of an expired request.
  EXPIRED: ["RequestExpired", 400],
  SIGNED_AT_ANOTHER_TIME: ["RequestExpired", 400],
  DENIED: ["UnauthorizedOperation", 403],
  MISSING_PARAMETER: ["MissingParameter", 400],
  UNKNOWN_PARAMETER: ["UnknownParameter", 400],
  BAD_VALUE: ["InvalidParameterValue", 400],
  THROTTLED: ["RequestLimitExceeded", 503],
  BROKEN_INSIDE: ["InternalError", 500],
};

const json: Readonly<Record<Refusal, Spoken>> = {
  UNSIGNED: ["MissingAuthenticationTokenException", 400],
  UNKNOWN_KEY: ["UnrecognizedClientException", 400],
  EXPIRED: ["ExpiredTokenException", 400],
  INCOMPLETE_SIGNATURE: ["IncompleteSignatureException", 400],
  WRONG_SIGNATURE: ["InvalidSignatureException", 400],
  SIGNED_AT_ANOTHER_TIME: ["InvalidSignatureException", 400],
  DENIED: ["AccessDeniedException", 400],
  UNKNOWN_OPERATION: ["UnknownOperationException", 400],
  MISSING_PARAMETER: ["ValidationException", 400],
  UNKNOWN_PARAMETER: ["ValidationException", 400],
  BAD_VALUE: ["SerializationException", 400],
  THROTTLED: ["ThrottlingException", 400],
  BROKEN_INSIDE: ["InternalFailure", 500],
};

const byProtocol: Readonly<Record<Protocol, Readonly<Record<Refusal, Spoken>>>> = {
  ec2Query: ec2,
  awsQuery: query,
  "awsJson1.0": json,
  "awsJson1.1": json,
  // Source: Route 53 API reference, "Common Errors".
  restXml: { ...query, MISSING_PARAMETER: ["InvalidInput", 400], BAD_VALUE: ["InvalidInput", 400] },
  restJson: { ...json, DENIED: ["AccessDeniedException", 403] },
};

/** The refusal in the words of that service's protocol. */
export const refuse = (service: ServiceId, refusal: Refusal, message: string): CloudError => {
  const [code, status] = byProtocol[protocolOf(service)][refusal];
  return new CloudError(code, message, status);
};
