/** Rules of asking a cluster's API, each taken away, and tried with the tests that must notice it. */
import type { Mutant } from "./mutant.ts";

const evictions = ["test/adapters/kubernetes/evictions"];
const client = ["test/adapters/kubernetes/client.test"];
const transport = ["test/adapters/kubernetes/transport"];
const token = ["test/adapters/kubernetes/eks-token"];

export const clusterApiMutants: readonly Mutant[] = [
  {
    name: "an eviction does not say which pod of the name is meant",
    file: "adapters/kubernetes/evictions.ts",
    from: "    preconditions,\n",
    to: "",
    tests: evictions,
  },
  {
    name: "a dry run is meant",
    file: "adapters/kubernetes/evictions.ts",
    from: "request(client, pod, true)",
    to: "request(client, pod, false)",
    tests: evictions,
  },
  {
    name: "what a webhook says is read by its status and its words",
    file: "adapters/kubernetes/evictions.ts",
    from: "if (admission !== undefined) return admission;",
    to: "",
    tests: evictions,
  },
  {
    name: "a webhook that says no for one pod pauses all evictions",
    file: "adapters/kubernetes/evictions.ts",
    from: "const by = byOf(deniedByWebhook, reply) ??",
    to: "const by =",
    tests: evictions,
  },
  {
    name: "any conflict is taken for another pod of the name",
    file: "adapters/kubernetes/evictions.ts",
    from: 'message.includes("UID in the precondition")',
    to: 'message !== ""',
    tests: evictions,
  },
  {
    name: "a node is written whatever version it has by now",
    file: "adapters/kubernetes/nodes.ts",
    from: "withoutUndefined({ resourceVersion, annotations, labels })",
    to: "withoutUndefined({ annotations, labels, resourceVersion: resourceVersion && undefined })",
    tests: ["test/adapters/kubernetes/nodes"],
  },
  {
    name: "a node is of the instance that its provider id merely contains",
    file: "adapters/kubernetes/nodes.ts",
    from: "\\/(?<id>i-[0-9a-f]{8}(?:[0-9a-f]{9})?)$/",
    to: "\\/.*(?<id>i-[0-9a-f]{8}(?:[0-9a-f]{9})?)/",
    tests: ["test/adapters/kubernetes/nodes"],
  },
  {
    name: "a list that breaks off is a list",
    file: "adapters/kubernetes/lists.ts",
    from: "next: ({ metadata }) => metadata?._continue,",
    to: "next: ({ metadata }) => metadata?._continue && undefined,",
    tests: ["test/adapters/kubernetes/view"],
  },
  {
    name: "a server of any authority is asked",
    file: "adapters/kubernetes/transport.ts",
    from: "ca: authority,",
    to: "ca: authority, rejectUnauthorized: false,",
    tests: client,
  },
  {
    name: "a server is not told how long the body of a deletion is",
    file: "adapters/kubernetes/transport.ts",
    from: '...(body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) }),',
    to: "",
    tests: transport,
  },
  {
    name: "a server that thinks for long was never reached",
    file: "adapters/kubernetes/transport.ts",
    from: "if (!isConnected(asked.socket)) asked.destroy",
    to: "asked.destroy",
    tests: transport,
  },
  {
    name: "a server that does not answer in time was never asked",
    file: "adapters/kubernetes/transport.ts",
    from: "reject(signal.aborted ? (signal.reason as Error) : (error as Error));",
    to: "reject(error as Error);",
    tests: transport,
  },
  {
    name: "an answer that broke off is one that was never asked for",
    file: "adapters/kubernetes/translate-error.ts",
    from: "if (unconnected.has(code))",
    to: "if (isCut(code))",
    tests: client,
  },
  {
    name: "a token does not name its cluster",
    file: "adapters/kubernetes/eks-token.ts",
    from: "headers: { host: hostname, [clusterHeader]: clusterName },",
    to: "headers: { host: hostname, [clusterHeader]: `${clusterName}s` },",
    tests: token,
  },
  {
    name: "a token that no cluster takes is sent",
    file: "adapters/kubernetes/eks-token.ts",
    from: "if (bytes > longestBytes)",
    to: "if (bytes > 2 * longestBytes)",
    tests: token,
  },
];
