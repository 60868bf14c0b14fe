/**
 * The topology trap: a cordoned node stays a domain of hard topology spread, its falling count is the minimum, and a drain blocks itself
 * with everything done right; and pods that come back to a cordoned node. On the real scheduler and on the simulated one. Source: kubernetes#106127.
 */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readAccess } from "../../adapters/kubernetes/access-review.ts";
import type { KubernetesClient } from "../../adapters/kubernetes/client.ts";
import { readClusterView } from "../../adapters/kubernetes/view.ts";
import { toleratesCordon } from "../../core/decide/kubernetes/fits.ts";
import { whyTopologyBlocks } from "../../core/decide/kubernetes/topology.ts";
import type { Toleration } from "../../core/model/kubernetes/object.ts";
import { conditionOf, isReady, type Pod } from "../../local/cloud/kubernetes/objects.ts";
import { addNode, listItems, must, until } from "../../local/kube/setting-up.ts";
import { cordon, drainNode } from "./drain-loop.ts";
import { callers } from "./callers.ts";
import { grant, rights } from "./contract/access.ts";
import { openCluster, startReal, startSimulated, type Side } from "./sides.ts";
import { Stage } from "./stage.ts";

let sides: readonly Side[] = [];

beforeAll(async () => {
  sides = [await startReal(callers), await startSimulated(callers)];
}, 120_000);

afterAll(async () => {
  for (const side of sides) await side.stop();
}, 60_000);

interface Trap {
  readonly name: string;
  readonly replicas: number;
  readonly maxSkew: number;
  /** Of the constraint; absent is Ignore. */
  readonly nodeTaintsPolicy?: string;
}

interface Sprung {
  /** Pods of each node, before. */
  readonly before: readonly number[];
  /** The product's verdict, before anything is touched. */
  readonly isForeseen: boolean;
  readonly left: number;
  readonly waiting: number;
  readonly why: readonly (string | undefined)[] | undefined;
}

const clients = new Map<Side, KubernetesClient>();

/** All rights, in the first case of each side. */
const clientOf = async (side: Side): Promise<KubernetesClient> => {
  const known = clients.get(side);
  if (known !== undefined) return known;
  const key = "ASIATOPOLOGY";
  await grant(new Stage(side, "topology"), key, rights);
  const client = await openCluster(side, key);
  clients.set(side, client);
  await until("the rights are known", async () => (await readAccess(client)).missing.length === 0);
  return client;
};

const isForeseen = async (side: Side, old: string, fresh: string): Promise<boolean> => {
  const view = await readClusterView(await clientOf(side));
  const labels = { "kubernetes.io/hostname": fresh };
  const input = { view, node: { name: old }, expected: { name: fresh, labels, taints: [] } };
  return view.pods
    .filter(({ nodeName }) => nodeName === old)
    .some((pod) => whyTopologyBlocks(pod, input) !== undefined);
};

const settleMs = 5000;

/** Once all are placed, or after a time in which the scheduler would have. */
const settled = async (list: () => Promise<readonly Pod[]>): Promise<readonly Pod[]> => {
  const giveUpMs = performance.now() + settleMs;
  for (;;) {
    const pods = await list();
    const isPlaced = pods.every(({ spec }) => spec.nodeName !== undefined);
    if (isPlaced || performance.now() > giveUpMs) return pods;
    await delay(200);
  }
};

/** As many pods on each of three nodes, one of which is cordoned once a fourth node is there. */
const spring = async (side: Side, trap: Trap): Promise<Sprung> => {
  const { api } = side;
  const { name, replicas, maxSkew, nodeTaintsPolicy } = trap;
  const nodes = ["old", "two", "three", "new"].map((each) => `${name}-${each}`);
  const [old = "", two = "", three = "", fresh = ""] = nodes;
  await must(api, "/api/v1/namespaces", { method: "POST", body: { metadata: { name } } });
  for (const node of [old, two, three]) await addNode(api, node);
  const selector = { matchLabels: { app: name } };
  const spread = {
    maxSkew,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector: selector,
    ...(nodeTaintsPolicy !== undefined && { nodeTaintsPolicy }),
  };
  const hostname = { key: "kubernetes.io/hostname", operator: "In", values: nodes };
  const nodeSelectorTerms = [{ matchExpressions: [hostname] }];
  await must(api, `/apis/apps/v1/namespaces/${name}/deployments`, {
    method: "POST",
    body: {
      metadata: { name: "web" },
      spec: {
        replicas,
        selector,
        template: {
          metadata: { labels: { app: name } },
          spec: {
            containers: [{ name: "main", image: "example.com/none" }],
            topologySpreadConstraints: [spread],
            // Other cases' nodes are not counted.
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
              },
            },
          },
        },
      },
    },
  });
  await must(api, `/apis/policy/v1/namespaces/${name}/poddisruptionbudgets`, {
    method: "POST",
    body: { metadata: { name: "web" }, spec: { maxUnavailable: 1, selector } },
  });
  const pods = `/api/v1/namespaces/${name}/pods`;
  const countOf = (all: readonly Pod[], node: string | undefined): number =>
    all.filter(({ spec }) => spec.nodeName === node).length;
  await until(
    "all pods are Ready",
    async () => (await listItems<Pod>(api, pods)).filter(isReady).length === replicas,
  );
  const began = nodes.map(async (node) => countOf(await listItems<Pod>(api, pods), node));
  const before = await Promise.all(began);
  const foreseen = await isForeseen(side, old, fresh);
  await addNode(api, fresh);
  await cordon(api, old);
  await drainNode(api, { namespace: name, nodeName: old }, 8000);
  const after = await settled(() => listItems<Pod>(api, pods));
  const waiting = after.filter(({ spec }) => spec.nodeName === undefined);
  const scheduled = conditionOf(waiting[0]?.status.conditions, "PodScheduled");
  return {
    before,
    isForeseen: foreseen,
    left: countOf(after, old),
    waiting: waiting.length,
    // What the real one says of preemption comes after the first sentence.
    why: scheduled && [
      scheduled.status,
      scheduled.reason,
      scheduled.message?.split(". ")[0]?.replace(/\.$/, ""),
    ],
  };
};

