/** The simulated cloud on a loopback port: for `npm start`, the AWS CLI and whatever else speaks AWS's protocols. */
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AdvisorFeed } from "../../cloud/market/advisor-feed.ts";
import type { Cloud } from "../../cloud/dispatch.ts";
import { BrokenConnection } from "../../cloud/faults.ts";
import { exchange } from "../exchange.ts";
import type { WireRequest, WireResponse } from "../messages.ts";

/** Far above any request of AWS's APIs (user data has 16 KiB, a workflow definition 1 MB). */
const largestBody = 8 * 1024 * 1024;

export interface ServeOptions {
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** Served at its own path. */
  readonly feed?: AdvisorFeed;
  /** Told of defects of the simulated cloud, which clients see as 500. Unless given, they become process warnings. */
  readonly onDefect?: (error: unknown) => void;
}

export interface CloudServer {
  readonly url: string;
  readonly port: number;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 only: access keys are names here, not secrets. */
export const serveCloud = async (
  cloud: Cloud,
  options: ServeOptions = {},
): Promise<CloudServer> => {
  const onDefect = options.onDefect ?? warn;
  const server = createServer((request, response) => {
    answer({ cloud, feed: options.feed, onDefect }, request).then(
      (answered) => {
        send(response, answered);
      },
      (error: unknown) => {
        if (!(error instanceof BrokenConnection)) onDefect(error);
        request.socket.destroy();
      },
    );
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  return {
    url: `http://127.0.0.1:${String(port)}`,
    port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
        server.closeAllConnections();
      }),
  };
};

const warn = (error: unknown): void => {
  process.emitWarning(error instanceof Error ? error : new Error("unknown defect"));
};

interface Served {
  readonly cloud: Cloud;
  readonly feed: AdvisorFeed | undefined;
  readonly onDefect: (error: unknown) => void;
}

const answer = async (served: Served, request: IncomingMessage): Promise<WireResponse> => {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  if (request.method === "GET" && url.pathname === served.feed?.path) return served.feed.answer();
  const body = await readBody(request);
  if (body === undefined) {
    return {
      status: 413,
      headers: { "content-type": "text/plain" },
      body: "The body is too large.",
    };
  }
  return exchange(served.cloud, wireRequestOf(request, url, body), served.onDefect);
};

const wireRequestOf = (request: IncomingMessage, url: URL, body: string): WireRequest => ({
  method: request.method ?? "GET",
  path: url.pathname,
  query: url.searchParams,
  headers: Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : value,
    ]),
  ),
  body,
});

const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > largestBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
};

const send = (response: ServerResponse, { status, headers, body }: WireResponse): void => {
  const bytes = typeof body === "string" ? Buffer.from(body, "utf8") : body;
  response.writeHead(status, { ...headers, "content-length": bytes.byteLength });
  response.end(bytes);
};
