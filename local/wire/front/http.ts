/** The simulated cloud on a loopback port: for `npm start`, the AWS CLI and whatever else speaks AWS's protocols. */
import { type IncomingMessage, createServer } from "node:http";
import type { AdvisorFeed } from "../../cloud/market/advisor-feed.ts";
import type { Cloud } from "../../cloud/dispatch.ts";
import { BrokenConnection } from "../../cloud/faults.ts";
import { exchange } from "../exchange.ts";
import type { WireResponse } from "../messages.ts";
import { signatureFault, type SignatureFault } from "../signature.ts";
import { closing, listenOnLoopback } from "../../loopback/listening.ts";
import { pageRefusal } from "../../loopback/page-refusal.ts";
import { atOnce, readBody, send, tooLarge, wireRequestOf, type Enter } from "./loopback.ts";

export interface ServeOptions {
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** Served at its own path. */
  readonly feed?: AdvisorFeed;
  /** How whoever asks comes to the cloud. Default: at once. */
  readonly enter?: Enter;
  /** False: any key that is named is believed. Default: true. */
  readonly checksSignatures?: boolean;
  /** Told of defects of the simulated cloud, which clients see as 500. Unless given, they become process warnings. */
  readonly onDefect?: (error: unknown) => void;
}

export interface CloudServer {
  readonly url: string;
  readonly port: number;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 only, and answers no web page. */
export const serveCloud = async (
  cloud: Cloud,
  options: ServeOptions = {},
): Promise<CloudServer> => {
  const { feed, onDefect = warn, checksSignatures = true, enter = atOnce } = options;
  const server = createServer((request, response) => {
    answer({ cloud, feed, onDefect, checksSignatures, enter }, request).then(
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
  readonly checksSignatures: boolean;
  readonly enter: Enter;
}

/** Clients sign by the clock of this machine, however fast the cloud's own goes. */
const signatureFaultOf = (
  { cloud, checksSignatures }: Served,
  request: IncomingMessage,
  body: Buffer,
): SignatureFault | undefined => {
  if (!checksSignatures) return undefined;
  const received = {
    method: request.method ?? "GET",
    target: request.url ?? "/",
    headers: Object.fromEntries(
      Object.entries(request.headersDistinct).map(([name, values]) => [name, values?.join(",")]),
    ),
    body,
  };
  const expected = { nowMs: Date.now(), keyOf: (id: string) => cloud.identities.key(id) };
  return signatureFault(received, expected);
};

const answer = async (served: Served, request: IncomingMessage): Promise<WireResponse> => {
  const { cloud, feed, onDefect, enter } = served;
  const message = pageRefusal(request, "http");
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  if (message === undefined && request.method === "GET" && url.pathname === feed?.path) {
    return feed.answer();
  }
  const body = await readBody(request);
  if (body === undefined) return tooLarge;
  const fault =
    message === undefined
      ? signatureFaultOf(served, request, body)
      : ({ refusal: "DENIED", message } as const);
  const wireRequest = { ...wireRequestOf(request, url), body: body.toString("utf8") };
  return enter(() => exchange(cloud, wireRequest, { onDefect, fault }));
};
