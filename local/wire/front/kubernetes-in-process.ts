/** The transport of the Kubernetes client that goes no further than this process: no socket, no TLS, and the cloud's own clock. */
import {
  type HttpLibrary,
  type RequestContext,
  ResponseContext,
  wrapHttpLibrary,
} from "@kubernetes/client-node/dist/gen/index.js";
import type { Clock } from "../../cloud/clock.ts";
import { BrokenConnection } from "../../cloud/faults.ts";
import type { KubeCluster } from "../../cloud/kubernetes/cluster.ts";
import { exchangeKubernetes, type KubeResponse } from "../kubernetes.ts";

/** As the product's own transport waits. */
const timeoutMs = 20_000;

interface Server {
  readonly endpoint: string;
  /** PEM. */
  readonly authority: string;
}

export interface InProcessOptions {
  readonly clock: Clock;
  /** By the address that DescribeCluster tells. */
  readonly clusterAt: (endpoint: string) => KubeCluster | undefined;
}

/** As Node's own client fails. */
const failed = (code: string, cause?: unknown): Error =>
  Object.assign(new Error(code, { cause }), { code });

const timedOut = (): DOMException =>
  new DOMException("The operation was aborted due to timeout", "TimeoutError");

const bodyOf = (request: RequestContext): string => {
  const body = request.getBody() ?? "";
  if (typeof body === "string") return body;
  throw new Error("the in-process front takes bodies of text, not forms");
};

const headersOf = (request: RequestContext): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(request.getHeaders()).map(([name, value]) => [name.toLowerCase(), value]),
  );

const exchange = async (cluster: KubeCluster, request: RequestContext): Promise<KubeResponse> => {
  const url = new URL(request.getUrl());
  try {
    return await exchangeKubernetes(cluster, {
      method: request.getHttpMethod(),
      path: url.pathname,
      query: url.searchParams,
      headers: headersOf(request),
      body: bodyOf(request),
    });
  } catch (error) {
    throw error instanceof BrokenConnection ? failed(error.code, error) : error;
  }
};

const responseOf = ({ status, headers, body }: KubeResponse): ResponseContext => {
  const bytes = Buffer.from(body);
  return new ResponseContext(
    status,
    { ...headers },
    {
      text: () => Promise.resolve(bytes.toString("utf8")),
      binary: () => Promise.resolve(bytes),
      stream: () => null,
    },
  );
};

/** The client gives up when its time is over, though the server may go on. */
const inTime = async (clock: Clock, answer: () => Promise<KubeResponse>): Promise<KubeResponse> => {
  const untilMs = clock.now() + timeoutMs;
  let giveUp: (error: DOMException) => void = () => undefined;
  const over = new Promise<never>((_resolve, reject) => {
    giveUp = reject;
  });
  const cancel = clock.schedule(untilMs, () => {
    giveUp(timedOut());
    // The clock lets that be told before it goes on: the call itself still waits for it.
    return Promise.resolve();
  });
  try {
    const answered = await Promise.race([answer(), over]);
    if (clock.now() > untilMs) throw timedOut();
    return answered;
  } finally {
    cancel();
  }
};

/** For one server, as the product's transport is. It is the authority's certificate that proves the server. */
export const kubernetesInProcess =
  ({ clock, clusterAt }: InProcessOptions) =>
  ({ endpoint, authority }: Server): HttpLibrary =>
    wrapHttpLibrary({
      send: async (request) => {
        const cluster = clusterAt(endpoint);
        if (cluster === undefined) throw failed("ENOTFOUND");
        if (authority !== cluster.pki.authority) throw failed("SELF_SIGNED_CERT_IN_CHAIN");
        return responseOf(await inTime(clock, () => exchange(cluster, request)));
      },
    });
