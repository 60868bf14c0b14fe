/** The console on a port of this machine: the page, and behind it the API, for the one browser that was let in. */
import type { IncomingMessage, RequestListener, Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import type { ServeConsole } from "../../console/serve.ts";
import { closing, listenOnLoopback } from "../../loopback/listening.ts";
import { pageRefusal } from "../../loopback/page-refusal.ts";
import { openSession } from "./session.ts";

export interface ConsoleParts {
  readonly page: ServeConsole;
  readonly api: (request: Request) => Promise<Response>;
  /** 0: a free one. */
  readonly port: number;
  /** Told of each request that was let in. */
  readonly onRequest: () => void;
}

export interface ConsoleServer {
  /** With the token by which a browser is let in. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Before anything reads the request: other names, and pages of other sites. */
const guard = (server: Server): void => {
  const listeners = server.listeners("request") as RequestListener[];
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response) => {
    const refusal = pageRefusal(request, "http");
    if (refusal === undefined) {
      for (const listener of listeners) listener(request, response);
      return;
    }
    response.writeHead(403, { "content-type": "text/plain; charset=utf-8" }).end(refusal);
  });
};

export const startConsole = async (parts: ConsoleParts): Promise<ConsoleServer> => {
  let port = 0;
  const session = openSession(() => `spot-console-${String(port)}`);
  const fetch = async (request: Request): Promise<Response> => {
    const refusal = await session.refusal(request);
    if (refusal !== undefined) return refusal;
    parts.onRequest();
    return parts.page(request) ?? parts.api(request);
  };
  const server = createAdaptorServer({ fetch }) as Server;
  guard(server);
  port = await listenOnLoopback(server, parts.port);
  return {
    url: `http://127.0.0.1:${String(port)}/#token=${session.token}`,
    close: closing(server),
  };
};