/** A pod stays where it must not, or finds no place. */
const isStuck = ({ left, waiting }: Sprung): boolean => left > 0 || waiting > 0;

const told = (name: string, side: string, sprung: Sprung): void => {
  process.stdout.write(`${name}, ${side}: ${JSON.stringify(sprung)}\n`);
};

describe("a node under hard topology spread over host names", () => {
  test.each<[string, Trap, Pick<Sprung, "left" | "waiting" | "isForeseen">]>([
    [
      "stops its own drain where nodeTaintsPolicy is unset",
      { name: "unset", replicas: 12, maxSkew: 1 },
      { left: 1, waiting: 1, isForeseen: true },
    ],
    [
      "is drained where it is Honor",
      { name: "honor", replicas: 12, maxSkew: 1, nodeTaintsPolicy: "Honor" },
      { left: 0, waiting: 0, isForeseen: false },
    ],
  ])(
    "%s",
    async (_, trap, expected) => {
      const [real, simulated] = await Promise.all(sides.map((side) => spring(side, trap)));
      if (real === undefined || simulated === undefined) throw new Error("A side is missing.");
      told(trap.name, "real", real);
      told(trap.name, "simulated", simulated);
      expect(real).toMatchObject(expected);
      expect(simulated).toEqual(real);
    },
    120_000,
  );

  test.each<Trap>([
    { name: "one-each", replicas: 3, maxSkew: 1 },
    { name: "two-each", replicas: 6, maxSkew: 1 },
    { name: "skew-two", replicas: 6, maxSkew: 2 },
    { name: "skew-three", replicas: 9, maxSkew: 3 },
    { name: "skew-four", replicas: 12, maxSkew: 4 },
  ])(
    "$replicas replicas, maxSkew $maxSkew: ends as the product foresees",
    async (trap) => {
      const [real, simulated] = await Promise.all(sides.map((side) => spring(side, trap)));
      if (real === undefined || simulated === undefined) throw new Error("A side is missing.");
      told(trap.name, "real", real);
      told(trap.name, "simulated", simulated);
      expect(isStuck(real)).toBe(real.isForeseen);
      expect(isStuck(simulated)).toBe(simulated.isForeseen);
    },
    120_000,
  );
});

/** Whether the scheduler places such a pod on a node that is cordoned, where it may stand on no other. */
const comesBack = async (
  { api }: Side,
  name: string,
  tolerations: readonly Toleration[],
): Promise<boolean> => {
  const node = `${name}-cordoned`;
  const pods = "/api/v1/namespaces/default/pods";
  await addNode(api, node);
  await cordon(api, node);
  const containers = [{ name: "main", image: "example.com/none" }];
  const nodeSelector = { "kubernetes.io/hostname": node };
  const spec = { containers, nodeSelector, tolerations };
  await must(api, pods, { method: "POST", body: { metadata: { name }, spec } });
  const read = async (): Promise<Pod> => (await must(api, `${pods}/${name}`)) as Pod;
  await until("the scheduler has looked at it", async () => {
    const pod = await read();
    const isRefused = conditionOf(pod.status.conditions, "PodScheduled")?.status === "False";
    return isRefused || pod.spec.nodeName !== undefined;
  });
  return (await read()).spec.nodeName === node;
};

const key = "node.kubernetes.io/unschedulable";

describe("a cordoned node", () => {
  test.each<[string, readonly Toleration[], boolean]>([
    ["none", [], false],
    ["all", [{ operator: "Exists" }], true],
    ["all-no-schedule", [{ operator: "Exists", effect: "NoSchedule" }], true],
    ["all-no-execute", [{ operator: "Exists", effect: "NoExecute" }], false],
    ["by-key", [{ key, operator: "Exists" }], true],
    ["by-value", [{ key, value: "", effect: "NoSchedule" }], true],
    ["by-another-value", [{ key, value: "yes", effect: "NoSchedule" }], false],
    ["another-key", [{ key: "example.com/team", operator: "Exists" }], false],
  ])(
    "takes a pod with tolerations %s as the product foresees",
    async (name, tolerations, comes) => {
      expect(toleratesCordon({ tolerations })).toBe(comes);
      const placed = await Promise.all(sides.map((side) => comesBack(side, name, tolerations)));
      expect(placed).toEqual([comes, comes]);
    },
  );
});
