/** Calls API Gateway as an operator does: signed with SigV4, for `execute-api`. */
import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Checksum, SourceData } from "@smithy/types";

const bytesOf = (data: SourceData): Uint8Array | string =>
  typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer);

interface Digester {
  update(data: Uint8Array): unknown;
  digest(): Uint8Array;
}

class Sha256 implements Checksum {
  readonly #secret: SourceData | undefined;
  #hash: Digester;

  constructor(secret?: SourceData) {
    this.#secret = secret;
    this.#hash = this.#begin();
  }

  #begin(): Digester {
    return this.#secret === undefined
      ? createHash("sha256")
      : createHmac("sha256", bytesOf(this.#secret));
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    this.#hash = this.#begin();
  }
}

export interface Caller {
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export const signedFetch = async (
  { region, credentials }: Caller,
  target: URL,
  request: Request,
): Promise<Response> => {
  const signer = new SignatureV4({ service: "execute-api", region, credentials, sha256: Sha256 });
  const body = request.body === null ? undefined : await request.text();
  const { headers } = await signer.sign({
    method: request.method,
    protocol: target.protocol,
    hostname: target.hostname,
    port: Number(target.port),
    path: target.pathname,
    query: Object.fromEntries(target.searchParams),
    headers: { ...Object.fromEntries(request.headers), host: target.host },
    body,
  });
  const { host: _setByFetch, ...sent } = headers;
  return fetch(target, {
    method: request.method,
    headers: sent,
    ...(body === undefined ? {} : { body }),
  });
};
