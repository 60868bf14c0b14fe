/**
 * Reads a token of EKS as aws-iam-authenticator does: `k8s-aws-v1.` and a presigned GetCallerIdentity. What STS would say of its
 * signature is worked out here with the caller's own secret. Source: aws-iam-authenticator, `pkg/token` (rules), AWS Signature
 * Version 4, "Create a signed request" (presigned URLs).
 */
import {
  clockSkewMs,
  sha256Of,
  signatureOf as sign,
  signingTimeOf,
  uriEncoded,
} from "../iam/signature-v4.ts";

const prefix = "k8s-aws-v1.";
const longestBytes = 4096;
const lifeMs = 15 * 60_000;
const longestExpiresSeconds = 900;
const clusterHeader = "x-k8s-aws-id";

const allowedParameters: ReadonlySet<string> = new Set([
  "action",
  "version",
  "x-amz-algorithm",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-expires",
  "x-amz-security-token",
  "x-amz-signature",
  "x-amz-signedheaders",
]);

const hostPattern =
  /^sts(-fips)?(\.[a-z]{2}(-[a-z]+)+-\d)?\.(amazonaws\.com|amazonaws\.com\.cn|api\.aws|api\.amazonwebservices\.com\.cn)$/;

export interface Signer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

interface Presigned {
  readonly url: URL;
  readonly signedAtMs: number;
  readonly signature: string;
  readonly sessionToken: string | undefined;
  readonly accessKeyId: string;
  /** `<date>/<region>/sts/aws4_request`. */
  readonly scope: string;
}

/** Why it is not accepted: only the cluster's own log would say so. */
type Verdict =
  | { readonly isGood: true; readonly accessKeyId: string }
  | { readonly isGood: false; readonly why: string };

const bad = (why: string): Verdict => ({ isGood: false, why });

const urlOf = (token: string): URL | undefined => {
  const encoded = token.slice(prefix.length);
  if (!/^[A-Za-z0-9_-]+$/.test(encoded)) return undefined;
  const text = Buffer.from(encoded, "base64url").toString("utf8");
  return URL.parse(text) ?? undefined;
};

/** Of a URL that has it; else empty, which no rule accepts. */
const parameter = ({ searchParams }: URL, name: string): string => searchParams.get(name) ?? "";

const problemOfUrl = (url: URL): string | undefined => {
  if (url.protocol !== "https:") return `unexpected scheme ${url.protocol}`;
  if (!hostPattern.test(url.host)) return `unexpected hostname ${url.host}`;
  if (url.pathname !== "/") return `unexpected path ${url.pathname}`;
  const names = [...url.searchParams.keys()].map((name) => name.toLowerCase());
  const unknown = names.find((name) => !allowedParameters.has(name));
  if (unknown !== undefined) return `non-whitelisted query parameter ${unknown}`;
  if (new Set(names).size < names.length) return "query parameter with multiple values";
  if (parameter(url, "Action") !== "GetCallerIdentity") return "unexpected action";
  return undefined;
};

const problemOfHeaders = (url: URL): string | undefined =>
  parameter(url, "X-Amz-SignedHeaders").toLowerCase().split(";").includes(clusterHeader)
    ? undefined
    : `missing ${clusterHeader} in signed headers`;

const problemOfDates = (url: URL, signedAtMs: number): string | undefined => {
  const expires = parameter(url, "X-Amz-Expires");
  if (!/^\d+$/.test(expires) || Number(expires) > longestExpiresSeconds) {
    return "invalid X-Amz-Expires";
  }
  return Number.isNaN(signedAtMs) ? "invalid X-Amz-Date" : undefined;
};

const problemOfAge = (signedAtMs: number, nowMs: number): string | undefined => {
  if (nowMs > signedAtMs + lifeMs) return "X-Amz-Date is expired";
  if (signedAtMs > nowMs + clockSkewMs) return "STS: Signature not yet current";
  return undefined;
};

