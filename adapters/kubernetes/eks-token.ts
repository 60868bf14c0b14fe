/**
 * Makes the token by which the API server of an EKS cluster knows a role: a presigned GetCallerIdentity, which the cluster sends to
 * STS. It is made without any call. Source: aws-iam-authenticator, README "API Authorization from Outside a Cluster", `pkg/token`.
 */
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import type { SourceData } from "@smithy/types";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { CustomerCredentials } from "../aws/sts.ts";

export interface TokenInput {
  readonly clusterName: string;
  /** Of the cluster: its own STS is asked. */
  readonly region: string;
  readonly credentials: Pick<
    CustomerCredentials,
    "accessKeyId" | "secretAccessKey" | "sessionToken"
  >;
  readonly now: Date;
}

const prefix = "k8s-aws-v1.";

/** aws-iam-authenticator, `pkg/token/token.go`, maxTokenLenBytes. */
const longestBytes = 4096;

/**
 * The cluster takes a token for 15 minutes from its date, whatever this says (aws-iam-authenticator, presignedURLExpiration), and not longer
 * than the session lasts. We use one for a single invocation.
 */
const expiresSeconds = 60;

/** Names the cluster in the signature, so that a token for one is nothing to another. */
const clusterHeader = "x-k8s-aws-id";

class Sha256 extends Hash {
  constructor(secret?: SourceData) {
    super("sha256", secret);
  }
}

/** Of partition `aws`, the one that is served. */
const hostOf = (region: string): string => `sts.${region}.amazonaws.com`;

/** As signature version 4 writes it: everything but unreserved characters. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const presignedUrl = async ({
  clusterName,
  region,
  credentials,
  now,
}: TokenInput): Promise<string> => {
  const hostname = hostOf(region);
  const signer = new SignatureV4({ service: "sts", region, credentials, sha256: Sha256 });
  const { query = {} } = await signer.presign(
    {
      method: "GET",
      protocol: "https:",
      hostname,
      path: "/",
      query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
      headers: { host: hostname, [clusterHeader]: clusterName },
    },
    { expiresIn: expiresSeconds, signingDate: now },
  );
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encoded(name)}=${encoded(String(value))}`,
  );
  return `https://${hostname}/?${pairs.join("&")}`;
};

const tooLong = (clusterName: string, bytes: number, sessionBytes: number): SpotOptimizerError =>
  new SpotOptimizerError(
    "BrokenClusterAccess",
    `A token for cluster ${clusterName} would have ${String(bytes)} bytes, of which a cluster takes ${String(longestBytes)}: the session token that STS gave has ${String(sessionBytes)}.`,
    {
      resource: clusterName,
      nextStep:
        "take session tags and session policies off the role's sessions: they make the session token longer.",
    },
  );

/**
 * Never to be logged or stored.
 * @throws BrokenClusterAccess where no cluster would take it
 */
export const mintToken = async (input: TokenInput): Promise<string> => {
  const token = `${prefix}${Buffer.from(await presignedUrl(input)).toString("base64url")}`;
  const bytes = Buffer.byteLength(token);
  if (bytes > longestBytes) {
    throw tooLong(input.clusterName, bytes, Buffer.byteLength(input.credentials.sessionToken));
  }
  return token;
};
