import { describe, expect, test } from "@jest/globals";
import { conditionOf, isReady } from "../../../../local/cloud/kubernetes/objects.ts";
import { refuse } from "../../../../local/cloud/kubernetes/refusals.ts";
import { addBudget, ask, evict } from "./cluster-fixture.ts";
import { cpu, worldOf, type World } from "./workload-fixture.ts";

const readyOf = (world: World): number => world.pods().filter(isReady).length;

const cordon = ({ cluster }: World, name: string) =>
  ask(cluster, `/api/v1/nodes/${name}`, {
    method: "PATCH",
    contentType: "application/merge-patch+json",
    body: { spec: { unschedulable: true } },
  });

const evictAt = async (world: World, node: string): Promise<readonly number[]> => {
  const there = world.pods().filter(({ spec }) => spec.nodeName === node);
  const codes = [];
  for (const { metadata } of there) codes.push((await evict(world.cluster, metadata.name)).code);
  return codes;
};

describe("a Deployment", () => {
  test("runs its replicas spread over the nodes, and makes them anew after an eviction", async () => {
    const world = worldOf();
    world.join("one");
    world.join("two");
    world.deploy("deployments", "web", { replicas: 4 });
    await world.pass(30);
    expect(world.places()).toEqual(["web@one", "web@one", "web@two", "web@two"]);
    expect(readyOf(world)).toBe(4);
    await cordon(world, "one");
    expect(await evictAt(world, "one")).toEqual([201, 201]);
    await world.pass(0.5);
    expect(world.places()).toEqual([
      "web@one!",
      "web@one!",
      "web@two",
      "web@two",
      "web@two",
      "web@two",
    ]);
    expect(readyOf(world)).toBe(4);
    await world.pass(10);
    expect(world.places()).toEqual(["web@two", "web@two", "web@two", "web@two"]);
    expect(
      world.cluster.control.get("deployments", { namespace: "default", name: "web" })?.status,
    ).toMatchObject({
      readyReplicas: 4,
    });
  });

  test("under a budget never has fewer ready pods than that demands", async () => {
    const world = worldOf();
    world.join("one");
    world.deploy("deployments", "web", { replicas: 3 });
    addBudget(world.cluster, { minAvailable: 2 });
    await world.pass(30);
    world.join("two");
    await world.pass(5);
    await cordon(world, "one");
    let least = 3;
    world.cluster.control.onChange(() => {
      const healthy = world
        .pods()
        .filter((pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined);
      least = Math.min(least, healthy.length);
    });
    const codes = new Set<number>();
    for (let pass = 0; pass < 20; pass += 1) {
      for (const code of await evictAt(world, "one")) codes.add(code);
      await world.pass(1);
    }
    expect(world.places()).toEqual(["web@two", "web@two", "web@two"]);
    expect([...codes].sort()).toEqual([201, 429]);
    expect(least).toBe(2);
  });

  test("whose replacement admission refuses stays short of it, until it doesn't", async () => {
    const world = worldOf();
    world.join("one");
    world.deploy("deployments", "web", { replicas: 2 });
    await world.pass(30);
    const release = world.cluster.control.admit(({ operation, resource, subresource }) => {
      if (operation === "CREATE" && resource === "pods" && subresource === "")
        throw refuse(403, "Forbidden", { message: "exceeded quota: pods" });
    });
    const [first] = world.pods();
    await evict(world.cluster, first?.metadata.name ?? "");
    await world.pass(30);
    expect(world.pods()).toHaveLength(1);
    release();
    await world.pass(30);
    expect(readyOf(world)).toBe(2);
  });

  test("is gone with its ReplicaSet and pods", async () => {
    const world = worldOf();
    world.join("one");
    world.deploy("deployments", "web", { replicas: 2 });
    await world.pass(30);
    await ask(world.cluster, "/apis/apps/v1/namespaces/default/deployments/web", {
      method: "DELETE",
    });
    await world.pass(10);
    expect(world.pods()).toEqual([]);
    expect(world.cluster.control.list("replicasets")).toEqual([]);
  });
});

describe("what fits nowhere", () => {
  test("stays Pending, and the scheduler says why; room lets it run", async () => {
    const world = worldOf();
    world.join("one");
    world.deploy("deployments", "big", { replicas: 2, pod: cpu("2500m") });
    await world.pass(30);
    expect(world.places()).toEqual(["big@nowhere", "big@one"]);
    const pending = world.pods().find(({ spec }) => spec.nodeName === undefined);
    expect(conditionOf(pending?.status.conditions, "PodScheduled")).toMatchObject({
      status: "False",
      reason: "Unschedulable",
      message: "0/1 nodes are available: 1 Insufficient cpu.",
    });
    world.join("two");
    await world.pass(10);
    expect(world.places()).toEqual(["big@one", "big@two"]);
  });

  test.each([
    [
      "a node selector",
      { nodeSelector: { disk: "fast" } },
      "didn't match Pod's node affinity/selector",
    ],
    ["too many pods", {}, "Too many pods"],
    ["a taint", {}, "untolerated taint {dedicated: db}"],
    ["a host port", { containers: [{ name: "main", ports: [{ hostPort: 80 }] }] }, "free ports"],
  ])("for %s", async (name, pod, reason) => {
    const world = worldOf();
    world.join("one", {
      ...(name === "too many pods" && { maxPods: 1 }),
      ...(name === "a taint" && {
        taints: [{ key: "dedicated", value: "db", effect: "NoSchedule" }],
      }),
    });
    world.deploy("deployments", "web", { replicas: 2, pod });
    await world.pass(30);
    const pending = world.pods().filter(({ spec }) => spec.nodeName === undefined);
    expect(conditionOf(pending[0]?.status.conditions, "PodScheduled")?.message).toContain(reason);
  });

  test.each([
    [undefined, ["web@new", "web@new", "web@nowhere"]],
    ["Honor", ["web@new", "web@new", "web@new"]],
  ])(
    "by a hostname spread counts the cordoned node, unless taints are honoured: %s",
    async (nodeTaintsPolicy, wanted) => {
      const world = worldOf();
      world.join("old");
      world.deploy("deployments", "web", {
        replicas: 3,
        pod: {
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "kubernetes.io/hostname",
              whenUnsatisfiable: "DoNotSchedule",
              labelSelector: { matchLabels: { app: "web" } },
              ...(nodeTaintsPolicy !== undefined && { nodeTaintsPolicy }),
            },
          ],
        },
      });
      await world.pass(30);
      world.join("new");
      await world.pass(10);
      await cordon(world, "old");
      await world.pass(1);
      // One by one, as a budget of one disruption paces it: the last goes only when the one before has come up.
      for (let pass = 0; pass < 3; pass += 1) {
        const pod = world.pods().find(({ spec }) => spec.nodeName === "old");
        if (pod !== undefined && readyOf(world) === 3)
          await evict(world.cluster, pod.metadata.name);
        await world.pass(10);
      }
      expect(world.places()).toEqual(wanted);
    },
  );

  test("by anti-affinity is what shares a host", async () => {
    const world = worldOf();
    world.join("one");
    world.deploy("deployments", "web", {
      replicas: 2,
      pod: {
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              {
                topologyKey: "kubernetes.io/hostname",
                labelSelector: { matchLabels: { app: "web" } },
              },
            ],
          },
        },
      },
    });
    await world.pass(30);
    expect(world.places()).toEqual(["web@nowhere", "web@one"]);
  });
});