/** What is signed, or why it is not accepted, whoever asks and whenever. */
const read = (token: string): Presigned | string => {
  if (Buffer.byteLength(token) > longestBytes) return "token is too large";
  const url = urlOf(token);
  if (url === undefined) return "token is malformed";
  const signedAtMs = signingTimeOf(parameter(url, "X-Amz-Date"));
  const problem = problemOfUrl(url) ?? problemOfHeaders(url) ?? problemOfDates(url, signedAtMs);
  if (problem !== undefined) return problem;
  const [accessKeyId, ...scope] = parameter(url, "X-Amz-Credential").split("/");
  if (accessKeyId === undefined || scope.length !== 4) return "STS: IncompleteSignature";
  const signature = parameter(url, "X-Amz-Signature");
  const sessionToken = url.searchParams.get("X-Amz-Security-Token") ?? undefined;
  return { url, signedAtMs, signature, sessionToken, accessKeyId, scope: scope.join("/") };
};

const canonicalQuery = ({ searchParams }: URL): string =>
  [...searchParams.entries()]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${uriEncoded(name)}=${uriEncoded(value)}`)
    .sort()
    .join("&");

const canonicalRequestOf = (url: URL, clusterName: string): string => {
  const headers: Readonly<Record<string, string>> = {
    host: url.host,
    [clusterHeader]: clusterName,
  };
  const signed = parameter(url, "X-Amz-SignedHeaders");
  const lines = signed.split(";").map((name) => `${name}:${headers[name] ?? ""}`);
  return ["GET", "/", canonicalQuery(url), ...lines, "", signed, sha256Of("")].join("\n");
};

/** A client shows the same token at each of its requests: to read it and to sign it takes longer than most answers. Oldest first. */
class Remembered<Value> {
  readonly #values = new Map<string, Value>();
  readonly #most = 200;

  get(key: string, make: () => Value): Value {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const [oldest] = this.#values.keys();
    if (oldest !== undefined && this.#values.size >= this.#most) this.#values.delete(oldest);
    const made = make();
    this.#values.set(key, made);
    return made;
  }
}

const tokens = new Remembered<Presigned | string>();
const signatures = new Remembered<string>();

const signatureOf = (presigned: Presigned, secret: string, clusterName: string): string => {
  const { url, scope } = presigned;
  return signatures.get(`${clusterName} ${secret} ${url.href}`, () =>
    sign(secret, {
      time: parameter(url, "X-Amz-Date"),
      scope,
      canonicalRequest: canonicalRequestOf(url, clusterName),
    }),
  );
};

export const isEksToken = (token: string): boolean => token.startsWith(prefix);

interface Expected {
  readonly clusterName: string;
  readonly nowMs: number;
}

/** What STS would say. */
const problemOfSigner = (
  presigned: Presigned,
  { clusterName }: Expected,
  signer: Signer | undefined,
): string | undefined => {
  if (signer === undefined || signer.sessionToken !== presigned.sessionToken) {
    return "InvalidClientTokenId";
  }
  const signature = signatureOf(presigned, signer.secretAccessKey, clusterName);
  return signature === presigned.signature ? undefined : "SignatureDoesNotMatch";
};

/** @param signerOf whose key it is; undefined for one that is not known */
export const verifyToken = (
  token: string,
  expected: Expected,
  signerOf: (accessKeyId: string) => Signer | undefined,
): Verdict => {
  const presigned = tokens.get(token, () => read(token));
  if (typeof presigned === "string") return bad(presigned);
  const problem = problemOfAge(presigned.signedAtMs, expected.nowMs);
  if (problem !== undefined) return bad(problem);
  const refusal = problemOfSigner(presigned, expected, signerOf(presigned.accessKeyId));
  return refusal === undefined
    ? { isGood: true, accessKeyId: presigned.accessKeyId }
    : bad(`STS: ${refusal}`);
};
