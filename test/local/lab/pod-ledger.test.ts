import { beforeEach, describe, expect, it } from "@jest/globals";
import { isReady, type Pod } from "../../../local/cloud/kubernetes/objects.ts";
import { judgeEvictions } from "../../../local/lab/eviction-conduct.ts";
import { tracesOn } from "../../../local/lab/node-traces.ts";
import { leastSpare } from "../../../local/lab/pod-ledger.ts";
import { ofScript, scriptedWorld, type ScriptedWorld } from "./node-world.ts";

let world: ScriptedWorld;
let original: string;
let originalId: string;

beforeEach(async () => {
  world = await scriptedWorld();
  originalId = world.cluster.instanceIds[0] ?? "";
  original = world.nodeOf(originalId);
});

/** One after the other, as the budget allows. */
const drainWeb = async (): Promise<void> => {
  for (const pod of world.podsOn(original, "web")) {
    await world.evict(pod);
    await world.pass(20);
  }
};

const webPods = (): readonly Pod[] =>
  world.kubernetes.control.list("pods").filter(({ metadata }) => metadata.labels?.app === "web");

describe("the ledger of budgets", () => {
  it("finds nothing in a drain that waits for its budget, and shows each pod's move", async () => {
    const added = await world.scaleOut();
    await world.cordon(original);
    const names = world.podsOn(original, "web").map(({ metadata }) => `default/${metadata.name}`);
    expect(names.length).toBeGreaterThan(1);
    await drainWeb();
    expect(world.pods.broken).toEqual([]);
    const moves = world.pods.moves();
    expect(moves.map(({ pod }) => pod)).toEqual(names);
    expect(moves.every(({ from, to }) => from === original && to !== original)).toBe(true);
    expect(moves.map(({ to }) => to)).toContain(added);
    for (const { atMs, placedMs = 0, readyMs = 0 } of moves) {
      expect(placedMs).toBeGreaterThanOrEqual(atMs);
      expect(readyMs).toBeGreaterThan(placedMs);
    }
    // Six, of which five must be.
    expect(leastSpare(world.pods.budgets())).toBe(0);
    const [web] = world.pods.budgets();
    expect(web?.budget).toBe("default/web");
    expect(web?.samples[0]).toMatchObject({ healthy: 6, desired: 5, expected: 6 });
    expect(web?.samples.at(-1)).toMatchObject({ healthy: 6 });
  });

  it("finds two pods of one budget that are sent away by a deletion, which asks no budget", async () => {
    const [one, other] = webPods();
    if (one === undefined || other === undefined) throw new Error("There are no pods.");
    await world.remove(one);
    expect(world.pods.broken).toEqual([]);
    await world.remove(other);
    expect(world.pods.broken).toHaveLength(1);
    expect(world.pods.broken[0]).toContain(
      `default/${other.metadata.name} was sent away; of budget default/web 4 pods are healthy after it, 5 must be`,
    );
    expect(leastSpare(world.pods.budgets())).toBe(-1);
  });

  it("finds an eviction that was granted because the budget's controller had stopped", async () => {
    const [one, other] = webPods();
    if (one === undefined || other === undefined) throw new Error("There are no pods.");
    world.kubernetes.control.stop("disruption");
    const conditions = [{ type: "Ready", status: "False" }] as const;
    world.kubernetes.control.change("pods", { ...one, status: { ...one.status, conditions } });
    await world.pass(10);
    expect(await world.evict(other)).toBe(201);
    expect(world.pods.broken).toHaveLength(1);
  });

  it("does not blame us for a pod that failed in the second before", async () => {
    const [one, other] = webPods();
    if (one === undefined || other === undefined) throw new Error("There are no pods.");
    world.kubernetes.control.stop("disruption");
    const conditions = [{ type: "Ready", status: "False" }] as const;
    world.kubernetes.control.change("pods", { ...one, status: { ...one.status, conditions } });
    await world.pass(1);
    expect(await world.evict(other)).toBe(201);
    expect(world.pods.broken).toEqual([]);
  });
});

