/**
 * The topology trap: a cordoned node stays a domain of hard topology spread, its falling count is the minimum, and a drain blocks itself
 * with everything done right. On the real scheduler and on the simulated one. Source: kubernetes#106127.
 */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { conditionOf, isReady, type Pod } from "../../local/cloud/kubernetes/objects.ts";
import { addNode, listItems, must, until } from "../../local/kube/setting-up.ts";
import { cordon, drainNode } from "./drain-loop.ts";
import { startReal, startSimulated, type Side } from "./sides.ts";

const nobody = { signer: () => undefined, identityOf: () => undefined };

let sides: readonly Side[] = [];

beforeAll(async () => {
  sides = [await startReal(nobody), await startSimulated(nobody)];
}, 120_000);

afterAll(async () => {
  for (const side of sides) await side.stop();
}, 60_000);

interface Trap {
  readonly name: string;
  /** Of the constraint; absent is Ignore. */
  readonly nodeTaintsPolicy?: string;
}

/** Four pods on each of three nodes, one of which is cordoned once a fourth node is there. */
const spring = async ({ api }: Side, { name, nodeTaintsPolicy }: Trap): Promise<object> => {
  const nodes = ["old", "two", "three", "new"].map((each) => `${name}-${each}`);
  const [old = "", two = "", three = "", fresh = ""] = nodes;
  await must(api, "/api/v1/namespaces", { method: "POST", body: { metadata: { name } } });
  for (const node of [old, two, three]) await addNode(api, node);
  const selector = { matchLabels: { app: name } };
  const spread = {
    maxSkew: 1,
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
        replicas: 12,
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
    async () => (await listItems<Pod>(api, pods)).filter(isReady).length === 12,
  );
  const began = nodes.map(async (node) => countOf(await listItems<Pod>(api, pods), node));
  const before = await Promise.all(began);
  await addNode(api, fresh);
  await cordon(api, old);
  const after = await drainNode(api, { namespace: name, nodeName: old }, 8000);
  const waiting = after.filter(({ spec }) => spec.nodeName === undefined);
  const scheduled = conditionOf(waiting[0]?.status.conditions, "PodScheduled");
  return {
    before,
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

describe.each<[string, Trap, { readonly left: number; readonly waiting: number }]>([
  ["nodeTaintsPolicy unset: stuck", { name: "unset" }, { left: 1, waiting: 1 }],
  ["Honor: drained", { name: "honor", nodeTaintsPolicy: "Honor" }, { left: 0, waiting: 0 }],
])("%s", (_, trap, expected) => {
  test("on both schedulers", async () => {
    const [real, simulated] = await Promise.all(sides.map((side) => spring(side, trap)));
    process.stdout.write(`real ${JSON.stringify(real)}\nsimulated ${JSON.stringify(simulated)}\n`);
    expect(real).toMatchObject(expected);
    expect(simulated).toEqual(real);
  }, 120_000);
});
