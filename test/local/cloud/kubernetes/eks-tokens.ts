/** Tokens of EKS, good ones and ones that are wrong in one point. */
import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";

export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined
        ? createHash("sha256")
        : createHmac(
            "sha256",
            typeof secret === "string" ? secret : new Uint8Array(secret as Uint8Array),
          );
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()));
  }
}

export interface Minted {
  /** Undefined: no cluster is signed; absent: `shop`. */
  readonly clusterName?: string | undefined;
  readonly atMs?: number;
  readonly expiresIn?: number;
  readonly host?: string;
  readonly path?: string;
  readonly query?: Record<string, string>;
  readonly credentials?: Key;
}

/** @param usual what is taken where the token is not said to be otherwise */
export const presignedUrl = async (
  minted: Minted,
  usual: { readonly key: Key; readonly atMs: number },
): Promise<string> => {
  const host = minted.host ?? "sts.eu-west-1.amazonaws.com";
  const signer = new SignatureV4({
    service: "sts",
    region: "eu-west-1",
    credentials: minted.credentials ?? usual.key,
    sha256: Sha256,
  });
  const signed = await signer.presign(
    {
      method: "GET",
      protocol: "https:",
      hostname: host,
      path: minted.path ?? "/",
      query: { Action: "GetCallerIdentity", Version: "2011-06-15", ...minted.query },
      headers: {
        host,
        ...(!("clusterName" in minted) || minted.clusterName !== undefined
          ? { "x-k8s-aws-id": minted.clusterName ?? "shop" }
          : {}),
      },
    },
    { expiresIn: minted.expiresIn ?? 60, signingDate: new Date(minted.atMs ?? usual.atMs) },
  );
  const query = new URLSearchParams(signed.query as Record<string, string>);
  return `https://${host}${signed.path}?${query.toString().replaceAll("+", "%20")}`;
};

export const tokenOf = (url: string): string =>
  `k8s-aws-v1.${Buffer.from(url).toString("base64url")}`;
