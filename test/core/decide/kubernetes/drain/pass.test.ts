import { describe, expect, it } from "@jest/globals";
import { planDrainPass } from "../../../../../core/decide/kubernetes/drain/pass.ts";
import { beginDrain, beginTick } from "../../../../../core/decide/kubernetes/drain/tick.ts";
import { claimAnnotation } from "../../../../../core/decide/kubernetes/claims.ts";
import type { DrainState } from "../../../../../core/model/kubernetes/drain.ts";
import type { NodeFacts } from "../../../../../core/model/kubernetes/node.ts";
import type { PodFacts } from "../../../../../core/model/kubernetes/pod.ts";
import { aNode, aPod, at, newNode } from "../objects.ts";
import { claim, cordoned, joined, limits, original } from "./playground.ts";

const fresh = aNode({ name: newNode });
const unready = (seconds: number): Partial<NodeFacts> => ({
  conditions: [{ type: "Ready", status: "Unknown", lastTransitionTime: at(seconds) }],
});

interface Scene {
  readonly old?: NodeFacts;
  readonly fresh?: NodeFacts;
  readonly nodes?: readonly NodeFacts[];
  readonly pods?: readonly PodFacts[];
  readonly state?: Partial<DrainState>;
  readonly instance?: Parameters<typeof planDrainPass>[0]["instance"];
  readonly now?: number;
}

const passOf = (scene: Scene) => {
  const now = at(scene.now ?? 60);
  const state = { ...beginDrain(at(0)), emptySince: at(30), ...scene.state };
  const instance =
    "instance" in scene ? scene.instance : ({ state: "running", isInterrupted: false } as const);
  return planDrainPass({
    view: {
      nodes: scene.nodes ?? [scene.old ?? cordoned, scene.fresh ?? fresh],
      pods: scene.pods ?? [],
      budgets: [],
      daemonSets: [],
      volumes: [],
      csiNodes: [],
    },
    original,
    joined,
    claim,
    instance,
    limits,
    standingOf: () => ({ kind: "EVICTABLE", takesSlot: false }),
    state,
    memory: beginTick(state, now),
    now,
  });
};

const verdictOf = (scene: Scene) => passOf(scene).verdict;

describe("while the new node does not stand where the old one stands", () => {
  it.each([
    ["is silent for less than a minute", { fresh: { ...fresh, ...unready(30) } }],
    ["is cordoned by somebody", { fresh: { ...fresh, isUnschedulable: true } }],
    [
      "is about to be taken away by the autoscaler",
      {
        fresh: {
          ...fresh,
          taints: [{ key: "ToBeDeletedByClusterAutoscaler", effect: "NoSchedule" }],
        },
      },
    ],
    ["is not shown by EC2", { instance: undefined }],
  ])("and it %s, nothing is evicted, and an empty old node is not ended", (_why, scene) => {
    const withPods = passOf({ ...scene, pods: [aPod({ of: "web" })] });
    expect(withPods.evict).toEqual([]);
    expect(withPods.verdict.kind).toBe("DRAINING");
    expect(verdictOf(scene).kind).toBe("DRAINING");
    expect(verdictOf({}).kind).toBe("DRAINED");
  });

  it.each([
    ["is silent for a minute", { fresh: { ...fresh, ...unready(0) } }],
    ["has left the cluster", { nodes: [cordoned] }],
    ["was deleted and has joined anew", { fresh: { ...fresh, uid: "another" } }],
    ["stands in another zone", { fresh: { ...fresh, labels: {} } }],
    ["has ended", { instance: { state: "terminated", isInterrupted: false } as const }],
    ["is taken back by EC2", { instance: { state: "running", isInterrupted: true } as const }],
  ])("and it %s, the drain is given up", (_why, scene) => {
    expect(verdictOf(scene)).toMatchObject({
      kind: "STOP",
      code: "REPLACEMENT_LOST",
      error: "StaleReplacement",
    });
  });

  it("and a replacement of a pod finds no node, an empty old node is not ended", () => {
    const { nodeName: _none, ...nowhere } = aPod({ of: "web", name: "web-again" });
    const pending: PodFacts = {
      ...nowhere,
      createdAt: at(10),
      phase: "Pending",
      conditions: [
        {
          type: "PodScheduled",
          status: "False",
          reason: "Unschedulable",
          lastTransitionTime: at(10),
        },
      ],
    };
    const workloads = [
      { key: "shop/Deployment/web", evicted: 1, evictedAt: at(9), created: 1, settled: 1 },
    ];
    const scene = { pods: [pending], state: { workloads } };
    expect(verdictOf({ ...scene, now: 39 })).toMatchObject({ kind: "DRAINED" });
    expect(verdictOf({ ...scene, now: 41 })).toMatchObject({ kind: "DRAINING" });
    expect(verdictOf({ ...scene, now: 311 })).toMatchObject({
      kind: "STOP",
      code: "REPLACEMENT_UNSCHEDULABLE",
    });
  });
});

describe("an old node that is no longer ours to drain", () => {
  it.each([
    ["was uncordoned by somebody", { ...cordoned, isUnschedulable: false }],
    ["lost our claim", { ...cordoned, annotations: {} }],
    ["has another's claim", { ...cordoned, annotations: { [claimAnnotation]: "dpl-other#1" } }],
  ])("because it %s, stops the drain", (_why, old) => {
    expect(verdictOf({ old, pods: [aPod()] })).toMatchObject({
      kind: "STOP",
      code: "OWNERSHIP_LOST",
      error: "StaleOriginal",
    });
  });

  it("is told without all of what somebody has written there", () => {
    const annotations = { [claimAnnotation]: "x".repeat(200_000) };
    const verdict = verdictOf({ old: { ...cordoned, annotations }, pods: [aPod()] });
    expect(verdict.sentence.length).toBeLessThan(200);
  });

  it("because it has left the cluster, stops the drain", () => {
    expect(verdictOf({ nodes: [fresh] })).toMatchObject({ kind: "STOP", code: "NODE_GONE" });
  });
});

describe("a drain that takes too long", () => {
  const held = { pods: [aPod({ of: "web", isReady: false })], state: { left: 1 } };

  it("is given up when nothing has moved for fifteen minutes, and its blockers are named", () => {
    const state = { left: 1, progressAt: at(300), blockers: [] };
    expect(verdictOf({ ...held, state, now: 1199 }).kind).toBe("DRAINING");
    expect(verdictOf({ ...held, state, now: 1201 })).toMatchObject({ code: "NO_PROGRESS" });
  });

  it("tells why nothing was evicted at all: the new node took no pods", () => {
    const state = { left: 1, progressAt: at(0) };
    const scene = { ...held, state, fresh: { ...fresh, isUnschedulable: true }, now: 901 };
    expect(verdictOf(scene)).toMatchObject({
      code: "NO_PROGRESS",
      sentence: expect.stringContaining("somebody has cordoned it"),
    });
  });

  it("is given up at the end of the node's time, ten minutes after the longest grace", () => {
    const state = { left: 1, progressAt: at(1799) };
    expect(verdictOf({ ...held, state, now: 1801 })).toMatchObject({ code: "DRAIN_DEADLINE" });
    const long = { ...state, graceSeconds: 3600 };
    expect(verdictOf({ ...held, state: long, now: 1801 }).kind).toBe("DRAINING");
    const longest = { ...long, graceSeconds: 1e6, progressAt: at(21_599) };
    expect(verdictOf({ ...held, state: longest, now: 21_601 })).toMatchObject({
      code: "DRAIN_DEADLINE",
    });
  });
});
