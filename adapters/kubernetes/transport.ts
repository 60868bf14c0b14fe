/** How requests get to the API server of a cluster: over TLS that is verified by the cluster's own authority, with few connections. */
import {
  IsomorphicFetchHttpLibrary,
  type HttpLibrary,
} from "@kubernetes/client-node/dist/gen/index.js";
import { Agent } from "undici";

export interface ApiServer {
  /** `https://…` */
  readonly endpoint: string;
  /** Certificate of the authority that has signed the server's, PEM. It stays in memory. */
  readonly authority: string;
}

/** What the client sends its requests with. A laptop has another, which asks the simulated server in the same process. */
export type KubernetesTransport = (server: ApiServer) => HttpLibrary;

/**
 * Longer than any answer of a server that is well: an eviction of a pod that is another one by now takes 10 s inside of it
 * (20 tries, half a second apart).
 */
const timeoutMs = 20_000;

/** What a tick sends at a time is five evictions at most. */
const connections = 4;

/** One for each server: an agent for each request would open a connection for each. */
const agents = new Map<string, Agent>();

const agentOf = ({ endpoint, authority }: ApiServer): Agent => {
  const key = JSON.stringify([endpoint, authority]);
  const known = agents.get(key);
  if (known !== undefined) return known;
  const agent = new Agent({ connections, connect: { ca: authority } });
  agents.set(key, agent);
  return agent;
};

/** The connections of a sandbox are kept for its next invocation. */
export const httpsTransport: KubernetesTransport = (server) => {
  const library = new IsomorphicFetchHttpLibrary();
  return {
    send: (request) => {
      request.setDispatcher(agentOf(server));
      request.setSignal(AbortSignal.timeout(timeoutMs));
      return library.send(request);
    },
  };
};
