/** The control API on a port of 127.0.0.1, for whoever is on this machine and no web page. */
import type { IncomingMessage, Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { problemMediaType } from "../../lambdas/api/problem.ts";
import { closing, listenOnLoopback } from "../loopback/listening.ts";
import { keepPagesFrom } from "../wire/front/page-guard.ts";
import type { WireResponse } from "../wire/messages.ts";

export interface Listening {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** API Gateway has no pages to keep out: the kind is not one of the API's own. */
const problemOf = (detail: string, { url = "/" }: IncomingMessage): WireResponse => ({
  status: 403,
  headers: { "content-type": problemMediaType },
  body: JSON.stringify({
    type: "urn:spot-optimizer:problem:web-page",
    title: "Web pages are not answered here",
    status: 403,
    detail,
    instance: url.split("?")[0],
  }),
});

/** Port 0 gives a free one. */
export const serveApi = async (
  fetch: (request: Request) => Promise<Response>,
  port: number,
): Promise<Listening> => {
  const server = createAdaptorServer({ fetch }) as Server;
  keepPagesFrom(server, problemOf);
  const taken = await listenOnLoopback(server, port);
  return { url: `http://127.0.0.1:${String(taken)}`, close: closing(server) };
};