describe("a StatefulSet with a volume", () => {
  test("has each number once, and its volume follows it after it is detached", async () => {
    const world = worldOf();
    world.join("one");
    world.join("two");
    world.deploy("statefulsets", "db", {
      replicas: 2,
      volumeClaimTemplates: [{ metadata: { name: "data" } }],
    });
    await world.pass(30);
    expect(world.pods().map(({ metadata }) => metadata.name)).toEqual(["db-0", "db-1"]);
    const before = world.pods()[0];
    const node = before?.spec.nodeName ?? "";
    const attached = () =>
      world.cluster.control.list("volumeattachments").filter(({ spec }) => spec.nodeName === node);
    expect(attached()).toHaveLength(1);
    await cordon(world, node);
    expect((await evict(world.cluster, "db-0", { uid: before?.metadata.uid ?? "" })).code).toBe(
      201,
    );
    await world.pass(3);
    const waiting = world.pods()[0];
    expect(waiting?.metadata.uid).not.toBe(before?.metadata.uid);
    expect(waiting?.status.phase).toBe("Pending");
    expect(attached()).toHaveLength(1);
    await world.pass(20);
    expect(attached()).toEqual([]);
    expect(readyOf(world)).toBe(2);
    expect((await evict(world.cluster, "db-0", { uid: before?.metadata.uid ?? "" })).code).toBe(
      409,
    );
  });

  test("stays Pending where its zone has no other node", async () => {
    const world = worldOf();
    world.join("one");
    world.deploy("statefulsets", "db", { volumeClaimTemplates: [{ metadata: { name: "data" } }] });
    await world.pass(30);
    world.join("other", { labels: { "topology.kubernetes.io/zone": "eu-west-1b" } });
    await world.pass(10);
    await cordon(world, "one");
    await evict(world.cluster, "db-0");
    await world.pass(30);
    expect(conditionOf(world.pods()[0]?.status.conditions, "PodScheduled")?.message).toBe(
      "0/2 nodes are available: 1 node(s) had volume node affinity conflict, 1 node(s) were unschedulable.",
    );
  });
});

