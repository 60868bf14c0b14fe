/** A simulated API server over HTTPS on a loopback port, under the cluster's own authority: for kubectl, and for clients that verify. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { KubeCluster } from "../../cloud/kubernetes/cluster.ts";
import type { Watch } from "../../cloud/kubernetes/watches.ts";
import { BrokenConnection } from "../../cloud/faults.ts";
import { closing, listenOnLoopback } from "../../loopback/listening.ts";
import { pageRefusal } from "../../loopback/page-refusal.ts";
import { refuse } from "../../cloud/kubernetes/refusals.ts";
import { exchangeKubernetes, type KubeResponse } from "../kubernetes.ts";
import { atOnce, readBody, send, tooLarge, wireRequestOf, type Enter } from "./loopback.ts";

export interface KubeServeOptions {
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** How whoever asks comes to the cluster. Default: at once. */
  readonly enter?: Enter;
  /** Told of defects of the simulated server; the client's connection breaks. */
  readonly onDefect: (error: unknown) => void;
}

export interface KubeServer {
  /** `https://127.0.0.1:<port>`. */
  readonly url: string;
  close(): Promise<void>;
}

const ofPage = (message: string): KubeResponse => ({
  status: 403,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(refuse(403, "Forbidden", { message }).body),
});

const respond = async (
  cluster: KubeCluster,
  request: IncomingMessage,
  enter: Enter,
): Promise<KubeResponse> => {
  const message = pageRefusal(request, "https");
  if (message !== undefined) return ofPage(message);
  const url = new URL(request.url ?? "/", "https://127.0.0.1");
  const body = await readBody(request);
  return body === undefined
    ? tooLarge
    : enter(() => exchangeKubernetes(cluster, { ...wireRequestOf(request, url), body }));
};

/** One event a line, until either side ends it. A watch of kubectl asks for minutes; it is begun anew by the client then. */
const stream = (response: ServerResponse, watch: Watch, seconds: number): void => {
  response.writeHead(200, { "content-type": "application/json" });
  response.flushHeaders();
  const end = watch((event) => {
    response.write(`${JSON.stringify(event)}\n`);
  });
  const timer = setTimeout(() => {
    response.end();
  }, seconds * 1000);
  response.once("close", () => {
    clearTimeout(timer);
    end();
  });
};

/** Source: kube-apiserver reference, `--min-request-timeout`: 1,800 s. */
const longestWatchSeconds = 1800;

const watchSeconds = (request: IncomingMessage): number => {
  const { searchParams } = new URL(request.url ?? "/", "https://127.0.0.1");
  return Number(searchParams.get("timeoutSeconds") ?? longestWatchSeconds);
};

export const serveKubernetes = async (
  cluster: KubeCluster,
  { port, onDefect, enter = atOnce }: KubeServeOptions,
): Promise<KubeServer> => {
  const { serverCertificate, serverKey } = cluster.pki;
  const server = createServer({ cert: serverCertificate, key: serverKey }, (request, response) => {
    respond(cluster, request, enter).then(
      (answered) => {
        if (answered.watch === undefined) send(response, answered);
        else stream(response, answered.watch, watchSeconds(request));
      },
      (error: unknown) => {
        if (!(error instanceof BrokenConnection)) onDefect(error);
        request.socket.destroy();
      },
    );
  });
  const taken = await listenOnLoopback(server, port);
  return { url: `https://127.0.0.1:${String(taken)}`, close: closing(server) };
};
