/**
 * How requests get to the API server of a cluster: over TLS that is verified by the cluster's own authority, with few connections. By
 * Node's own client, which the AWS SDK has loaded already: the one that the client of Kubernetes brings along is half of a bundle, and a
 * third of a cold start. Redirects are not followed: a token goes to the server that it was made for.
 */
import type { IncomingMessage } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { TLSSocket } from "node:tls";
import { buffer } from "node:stream/consumers";
import {
  ResponseContext,
  wrapHttpLibrary,
  type HttpLibrary,
  type RequestContext,
} from "@kubernetes/client-node/dist/gen/index.js";
import { connectTimeout } from "./reply.ts";

export interface ApiServer {
  /** `https://…` */
  readonly endpoint: string;
  /** Certificate of the authority that has signed the server's, PEM. It stays in memory. */
  readonly authority: string;
}

/** What the client sends its requests with. A laptop has another, which asks the simulated server in the same process. */
export type KubernetesTransport = (server: ApiServer) => HttpLibrary;

export interface Timeouts {
  /** From the request to the end of its answer. */
  readonly answerMs: number;
  /** Until the connection stands, TLS included: until then nothing was asked. */
  readonly connectMs: number;
  /** A connection that nobody uses for longer is closed: else the server closes it, maybe while a request is under way. */
  readonly idleMs: number;
}

/** No answer of a server that is well takes as long: an eviction of a pod that is another one by now takes 10 s, 20 tries half a second apart. */
const productTimeouts: Timeouts = { answerMs: 20_000, connectMs: 10_000, idleMs: 4_000 };

/** What a tick sends at a time is five evictions at most. */
const connections = 4;

/** One for each server: an agent for each request would open a connection for each. */
const agents = new Map<string, Agent>();

const agentOf = ({ endpoint, authority }: ApiServer, idleMs: number): Agent => {
  const key = JSON.stringify([endpoint, authority, idleMs]);
  const known = agents.get(key);
  if (known !== undefined) return known;
  const agent = new Agent({
    ca: authority,
    keepAlive: true,
    maxSockets: connections,
    timeout: idleMs,
  });
  agents.set(key, agent);
  return agent;
};

const textOf = (request: RequestContext): string => {
  const body = request.getBody() ?? "";
  if (typeof body === "string") return body;
  throw new Error("The requests of this client have bodies of text, not forms.");
};

/** Of a deletion's body Node would not say how long it is: the server would take it for the next request. */
const headersFor = (request: RequestContext, body: string): Record<string, string> => ({
  "user-agent": "spot-optimizer",
  ...request.getHeaders(),
  ...(body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) }),
});

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]),
  );

const responseOf = async (answer: IncomingMessage): Promise<ResponseContext> => {
  const body = await buffer(answer);
  return new ResponseContext(answer.statusCode ?? 0, headersOf(answer), {
    text: () => Promise.resolve(body.toString("utf8")),
    binary: () => Promise.resolve(body),
    stream: () => null,
  });
};

const unconnected = (ms: number): Error =>
  Object.assign(new Error(`The server took no connection within ${String(ms / 1000)} s.`), {
    code: connectTimeout,
  });

const isConnected = (socket: unknown): boolean =>
  socket instanceof TLSSocket && !socket.connecting && socket.authorized;

const send = (
  request: RequestContext,
  agent: Agent,
  { answerMs, connectMs }: Timeouts,
): Promise<ResponseContext> =>
  new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(answerMs);
    const body = textOf(request);
    const asked = httpsRequest(request.getUrl(), {
      agent,
      method: request.getHttpMethod(),
      headers: headersFor(request, body),
      signal,
      timeout: connectMs,
    });
    const fail = (error: unknown): void => {
      reject(signal.aborted ? (signal.reason as Error) : (error as Error));
    };
    // A socket on which nothing happens: while it is being connected, and while the server thinks.
    asked.on("timeout", () => {
      if (!isConnected(asked.socket)) asked.destroy(unconnected(connectMs));
    });
    asked.on("error", fail);
    asked.once("response", (answer) => {
      responseOf(answer).then(resolve, fail);
    });
    asked.end(body);
  });

/** @param timeouts other than the product's in tests */
export const httpsTransportOf =
  (timeouts: Timeouts): KubernetesTransport =>
  (server) =>
    wrapHttpLibrary({
      send: (request) => send(request, agentOf(server, timeouts.idleMs), timeouts),
    });

/** The connections of a sandbox are kept for its next invocation. */
export const httpsTransport: KubernetesTransport = httpsTransportOf(productTimeouts);
