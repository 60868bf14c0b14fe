/** The SDK's request handler that goes no further than this process: bytes in, bytes out, no socket. */
import { HttpResponse } from "@smithy/core/protocols";
import type { Cloud } from "../../cloud/dispatch.ts";
import { exchange } from "../exchange.ts";
import type { WireRequest, WireResponse } from "../messages.ts";

/** What the SDK's middleware hands to a request handler, as far as the wire needs it. */
interface OutgoingRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface LocalRequestHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: OutgoingRequest): Promise<{ response: HttpResponse }>;
  destroy(): void;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Give it to a client as `requestHandler`. Nothing is kept between requests; `destroy` does nothing. */
export const inProcessRequestHandler = (cloud: Cloud): LocalRequestHandler =>
  localHandler(async (request) => httpResponseOf(await exchange(cloud, wireRequestOf(request))));

export const httpResponseOf = ({ status, headers, body }: WireResponse): HttpResponse =>
  new HttpResponse({
    statusCode: status,
    headers: { ...headers },
    body: typeof body === "string" ? encoder.encode(body) : body,
  });

const localHandler = (
  respond: (request: OutgoingRequest) => Promise<HttpResponse>,
): LocalRequestHandler => ({
  metadata: { handlerProtocol: "local" },
  handle: async (request) => ({ response: await respond(request) }),
  destroy: () => undefined,
  updateHttpClientConfig: () => undefined,
  httpHandlerConfigs: () => ({}),
});

const wireRequestOf = (request: OutgoingRequest): WireRequest => ({
  method: request.method,
  path: request.path,
  query: queryOf(request.query ?? {}),
  headers: request.headers,
  body: textOf(request.body),
});

const queryOf = (query: NonNullable<OutgoingRequest["query"]>): URLSearchParams => {
  const pairs = Object.entries(query).flatMap(([key, value]) => {
    const values = typeof value === "string" || value === null ? [value ?? ""] : value;
    return values.map((each): [string, string] => [key, each]);
  });
  return new URLSearchParams(pairs);
};

const textOf = (body: unknown): string => {
  if (body === undefined || body === null) return "";
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array) return decoder.decode(body);
  throw new Error("the in-process front takes bodies of text or bytes, not streams");
};
