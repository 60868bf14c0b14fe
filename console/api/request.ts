/** Sends requests to the API, which answers at the page's own address. */
import { problemOf, RequestFailed } from "./problem.ts";

const basePath = "/api/v1";

export interface Read<Value> {
  /** Undefined: as it was read before (304). */
  readonly value: Value | undefined;
  readonly etag: string | undefined;
}

const required = async (response: Response): Promise<Response> => {
  if (response.ok || response.status === 304) return response;
  throw new RequestFailed(problemOf(response.status, await response.text()));
};

/**
 * @param path below `/api/v1`, with its query
 * @throws RequestFailed, TypeError where nothing answers
 */
export const read = async <Value>(
  path: string,
  { etag, signal }: { readonly etag?: string | undefined; readonly signal?: AbortSignal } = {},
): Promise<Read<Value>> => {
  const response = await required(
    await fetch(basePath + path, {
      // The page keeps what it has read, and asks with its own ETag.
      cache: "no-store",
      headers: { accept: "application/json", ...(etag !== undefined && { "if-none-match": etag }) },
      ...(signal !== undefined && { signal }),
    }),
  );
  if (response.status === 304) return { value: undefined, etag };
  return {
    value: (await response.json()) as Value,
    etag: response.headers.get("etag") ?? undefined,
  };
};

export interface Sent {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: object;
  /** On the simulated cloud, which checks nobody: who asks. */
  readonly as?: string | undefined;
}

/** FNV-1a, 32 bits: tells what was sent before from what is sent now, and keeps nothing secret. */
const digestOf = (text: string): string => {
  let digest = 0x811c9dc5;
  for (const letter of text) {
    digest = Math.imul(digest ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return digest.toString(16).padStart(8, "0");
};

/** The same again has the same key; what was changed between two presses is another request, and not answered as the first was. */
export const keyOf = ({ path, body, as }: Omit<Sent, "method">, idempotencyKey: string): string =>
  `${idempotencyKey}-${digestOf(JSON.stringify([path, body, as]))}`;

/**
 * Sends it once: repeated by the browser or by a second press it is answered as before.
 * @throws RequestFailed, TypeError where nothing answers
 */
export const send = async <Value>(sent: Sent, idempotencyKey: string): Promise<Value> => {
  const { method, path, body, as } = sent;
  const response = await required(
    await fetch(basePath + path, {
      method,
      cache: "no-store",
      headers: {
        accept: "application/json",
        ...(method === "POST" && { "idempotency-key": keyOf(sent, idempotencyKey) }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(as !== undefined && { "spot-optimizer-identity": as }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as Value;
};
