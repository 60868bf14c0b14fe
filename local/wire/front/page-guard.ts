/** Keeps web pages from the ports of this machine: what refuses them is put before whatever a server does. */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { pageRefusal } from "../../loopback/page-refusal.ts";
import type { WireResponse } from "../messages.ts";
import { send } from "./loopback.ts";

/** Puts the guard before whatever the server does with a request so far. */
export const keepPagesFrom = (
  server: Server,
  refused: (message: string, request: IncomingMessage) => WireResponse,
): void => {
  const listeners = server.listeners("request") as RequestListener[];
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const message = pageRefusal(request, "http");
    if (message !== undefined) {
      send(response, refused(message, request));
      return;
    }
    for (const listener of listeners) listener(request, response);
  });
};
