import { describe, expect, test } from "@jest/globals";
import { readAccess } from "../../../adapters/kubernetes/access-review.ts";
import { evictPod } from "../../../adapters/kubernetes/evictions.ts";
import { changeNode, readNode } from "../../../adapters/kubernetes/nodes.ts";
import { listPods } from "../../../adapters/kubernetes/pods.ts";
import { ourGroup, ourRights } from "../../../adapters/kubernetes/rights.ts";
import { readClusterView } from "../../../adapters/kubernetes/view.ts";
import { listAttachmentsOfNode } from "../../../adapters/kubernetes/volumes.ts";
import type { KubernetesClient } from "../../../adapters/kubernetes/client.ts";
import type { KubeCluster } from "../../../local/cloud/kubernetes/cluster.ts";
import { refuse } from "../../../local/cloud/kubernetes/refusals.ts";
import { addBudget, addNode, addPod } from "../../local/cloud/kubernetes/cluster-fixture.ts";
import { connected, mappedTo, policyRules } from "./client-fixture.ts";

const quiet = async (options: Parameters<typeof connected>[0] = {}) => {
  const around = await connected(options);
  around.cluster.control.stop("workloads");
  return around;
};

const addVolumes = ({ control }: KubeCluster): void => {
  control.add("persistentvolumes", {
    metadata: { name: "pv-1" },
    spec: {
      csi: { driver: "ebs.csi.aws.com", volumeHandle: "vol-1" },
      claimRef: { namespace: "default", name: "data" },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: "topology.kubernetes.io/zone", operator: "In", values: ["eu-west-1a"] },
              ],
            },
          ],
        },
      },
    },
  });
  control.add("volumeattachments", {
    metadata: { name: "att-1" },
    spec: {
      attacher: "ebs.csi.aws.com",
      nodeName: "one",
      source: { persistentVolumeName: "pv-1" },
    },
    status: { attached: true },
  });
  control.add("csinodes", {
    metadata: { name: "one" },
    spec: { drivers: [{ name: "ebs.csi.aws.com", nodeID: "i-1", allocatable: { count: 24 } }] },
  });
};

const addDaemonSet = ({ control }: KubeCluster): void => {
  control.add("daemonsets", {
    metadata: { name: "agent", namespace: "kube-system" },
    spec: {
      selector: { matchLabels: { app: "agent" } },
      template: {
        spec: {
          containers: [{ name: "main" }],
          nodeSelector: { "kubernetes.io/os": "linux" },
          tolerations: [{ operator: "Exists" }],
        },
      },
    },
  });
};

describe("a cluster as a verdict sees it", () => {
  test("has nodes, pods that are not over, budgets, DaemonSets, volumes and what nodes take of them", async () => {
    const { client, cluster, clock } = await quiet();
    addNode(cluster, "one");
    addPod(cluster, { name: "a" });
    addPod(cluster, { name: "over", phase: "Succeeded", labels: { app: "job" } });
    addBudget(cluster, { minAvailable: 1 });
    addVolumes(cluster);
    addDaemonSet(cluster);
    await clock.run({ atMostMs: clock.now() + 1000 });
    const view = await readClusterView(client);
    expect(view.nodes.map(({ name }) => name)).toEqual(["one"]);
    expect(view.pods.map(({ name }) => name)).toEqual(["a"]);
    expect(view.budgets).toEqual([
      {
        namespace: "default",
        name: "web",
        selector: { matchLabels: { app: "web" } },
        minAvailable: 1,
        generation: 1,
        observedGeneration: 1,
        disruptionsAllowed: 0,
        currentHealthy: 1,
        desiredHealthy: 1,
        expectedPods: 1,
        conditions: [expect.objectContaining({ type: "DisruptionAllowed", status: "False" })],
      },
    ]);
    expect(view.daemonSets).toEqual([
      {
        namespace: "kube-system",
        name: "agent",
        uid: expect.any(String),
        placement: {
          nodeSelector: { "kubernetes.io/os": "linux" },
          tolerations: [{ operator: "Exists" }],
        },
      },
    ]);
    expect(view.volumes).toEqual([
      {
        name: "pv-1",
        driver: "ebs.csi.aws.com",
        claim: { namespace: "default", name: "data" },
        isOnNode: false,
        nodeSelectorTerms: [
          {
            matchExpressions: [
              { key: "topology.kubernetes.io/zone", operator: "In", values: ["eu-west-1a"] },
            ],
          },
        ],
      },
    ]);
    expect(view.csiNodes).toEqual([
      { nodeName: "one", drivers: [{ name: "ebs.csi.aws.com", count: 24 }] },
    ]);
  });

  test("has volumes from before the EBS driver as that driver's, and those that were released as without a claim", async () => {
    const { client, cluster } = await quiet();
    const claimRef = { namespace: "default", name: "data" };
    cluster.control.add("persistentvolumes", {
      metadata: { name: "in-tree" },
      spec: { claimRef, awsElasticBlockStore: { volumeID: "vol-1" } },
      status: { phase: "Bound" },
    });
    for (const phase of ["Released", "Failed"]) {
      cluster.control.add("persistentvolumes", {
        metadata: { name: phase.toLowerCase() },
        spec: { claimRef, csi: { driver: "ebs.csi.aws.com", volumeHandle: "vol-2" } },
        status: { phase },
      });
    }
    const { volumes } = await readClusterView(client);
    expect(volumes).toContainEqual(
      expect.objectContaining({ name: "in-tree", driver: "ebs.csi.aws.com", claim: claimRef }),
    );
    const others = volumes.filter(({ name }) => name !== "in-tree");
    expect(others).toHaveLength(2);
    for (const one of others) expect(one).not.toHaveProperty("claim");
  });

  test("tells a budget that nobody has looked at from one that was, and one without a selector from an empty one", async () => {
    const { client, cluster } = await quiet();
    cluster.control.stop("disruption");
    addBudget(cluster, { minAvailable: 1, selector: {} });
    cluster.control.add("poddisruptionbudgets", {
      metadata: { name: "none", namespace: "default" },
      spec: { maxUnavailable: 0 },
    });
    const { budgets } = await readClusterView(client);
    const [none, web] = [...budgets].sort((one, other) => (one.name < other.name ? -1 : 1));
    expect(web).toMatchObject({ selector: {}, disruptionsAllowed: 0 });
    expect(web).not.toHaveProperty("observedGeneration");
    expect(none).not.toHaveProperty("selector");
  });
});

