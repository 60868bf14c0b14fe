/**
 * Whether a request that came over a socket is signed as AWS demands it, in its header or (presigned) in its query string: with the
 * secret of the key that it names, over what was received, and at about this time. Source: IAM user guide, "Create a signed AWS API
 * request"; "Troubleshoot Signature Version 4 signing".
 */
import { timingSafeEqual } from "node:crypto";
import type { AccessKey } from "../cloud/iam/identities.ts";
import {
  clockSkewMs,
  sha256Of,
  signatureOf,
  signingTimeOf,
  uriEncoded,
} from "../cloud/iam/signature-v4.ts";
import type { Refusal } from "../cloud/refusals.ts";

/** As it was received: a signature is over the bytes. */
export interface ReceivedRequest {
  readonly method: string;
  /** With the query string: `/clusters?maxResults=1`. */
  readonly target: string;
  /** Names in lower case; values of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface SignatureFault {
  readonly refusal: Refusal;
  readonly message: string;
}

interface Signature {
  readonly accessKeyId: string;
  /** `<date>/<region>/<service>/aws4_request`. */
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20260302T090000Z`. */
  readonly time: string;
  readonly sessionToken: string | undefined;
  /** Of a presigned request: how long it is good for. */
  readonly expiresSeconds: number | undefined;
}

const fault = (refusal: Refusal, message: string): SignatureFault => ({ refusal, message });

const incomplete = (what: string): SignatureFault =>
  fault("INCOMPLETE_SIGNATURE", `The signature of the request is not complete: ${what}.`);

const algorithm = "AWS4-HMAC-SHA256";

/** Source: Amazon S3 API reference, "Authenticating Requests: Using Query Parameters": at most seven days. */
const longestExpiresSeconds = 7 * 86_400;

type Pairs = readonly (readonly [name: string, value: string])[];

const partsOf = ({
  target,
}: ReceivedRequest): { readonly path: string; readonly query: string } => {
  const [path = "", ...query] = target.split("?");
  return { path, query: query.join("?") };
};

/** As they stand on the wire, decoded; a plus sign is one. Undefined where they can't be decoded. */
const pairsOf = (query: string): Pairs | undefined => {
  try {
    return query
      .split("&")
      .filter((pair) => pair !== "")
      .map((pair) => {
        const [name = "", ...value] = pair.split("=");
        return [decodeURIComponent(name), decodeURIComponent(value.join("="))] as const;
      });
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
};

const inHeader = (
  authorization: string,
  headers: ReceivedRequest["headers"],
): Signature | undefined => {
  if (!authorization.startsWith(`${algorithm} `)) return undefined;
  const part = (name: string): string =>
    new RegExp(`${name}=([^,\\s]+)`).exec(authorization)?.[1] ?? "";
  const [accessKeyId = "", ...scope] = part("Credential").split("/");
  return {
    accessKeyId,
    scope: scope.join("/"),
    signedHeaders: part("SignedHeaders").split(";"),
    signature: part("Signature"),
    time: headers["x-amz-date"] ?? "",
    sessionToken: headers["x-amz-security-token"],
    expiresSeconds: undefined,
  };
};

const inQuery = (pairs: Pairs): Signature | undefined => {
  const parameters = new Map(pairs);
  if (parameters.get("X-Amz-Algorithm") !== algorithm) return undefined;
  const parameter = (name: string): string => parameters.get(name) ?? "";
  const [accessKeyId = "", ...scope] = parameter("X-Amz-Credential").split("/");
  return {
    accessKeyId,
    scope: scope.join("/"),
    signedHeaders: parameter("X-Amz-SignedHeaders").split(";"),
    signature: parameter("X-Amz-Signature"),
    time: parameter("X-Amz-Date"),
    sessionToken: parameters.get("X-Amz-Security-Token"),
    expiresSeconds: Number(parameter("X-Amz-Expires")),
  };
};

/** Segments as they came, without empty ones and dots, encoded once more. */
const canonicalPath = (path: string): string => {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(uriEncoded(segment));
  }
  const isClosed = segments.length > 0 && path.endsWith("/");
  return `/${segments.join("/")}${isClosed ? "/" : ""}`;
};

const canonicalQuery = (pairs: Pairs): string =>
  pairs
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [uriEncoded(name), uriEncoded(value)] as const)
    .toSorted(([one, first], [other, second]) =>
      one === other ? compare(first, second) : compare(one, other),
    )
    .map((pair) => pair.join("="))
    .join("&");

/** By code points, not by language. */
const compare = (one: string, other: string): number => {
  if (one === other) return 0;
  return one < other ? -1 : 1;
};

const canonicalRequestOf = (
  request: ReceivedRequest,
  pairs: Pairs,
  signedHeaders: readonly string[],
): string => {
  const lines = signedHeaders.map(
    (name) => `${name}:${(request.headers[name] ?? "").trim().replaceAll(/ +/g, " ")}`,
  );
  return [
    request.method,
    canonicalPath(partsOf(request).path),
    canonicalQuery(pairs),
    ...lines,
    "",
    signedHeaders.join(";"),
    sha256Of(request.body),
  ].join("\n");
};

/** Who it reaches and all of AWS's own headers: what is not signed could be changed on the way. */
const unsignedHeader = (
  headers: ReceivedRequest["headers"],
  signedHeaders: readonly string[],
): string | undefined =>
  Object.keys(headers).find(
    (name) => (name === "host" || name.startsWith("x-amz-")) && !signedHeaders.includes(name),
  );

const faultOfForm = (
  { scope, time, expiresSeconds = 1, signedHeaders }: Signature,
  headers: ReceivedRequest["headers"],
): SignatureFault | undefined => {
  const [date, , , end, ...rest] = scope.split("/");
  if (end !== "aws4_request" || rest.length > 0) return incomplete("its credential has no scope");
  if (Number.isNaN(signingTimeOf(time)) || date !== time.slice(0, 8)) {
    return incomplete("X-Amz-Date is not the time of its scope");
  }
  if (!(expiresSeconds >= 1 && expiresSeconds <= longestExpiresSeconds)) {
    return incomplete("X-Amz-Expires is not from 1 to 604800");
  }
  const unsigned = unsignedHeader(headers, signedHeaders);
  return unsigned === undefined ? undefined : incomplete(`the header ${unsigned} is not signed`);
};

const faultOfTime = (
  { time, expiresSeconds }: Signature,
  nowMs: number,
): SignatureFault | undefined => {
  const signedAtMs = signingTimeOf(time);
  const goodForMs = expiresSeconds === undefined ? clockSkewMs : expiresSeconds * 1000;
  const now = new Date(nowMs).toISOString();
  if (nowMs > signedAtMs + goodForMs) {
    return fault(
      "SIGNED_AT_ANOTHER_TIME",
      `Signature expired: it is of ${time}, and it is ${now}.`,
    );
  }
  if (signedAtMs > nowMs + clockSkewMs) {
    return fault(
      "SIGNED_AT_ANOTHER_TIME",
      `Signature not yet current: it is of ${time}, and it is ${now}.`,
    );
  }
  return undefined;
};

const invalidToken = fault("UNKNOWN_KEY", "The security token included in the request is invalid.");

const isSame = (one: string, other: string): boolean => {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.byteLength === second.byteLength && timingSafeEqual(first, second);
};

const faultOfProof = (
  signed: Signature,
  key: AccessKey,
  canonicalRequest: string,
): SignatureFault | undefined => {
  if (signed.sessionToken !== key.sessionToken) {
    return invalidToken;
  }
  const { time, scope } = signed;
  const expected = signatureOf(key.secretAccessKey, { time, scope, canonicalRequest });
  return isSame(signed.signature, expected)
    ? undefined
    : fault(
        "WRONG_SIGNATURE",
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.",
      );
};

/** Whoever names a key in any way must sign with it, in one place. */
const signatureIn = (
  { headers }: ReceivedRequest,
  pairs: Pairs,
): Signature | SignatureFault | undefined => {
  const names = pairs.map(([name]) => name).filter((name) => name.startsWith("X-Amz-"));
  const isPresigned = names.includes("X-Amz-Credential");
  const { authorization } = headers;
  if (authorization === undefined && !isPresigned) return undefined;
  if (authorization !== undefined && isPresigned) {
    return incomplete("it stands in the header and in the query string");
  }
  if (new Set(names).size < names.length) return incomplete("a parameter stands there twice");
  const signed = authorization === undefined ? inQuery(pairs) : inHeader(authorization, headers);
  return signed ?? incomplete(`it is not of ${algorithm}`);
};

/**
 * Undefined for a good signature, and for a request that names no key: whether it needs one the service says.
 * @param nowMs by the clock of this machine, as clients sign by it
 */
export const signatureFault = (
  request: ReceivedRequest,
  expected: {
    readonly nowMs: number;
    readonly keyOf: (accessKeyId: string) => AccessKey | undefined;
  },
): SignatureFault | undefined => {
  const pairs = pairsOf(partsOf(request).query);
  if (pairs === undefined) return incomplete("the query string can't be decoded");
  const signed = signatureIn(request, pairs);
  if (signed === undefined || "refusal" in signed) return signed;
  const key = expected.keyOf(signed.accessKeyId);
  if (key === undefined) return invalidToken;
  return (
    faultOfForm(signed, request.headers) ??
    faultOfTime(signed, expected.nowMs) ??
    faultOfProof(signed, key, canonicalRequestOf(request, pairs, signed.signedHeaders))
  );
};