describe("the ledger of pods", () => {
  it("finds those that ran on a node whose instance was told to end, agents aside", async () => {
    const running = world.kubernetes.control
      .list("pods")
      .filter(({ spec }) => spec.nodeName === original)
      .filter(({ metadata }) => metadata.labels?.app !== "agent");
    expect(running.filter(isReady)).toEqual(running);
    await world.terminate(originalId);
    expect(world.pods.lost.map(({ pod }) => pod)).toEqual(
      running.map(({ metadata }) => `default/${metadata.name}`),
    );
    expect(world.pods.broken).toHaveLength(running.length);
  });

  it("finds none where they had left", async () => {
    await world.scaleOut();
    await world.cordon(original);
    await drainWeb();
    for (const pod of world.podsOn(original, "db")) await world.evict(pod);
    await world.pass(60);
    await world.terminate(originalId);
    expect(world.pods.lost).toEqual([]);
    expect(world.invariant.broken).toEqual([]);
  });
});

describe("the capacity invariant", () => {
  it("is broken by a cordon, an eviction and an end without a new node that is Ready", async () => {
    const [pod] = world.podsOn(original, "web");
    if (pod === undefined) throw new Error("There is no pod.");
    await world.cordon(original);
    await world.evict(pod);
    await world.terminate(originalId);
    expect(world.invariant.broken.map((text) => text.replace(/^\S+ /, ""))).toEqual([
      `cordon on ${original}: no node that is like it is new, Ready and schedulable`,
      `eviction of ${pod.metadata.name} on ${original}: no node that is like it is new, Ready and schedulable`,
      `TerminateInstanceInAutoScalingGroup on ${original}: no node that is like it is new, Ready and schedulable`,
    ]);
  });

  it("counts a new node once: for the next original there must be another", async () => {
    await world.scaleOut();
    await world.cordon(original);
    await world.terminate(originalId);
    expect(world.invariant.broken).toEqual([]);
    // In the same zone.
    await world.cordon(world.nodeOf(world.cluster.instanceIds[2] ?? ""));
    expect(world.invariant.broken).toHaveLength(1);
  });

  it("is broken where a new node is drained while its original is still cordoned", async () => {
    const added = await world.scaleOut();
    await world.cordon(original);
    await drainWeb();
    const [moved] = world.podsOn(added, "web");
    if (moved === undefined) throw new Error("Nothing has moved.");
    await world.evict(moved);
    expect(world.invariant.broken).toHaveLength(1);
    expect(world.invariant.broken[0]).toContain(`${original} is still cordoned`);
  });
});

describe("evictions", () => {
  it("name the pod's uid, keep its grace, and are not made again", async () => {
    const [pod, other] = webPods();
    if (pod === undefined || other === undefined) throw new Error("There are no pods.");
    const { uid } = pod.metadata;
    await world.evict(pod);
    await world.evict(pod);
    await world.evict(other, {});
    await world.evict(other, { gracePeriodSeconds: 1, preconditions: { uid } });
    expect(
      judgeEvictions(world.kubernetes.journal, { isJudged: ofScript.inCluster }).map((text) =>
        text.replace(/^\S+ default\/\S+ /, ""),
      ),
    ).toEqual([
      "was evicted again, although that was accepted",
      "was evicted without its uid",
      "was evicted with another grace",
      "was evicted again, although that was accepted",
    ]);
  });
});

describe("what is left on nodes", () => {
  it("is each cordon, label and annotation that was not there, and each that is missing", async () => {
    const { control } = world.kubernetes;
    const before = control.list("nodes");
    const [first, second] = before;
    if (first === undefined || second === undefined) throw new Error("There are no nodes.");
    const { name } = first.metadata;
    await world.cordon(name);
    control.change("nodes", {
      ...second,
      metadata: {
        ...second.metadata,
        annotations: { "spot-optimizer/claim": "x" },
        labels: {},
      },
    });
    expect(tracesOn(before, control.list("nodes"))).toEqual([
      `${name}: cordon was false and is true`,
      expect.stringContaining(`${second.metadata.name}: labels was`),
      `${second.metadata.name}: annotations was [] and is [["spot-optimizer/claim","x"]]`,
    ]);
    await world.cordon(name, false);
    control.change("nodes", second);
    expect(tracesOn(before, control.list("nodes"))).toEqual([]);
  });
});