describe("pods", () => {
  test("are read consistently, without those that are over", async () => {
    const { client, cluster } = await quiet();
    addPod(cluster, { name: "a" });
    addPod(cluster, { name: "over", phase: "Failed" });
    addPod(cluster, { name: "elsewhere", nodeName: "two" });
    expect((await listPods(client)).map(({ name }) => name)).toEqual(["a", "elsewhere"]);
    const { query } = cluster.journal.at(-1)?.request ?? { query: "" };
    expect(query).not.toContain("resourceVersion");
    expect(query).toContain("limit=500");
  });

  test("are read in pages of one instant, and from the start where that instant is too old", async () => {
    const { client, cluster } = await quiet();
    for (let index = 0; index < 501; index += 1) addPod(cluster, { name: `pod-${String(index)}` });
    expect(await listPods(client)).toHaveLength(501);
    expect(cluster.journal.filter(({ verb }) => verb === "list")).toHaveLength(2);
    let refusals = 0;
    cluster.faults.before(({ request }) => {
      if (!request.query.includes("continue") || refusals === 1) return;
      refusals += 1;
      throw refuse(410, "Expired", { message: "too old" });
    });
    expect(await listPods(client)).toHaveLength(501);
    expect(refusals).toBe(1);
  });

  test("of a list that ends too old three times are not half a list", async () => {
    const { client, cluster } = await quiet();
    for (let index = 0; index < 501; index += 1) addPod(cluster, { name: `pod-${String(index)}` });
    cluster.faults.before(({ request }) => {
      if (request.query.includes("continue")) {
        throw refuse(410, "Expired", { message: "too old" });
      }
    });
    await expect(listPods(client)).rejects.toMatchObject({ name: "RetryableContention" });
  });
});

describe("volumes", () => {
  test("that are attached to a node", async () => {
    const { client, cluster } = await quiet();
    addVolumes(cluster);
    expect(await listAttachmentsOfNode(client, "one")).toEqual([
      {
        name: "att-1",
        nodeName: "one",
        attacher: "ebs.csi.aws.com",
        persistentVolumeName: "pv-1",
        isAttached: true,
      },
    ]);
    expect(await listAttachmentsOfNode(client, "two")).toEqual([]);
  });
});

describe("our rights", () => {
  test("with the documented rules nothing is missing", async () => {
    const { client } = await quiet();
    expect(await readAccess(client)).toEqual({
      username: "optimizer",
      groups: [ourGroup, "system:authenticated"],
      missing: [],
    });
  });

  test("a role mapped without our group is told by its groups", async () => {
    const { client } = await quiet({ source: mappedTo({ username: "other", groups: [] }) });
    const { groups, missing } = await readAccess(client);
    expect(groups).not.toContain(ourGroup);
    expect(missing).toEqual(ourRights);
  });

  test("a role that nothing maps is an error of its own", async () => {
    const { client } = await quiet({ source: mappedTo(undefined) });
    await expect(readAccess(client)).rejects.toMatchObject({ name: "RetryableClusterAuth" });
  });

  /** All that we ask of a cluster. */
  const everything = async (client: KubernetesClient): Promise<void> => {
    await readClusterView(client);
    await readNode(client, "one");
    await listAttachmentsOfNode(client, "one");
    await changeNode(client, "one", () => ({ isUnschedulable: true }));
    await evictPod(client, { namespace: "default", name: "a", uid: "u" });
  };

  const withRules = async (rules: typeof policyRules) => {
    const around = await quiet({ rules });
    addNode(around.cluster, "one");
    addPod(around.cluster, { name: "a" });
    return around.client;
  };

  test("suffice for all that we ask", async () => {
    await expect(everything(await withRules(policyRules))).resolves.toBeUndefined();
  });

  test.each([...ourRights])(
    "$verb $resource $subresource is used: without it that is named",
    async (right) => {
      const { verb, resource, subresource } = right;
      const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
      const rules = policyRules.map((rule) =>
        rule.resources?.includes(whole) === true && rule.apiGroups?.includes(right.group) === true
          ? { ...rule, verbs: rule.verbs.filter((each) => each !== verb) }
          : rule,
      );
      const client = await withRules(rules);
      expect((await readAccess(client)).missing).toEqual([right]);
      await expect(everything(client)).rejects.toMatchObject({
        name: "BrokenClusterAccess",
        message: expect.stringContaining(`resources: ["${whole}"], verbs: ["${verb}"]`),
      });
    },
  );
});
