/** The simulated cloud on a loopback port: for `npm start`, the AWS CLI and whatever else speaks AWS's protocols. */
import { type IncomingMessage, createServer } from "node:http";
import type { AdvisorFeed } from "../../cloud/market/advisor-feed.ts";
import type { Cloud } from "../../cloud/dispatch.ts";
import { BrokenConnection } from "../../cloud/faults.ts";
import { exchange } from "../exchange.ts";
import type { WireResponse } from "../messages.ts";
import { closing, listenOnLoopback, readBody, send, tooLarge, wireRequestOf } from "./loopback.ts";

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
  const port = await listenOnLoopback(server, options.port);
  return {
    url: `http://127.0.0.1:${String(port)}`,
    port,
    close: closing(server),
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
  if (body === undefined) return tooLarge;
  const wireRequest = { ...wireRequestOf(request, url), body: body.toString("utf8") };
  return exchange(served.cloud, wireRequest, served.onDefect);
};
