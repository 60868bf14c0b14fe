import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { KubernetesClient } from "../../../../adapters/kubernetes/client.ts";
import { readClusterView } from "../../../../adapters/kubernetes/view.ts";
import { instanceIdSchema } from "../../../../core/model/ids.ts";
import type { ClusterView } from "../../../../core/model/kubernetes/cluster.ts";
import type { NodeName } from "../../../../core/model/kubernetes/progress.ts";
import { readAgain } from "../../../../lambdas/kubernetes/drain-poll/read-again.ts";
import type { KubeCluster } from "../../../../local/cloud/kubernetes/cluster.ts";
import { connected } from "../../../adapters/kubernetes/client-fixture.ts";

const podsOfCluster = 10_000;
const namespaces = 100;
const nodes = 100;
const podsOfNode = podsOfCluster / nodes;

const namespaceOf = (index: number): string => `team-${String(index)}`;
const nodeOf = (index: number): string => `node-${String(index)}`;

const addNode = ({ control }: KubeCluster, name: string): void => {
  control.add("nodes", {
    metadata: { name, labels: { "kubernetes.io/hostname": name } },
    spec: { providerID: `aws:///eu-west-1a/i-${"0".repeat(16)}1` },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  });
};

const addPod = (
  { control }: KubeCluster,
  { name, namespace, nodeName }: Record<"name" | "namespace" | "nodeName", string>,
): void => {
  control.add("pods", {
    metadata: { name, namespace, labels: { app: "web" } },
    spec: { nodeName, containers: [{ name: "main" }] },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  });
};

/** Pods of ten namespaces are on a node. */
const fill = (cluster: KubeCluster): void => {
  for (let node = 0; node < nodes; node += 1) {
    addNode(cluster, nodeOf(node));
    for (let pod = 0; pod < podsOfNode; pod += 1) {
      addPod(cluster, {
        name: `pod-${String(node)}-${String(pod)}`,
        namespace: namespaceOf((node * 10 + (pod % 10)) % namespaces),
        nodeName: nodeOf(node),
      });
    }
  }
  for (let index = 0; index < namespaces; index += 1) {
    cluster.control.add("poddisruptionbudgets", {
      metadata: { name: "web", namespace: namespaceOf(index) },
      spec: { selector: { matchLabels: { app: "web" } }, maxUnavailable: 1 },
    });
  }
};

const named = (view: ClusterView, name: string): NodeName => {
  const node = view.nodes.find((each) => each.name === name);
  if (node === undefined) throw new Error(`There is no node ${name}.`);
  return { name, uid: node.uid, instanceId: instanceIdSchema.parse(node.instanceId) };
};

describe("a look at a node of a hundred pods in a cluster of ten thousand", () => {
  let client: KubernetesClient;
  let cluster: KubeCluster;
  let whole: ClusterView;
  let both: Record<"original" | "joined", NodeName>;
  let items = 0;

  const lists = () => cluster.journal.filter(({ verb }) => verb === "list");

  beforeAll(async () => {
    ({ client, cluster } = await connected());
    cluster.control.stop("workloads");
    fill(cluster);
    cluster.faults.after(({ verb }, body) => {
      if (verb === "list") items += (body as { readonly items: readonly object[] }).items.length;
    });
    whole = await readClusterView(client);
    both = { original: named(whole, nodeOf(0)), joined: named(whole, nodeOf(1)) };
  }, 60_000);

  beforeEach(() => {
    items = 0;
  });

  /** What it took. */
  const measured = async (over: Partial<Parameters<typeof readAgain>[1]> = {}) => {
    const before = lists().length;
    const view = await readAgain(client, { whole, ...both, workloads: [], ...over });
    return { view, requests: lists().length - before };
  };

  test("reads a tenth of it, in fewer requests", async () => {
    const { view, requests } = await measured();
    // Both nodes; the node's pods, and those of their ten namespaces; all budgets, which are one page.
    expect(requests).toBe(1 + 1 + 10 + 1);
    expect(items).toBe(2 + podsOfNode + 10 * podsOfNode + namespaces);
    const concerned = Array.from({ length: 10 }, (_none, index) => namespaceOf(index));
    const names = (pods: ClusterView["pods"]) => pods.map(({ uid }) => uid).toSorted();
    expect(names(view.pods)).toEqual(
      names(whole.pods.filter(({ namespace }) => concerned.includes(namespace))),
    );
    expect(view.nodes.map(({ name }) => name)).toEqual([nodeOf(0), nodeOf(1)]);
  });

  test("has a page for each five hundred pods otherwise", async () => {
    const everywhere = Array.from({ length: 25 }, (_none, index) => ({
      key: `${namespaceOf(index)}/Deployment/web`,
      evicted: 1,
      evictedAt: "2026-01-01T00:00:00Z",
      created: 0,
      settled: 0,
    }));
    const { view, requests } = await measured({ workloads: everywhere });
    // Namespace by namespace it would take 26 requests for pods, and there are 20 pages.
    expect(requests).toBe(1 + podsOfCluster / 500 + 1);
    expect(view.pods).toHaveLength(podsOfCluster);
  });

  test("sees a namespace that is new on the node", async () => {
    addPod(cluster, { name: "late", namespace: "new-team", nodeName: nodeOf(0) });
    addPod(cluster, { name: "other", namespace: "new-team", nodeName: nodeOf(7) });
    const { view } = await measured();
    const ofTeam = view.pods.filter(({ namespace }) => namespace === "new-team");
    expect(ofTeam.map(({ name }) => name).toSorted()).toEqual(["late", "other"]);
  });

  test("asks for all nodes before one is said to be gone", async () => {
    const { view } = await measured({ joined: { ...both.joined, uid: "another" } });
    expect(view.nodes).toHaveLength(nodes);
  });
});