describe("a DaemonSet", () => {
  test("has a pod on each node, comes again where it is evicted, and bears a cordon", async () => {
    const world = worldOf();
    world.join("one");
    world.join("two");
    world.deploy("daemonsets", "agent");
    await world.pass(30);
    expect(world.places()).toEqual(["agent@one", "agent@two"]);
    await cordon(world, "one");
    await evictAt(world, "one");
    await world.pass(10);
    expect(world.places()).toEqual(["agent@one", "agent@two"]);
    expect(readyOf(world)).toBe(2);
  });
});

describe("a Job", () => {
  test("ends, and an evicted pod of it begins anew", async () => {
    const world = worldOf();
    world.join("one");
    world.deploy("jobs", "nightly", { annotations: { "simulation.local/run-seconds": "30" } });
    await world.pass(20);
    await evictAt(world, "one");
    await world.pass(25);
    expect(world.pods().map(({ status }) => status.phase)).toEqual(["Running"]);
    await world.pass(40);
    expect(world.pods().map(({ status }) => status.phase)).toEqual(["Succeeded"]);
  });
});

describe("a kubelet", () => {
  test("that joins late, never, or flaps", async () => {
    const world = worldOf();
    world.join("late", {}, { joinMs: 60_000, readyMs: 30_000 });
    world.join("never", {}, { isLost: true });
    world.join("flaps", {}, { joinMs: 0, readyMs: 0, flaps: { everyMs: 10_000, times: 1 } });
    world.deploy("daemonsets", "agent");
    const state = (name: string): string | undefined => {
      const node = world.cluster.control.get("nodes", { name });
      return conditionOf(node?.status.conditions, "Ready")?.status;
    };
    await world.pass(5);
    expect([state("late"), state("never"), state("flaps")]).toEqual([undefined, undefined, "True"]);
    await world.pass(10);
    expect(state("flaps")).toBe("False");
    expect(readyOf(world)).toBe(0);
    await world.pass(10);
    expect(state("flaps")).toBe("True");
    expect(readyOf(world)).toBe(1);
    await world.pass(40);
    expect(state("late")).toBe("False");
    await world.pass(40);
    expect([state("late"), state("never")]).toEqual(["True", undefined]);
  });

  test("ends pods within their grace, never one that is stuck, and a finalizer holds one", async () => {
    const world = worldOf();
    world.join("one");
    const end = (seconds: string) => ({ annotations: { "simulation.local/end-seconds": seconds } });
    const pod = { terminationGracePeriodSeconds: 10 };
    world.deploy("deployments", "quick", { ...end("2"), pod });
    world.deploy("deployments", "slow", { ...end("never"), pod });
    world.deploy("deployments", "stuck", { ...end("stuck"), pod });
    await world.pass(30);
    await evictAt(world, "one");
    const going = () => world.places().filter((place) => place.endsWith("!"));
    await world.pass(3);
    expect(going()).toEqual(["slow@one!", "stuck@one!"]);
    await world.pass(10);
    expect(going()).toEqual(["stuck@one!"]);
    await world.pass(600);
    expect(going()).toEqual(["stuck@one!"]);
  });

  test("whose machine stops leaves its node NotReady: pods are given up after five minutes", async () => {
    const world = worldOf();
    world.join("one");
    world.deploy("deployments", "web");
    await world.pass(30);
    world.cluster.control.leave("i-one", "STOPPED");
    world.join("two");
    await world.pass(60);
    expect(world.places()).toEqual(["web@one"]);
    expect(readyOf(world)).toBe(0);
    await world.pass(300);
    expect(world.places()).toEqual(["web@one!", "web@two"]);
  });

  test("whose machine is terminated loses its node, and the pods with it", async () => {
    const world = worldOf();
    world.join("one");
    world.deploy("deployments", "web");
    await world.pass(30);
    world.cluster.control.leave("i-one", "TERMINATED");
    await world.pass(10);
    expect(world.cluster.control.list("nodes")).toEqual([]);
    await world.pass(30);
    expect(world.places()).toEqual(["web@nowhere"]);
  });
});

test("the same seed gives the same cluster, to the last name", async () => {
  const run = async () => {
    const world = worldOf();
    world.join("one", {}, {});
    world.deploy("deployments", "web", { replicas: 5 });
    await world.pass(120);
    return JSON.stringify(world.cluster.control.list("pods"));
  };
  expect(await run()).toBe(await run());
});
