/** Hands what the console asks on to the API, signed where it is deployed, and answers what the API answers. */
import { signed, type Transport } from "../api/transport.ts";
import { Failure } from "../failure.ts";
import { changesNothing } from "./read-only.ts";

/** Of a request: no cookie, and nothing of the connection. */
const handedOn = ["accept", "content-type", "idempotency-key", "if-none-match"] as const;

/** Of an answer: no cookie, and nothing of the connection. */
const handedBack = [
  "cache-control",
  "content-disposition",
  "content-type",
  "etag",
  "link",
  "location",
  "retry-after",
] as const;

const picked = (headers: Headers, names: readonly string[]): Headers => {
  const kept = new Headers();
  for (const name of names) {
    const value = headers.get(name);
    if (value !== null) kept.set(name, value);
  }
  return kept;
};

const problem = (status: number, kind: string, detail: string): Response =>
  Response.json(
    {
      type: `urn:spot-optimizer:cli:${kind}`,
      title: "The console could not ask this",
      status,
      detail,
    },
    { status, headers: { "content-type": "application/problem+json" } },
  );

const readOnly = (): Response =>
  problem(403, "read-only", "Read-only. Restart spot console with --write.");

/** API Gateway answers after 29 seconds at the latest. */
const patienceMs = 60_000;

const send = async (request: Request, transport: Transport): Promise<Response> => {
  const { surroundings } = transport;
  try {
    const signal = AbortSignal.any([surroundings.interrupt, AbortSignal.timeout(patienceMs)]);
    const ready = new Request(await signed(request, transport), { signal, redirect: "manual" });
    const answer = await surroundings.fetch(ready);
    const { status, headers } = answer;
    const body = [204, 304].includes(status) ? null : await answer.arrayBuffer();
    return new Response(body, { status, headers: picked(headers, handedBack) });
  } catch (error) {
    const why = error instanceof Failure ? error.message : "The API does not answer";
    return problem(502, "unreachable", `${why}.`);
  }
};

/** @param mayWrite false: what would change something is refused, and not sent */
export const forwardTo =
  (transport: Transport, mayWrite: boolean) =>
  async (request: Request): Promise<Response> => {
    if (!mayWrite && !changesNothing(request)) return readOnly();
    const { pathname, search } = new URL(request.url);
    const headers = picked(request.headers, handedOn);
    const { as } = transport.globals;
    if (as !== undefined && !transport.address.isDeployed) {
      headers.set("spot-optimizer-identity", as);
    }
    const hasBody = !["GET", "HEAD"].includes(request.method);
    const asked = new Request(transport.address.url + pathname + search, {
      method: request.method,
      headers,
      ...(hasBody && { body: await request.arrayBuffer() }),
    });
    return send(asked, transport);
  };
