import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { planDrainPass, type DrainPass } from "../../../../../core/decide/kubernetes/drain/pass.ts";
import { namespacesInDrain } from "../../../../../core/decide/kubernetes/drain/scope.ts";
import { beginDrain, beginTick } from "../../../../../core/decide/kubernetes/drain/tick.ts";
import { classifyPod } from "../../../../../core/decide/kubernetes/pods/classify.ts";
import type { ClusterView } from "../../../../../core/model/kubernetes/cluster.ts";
import type { DrainedWorkload } from "../../../../../core/model/kubernetes/drain.ts";
import type { PodFacts } from "../../../../../core/model/kubernetes/pod.ts";
import { effectivePolicy } from "../../../../../core/policy/policy.ts";
import { aBudget, aNode, aPod, at, newNode, oldNode } from "../objects.ts";
import { claim, cordoned, joined, limits, original } from "./playground.ts";

const agents = "agents";
const agentOwner = { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "ds-agent" };
const daemonSets: ClusterView["daemonSets"] = [
  { namespace: agents, name: "agent", uid: "ds-agent", placement: { tolerations: [] } },
];

const namespaces = ["bank", "chat", "shop"] as const;
const apps = ["api", "web"] as const;

const pods: fc.Arbitrary<readonly PodFacts[]> = fc
  .array(
    fc.record({
      namespace: fc.constantFrom(...namespaces, agents),
      app: fc.constantFrom(...apps, "agent", "alone"),
      nodeName: fc.constantFrom(oldNode, newNode, "another"),
      isReady: fc.boolean(),
      phase: fc.constantFrom("Running", "Running", "Pending"),
      ageSeconds: fc.integer({ min: -3600, max: 8 }),
      isTerminating: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((some) =>
    some.map(({ app, ageSeconds, isTerminating, ...one }, index) =>
      aPod({
        ...one,
        name: `${app}-${String(index)}`,
        createdAt: at(ageSeconds),
        ...(isTerminating ? { deletionTimestamp: at(30) } : {}),
        ...(app === "agent" ? { owner: agentOwner } : app === "alone" ? {} : { of: app }),
      }),
    ),
  );

const budgets: fc.Arbitrary<ClusterView["budgets"]> = fc.subarray(
  namespaces.flatMap((namespace) => apps.map((name) => aBudget({ namespace, name }))),
);

const workloads: fc.Arbitrary<readonly DrainedWorkload[]> = fc
  .subarray(namespaces.flatMap((each) => apps.map((app) => `${each}/Deployment/${app}`)))
  .map((keys) =>
    keys.map((key) => ({ key, evicted: 2, evictedAt: at(5), created: 1, settled: 0 })),
  );

const policy = effectivePolicy("KUBERNETES");

/** What the look decides, and what is kept of it. */
const lookAt = (
  view: ClusterView,
  drained: readonly DrainedWorkload[],
): Omit<DrainPass, "memory"> => {
  const state = { ...beginDrain(at(0)), workloads: drained };
  const now = at(60);
  const { memory: _memory, ...decided } = planDrainPass({
    view,
    original,
    joined,
    claim,
    instance: { state: "running", isInterrupted: false },
    limits,
    standingOf: (pod) => classifyPod(pod, { view, policy, now }),
    state,
    memory: beginTick(state, now),
    now,
  });
  return decided;
};

describe("what the look of a drain reads again", () => {
  it("decides as all of the cluster does", () => {
    fc.assert(
      fc.property(pods, budgets, workloads, (all, allBudgets, drained) => {
        const whole: ClusterView = {
          nodes: [cordoned, aNode({ name: newNode }), aNode({ name: "another" })],
          pods: all,
          budgets: allBudgets,
          daemonSets,
          volumes: [],
          csiNodes: [],
        };
        const onNode = all.filter(({ nodeName }) => nodeName === oldNode);
        const concerned = namespacesInDrain(onNode, { daemonSets, workloads: drained });
        const isConcerned = ({ namespace }: { readonly namespace: string }): boolean =>
          concerned.includes(namespace);
        const narrow: ClusterView = {
          ...whole,
          nodes: whole.nodes.filter(({ name }) => name !== "another"),
          pods: all.filter((pod) => pod.nodeName === oldNode || isConcerned(pod)),
          budgets: allBudgets.filter(isConcerned),
        };
        expect(lookAt(narrow, drained)).toEqual(lookAt(whole, drained));
      }),
      { numRuns: 300 },
    );
  });

  it("has the namespaces of what is to leave and of what was evicted, and not that of agents", () => {
    const workload = { key: "bank/Deployment/api", evicted: 1, evictedAt: at(0) };
    const drained = [{ ...workload, created: 1, settled: 1 }];
    const onNode = [
      aPod({ name: "agent-1", namespace: agents, owner: agentOwner }),
      aPod({
        name: "mirror",
        namespace: agents,
        annotations: { "kubernetes.io/config.mirror": "x" },
      }),
      aPod({ name: "web-1", of: "web" }),
    ];
    expect(namespacesInDrain(onNode, { daemonSets, workloads: drained })).toEqual(["bank", "shop"]);
    expect(namespacesInDrain(onNode, { daemonSets: [], workloads: [] })).toEqual([agents, "shop"]);
  });
});
