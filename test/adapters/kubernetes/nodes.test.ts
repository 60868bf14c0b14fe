import { describe, expect, test } from "@jest/globals";
import { changeNode, listNodes, readNode } from "../../../adapters/kubernetes/nodes.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { instanceIdSchema } from "../../../core/model/ids.ts";
import type { KubeCluster } from "../../../local/cloud/kubernetes/cluster.ts";
import { refuse } from "../../../local/cloud/kubernetes/refusals.ts";
import { connected } from "./client-fixture.ts";

const id = instanceIdSchema.parse("i-0123456789abcdef0");

const add = (cluster: KubeCluster, name: string, providerID?: string) =>
  cluster.control.add("nodes", {
    metadata: {
      name,
      labels: { app: "web" },
      annotations: { "spot-optimizer/claim": "dep#1", "owner.example/secret": "not kept" },
    },
    spec: {
      ...(providerID !== undefined && { providerID }),
      taints: [{ key: "gpu", effect: "NoSchedule", timeAdded: "2026-01-01T00:00:00Z" }],
    },
    status: {
      allocatable: { cpu: "3920m", memory: "15Gi", pods: "58" },
      conditions: [{ type: "Ready", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" }],
      nodeInfo: { kubeletVersion: "v1.35.4-eks-1" },
    },
  });

const provider = (instance: string): string => `aws:///eu-west-1a/${instance}`;

const world = async () => {
  const around = await connected();
  add(around.cluster, "one", provider(id));
  return around;
};

const shown = (cluster: KubeCluster) => cluster.control.get("nodes", { name: "one" });

describe("nodes", () => {
  test("are read as facts, without what no rule names", async () => {
    const { client, cluster } = await world();
    const stored = shown(cluster);
    expect(await readNode(client, "one")).toEqual({
      name: "one",
      uid: stored?.metadata.uid,
      resourceVersion: stored?.metadata.resourceVersion,
      createdAt: "2026-01-01T00:00:00.000Z",
      providerID: provider(id),
      instanceId: id,
      labels: { app: "web" },
      annotations: { "spot-optimizer/claim": "dep#1" },
      finalizers: [],
      taints: [{ key: "gpu", effect: "NoSchedule" }],
      isUnschedulable: false,
      conditions: [
        { type: "Ready", status: "True", lastTransitionTime: "2026-01-01T00:00:00.000Z" },
      ],
      allocatable: { cpu: 3.92, memory: 15 * 2 ** 30, pods: 58 },
      kubeletVersion: "v1.35.4-eks-1",
    });
    expect(await listNodes(client)).toHaveLength(1);
    expect(await readNode(client, "two")).toBeUndefined();
  });

  test.each([
    ["a short id", "aws:///eu-west-1a/i-01234567", "i-01234567"],
    ["an id in it", `aws:///eu-west-1a/x/${id}`, undefined],
    ["more behind it", `aws:///eu-west-1a/${id}x`, undefined],
    ["another cloud", `gce:///eu-west-1a/${id}`, undefined],
    ["Fargate", "aws:///eu-west-1a/0a1b2c/fargate-ip-10-0-0-1.eu-west-1", undefined],
    ["a hybrid node", "eks-hybrid:///eu-west-1/shop/mi-0123456789abcdef0", undefined],
    ["none", undefined, undefined],
  ])("%s as the provider id", async (_, providerID, instanceId) => {
    const { client, cluster } = await connected();
    add(cluster, "one", providerID);
    expect((await readNode(client, "one"))?.instanceId).toBe(instanceId);
  });
});

describe("a change of a node", () => {
  const cordon = {
    isUnschedulable: true,
    annotations: { "spot-optimizer/prior-unschedulable": "false" },
    labels: { "node.kubernetes.io/exclude-from-external-load-balancers": "spot-optimizer" },
  };

  test("is one merge patch of what is given, which leaves the taints alone", async () => {
    const { client, cluster } = await world();
    const { node, doneBefore } = await changeNode(client, "one", () => cordon);
    expect(doneBefore).toBeUndefined();
    expect(node).toMatchObject({ isUnschedulable: true, labels: { app: "web" } });
    expect(shown(cluster)).toMatchObject({
      metadata: {
        annotations: { "owner.example/secret": "not kept", ...cordon.annotations },
        labels: { app: "web", ...cordon.labels },
      },
      spec: { unschedulable: true },
    });
    expect(shown(cluster)?.spec.taints).toHaveLength(1);
    const patches = cluster.journal.filter(({ verb }) => verb === "patch");
    expect(patches.map(({ request }) => request.contentType)).toEqual([
      "application/merge-patch+json",
    ]);
  });

  test("takes off what is null", async () => {
    const { client, cluster } = await world();
    await changeNode(client, "one", () => cordon);
    await changeNode(client, "one", () => ({
      isUnschedulable: false,
      annotations: { "spot-optimizer/prior-unschedulable": null },
      labels: { "node.kubernetes.io/exclude-from-external-load-balancers": null },
    }));
    const { metadata, spec } = shown(cluster) ?? {};
    expect(metadata?.labels).toEqual({ app: "web" });
    expect(metadata?.annotations).not.toHaveProperty("spot-optimizer/prior-unschedulable");
    expect(spec?.unschedulable ?? false).toBe(false);
  });

  test("that is made already is not made again", async () => {
    const { client, cluster } = await world();
    const found = await changeNode(client, "one", () => undefined);
    expect(found.doneBefore).toContain("one was found as it is to be");
    expect(cluster.journal.filter(({ verb }) => verb === "patch")).toEqual([]);
  });

  test("that meets another's write is decided anew on what the other wrote", async () => {
    const { client, cluster } = await world();
    let isFirst = true;
    cluster.faults.before(({ verb }) => {
      const node = shown(cluster);
      if (verb !== "patch" || node === undefined || !isFirst) return;
      isFirst = false;
      cluster.control.change("nodes", {
        ...node,
        metadata: { ...node.metadata, labels: { app: "web", by: "another" } },
      });
    });
    const seen: (string | undefined)[] = [];
    await changeNode(client, "one", ({ labels }) => {
      seen.push(labels["by"]);
      return cordon;
    });
    expect(seen).toEqual([undefined, "another"]);
    expect(shown(cluster)?.metadata.labels).toMatchObject({ by: "another", ...cordon.labels });
  });

  test("is given up after five writes of others", async () => {
    const { client, cluster } = await world();
    let patches = 0;
    cluster.faults.before(({ verb }) => {
      if (verb !== "patch") return;
      patches += 1;
      throw refuse(409, "Conflict", { message: "the object has been modified" });
    });
    await expect(changeNode(client, "one", () => cordon)).rejects.toMatchObject({
      name: "RetryableContention",
    });
    expect(patches).toBe(5);
  });

  test("that is decided against, and one of a node that is gone, change nothing", async () => {
    const { client, cluster } = await world();
    const refused = changeNode(client, "one", () => {
      throw new SpotOptimizerError("StaleOriginal", "another's claim");
    });
    await expect(refused).rejects.toMatchObject({ name: "StaleOriginal" });
    await expect(changeNode(client, "two", () => cordon)).rejects.toMatchObject({
      name: "BrokenNotFound",
    });
    expect(cluster.journal.filter(({ verb }) => verb === "patch")).toEqual([]);
  });
});
