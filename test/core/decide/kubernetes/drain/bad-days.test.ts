/** Bad days of drains that were reported in public, or tried on a real cluster: each test's name is what must happen. */
import { describe, expect, it } from "@jest/globals";
import type { PodFacts } from "../../../../../core/model/kubernetes/pod.ts";
import { classifyPod } from "../../../../../core/decide/kubernetes/pods/classify.ts";
import { planKubernetesUndo } from "../../../../../core/decide/kubernetes/undo/plan.ts";
import type { NodeFacts } from "../../../../../core/model/kubernetes/node.ts";
import { effectivePolicy } from "../../../../../core/policy/policy.ts";
import { aBudget, aPod, at, newNode, oldNode, type PodSketch } from "../objects.ts";
import { claim, cordoned, original, play, type Played } from "./playground.ts";

const several = (count: number, sketch: PodSketch = {}): readonly PodFacts[] =>
  Array.from({ length: count }, (_, index) =>
    aPod({
      of: "web",
      ...sketch,
      name: `${sketch.of ?? "web"}-${String(index + 1).padStart(3, "0")}`,
    }),
  );

const worst = ({ notReady }: Played, app: string): number =>
  Math.max(...notReady.map((found) => found[app] ?? 0));

const stopOf = ({ last: { verdict } }: Played) => {
  if (verdict.kind !== "STOP") throw new Error(`it is ${verdict.kind}: ${verdict.sentence}`);
  return verdict;
};

const tenBudgets = Array.from({ length: 10 }, (_, index) => `app${String(index)}`);

const crowd = (each: number): readonly PodFacts[] =>
  tenBudgets.flatMap((of) => several(each, { of }));

const budgetsOf = (each: number, allowed: number) =>
  tenBudgets.map((name) =>
    aBudget({
      name,
      maxUnavailable: allowed,
      expectedPods: each,
      currentHealthy: each,
      desiredHealthy: each - allowed,
      disruptionsAllowed: allowed,
    }),
  );

/** What the roll-back does first, once the drain was given up. */
const firstOfUndo = ({ state }: Played) => {
  const { clusterName, nodeName, nodeUid } = {
    clusterName: "prod",
    nodeName: oldNode,
    nodeUid: cordoned.uid,
  };
  const node = { clusterName, nodeName, nodeUid, instanceId: original.instanceId };
  const base = { swapId: "swap-1", status: "ACTED", fence: 1, plannedAt: at(-60) } as const;
  return planKubernetesUndo({
    group: undefined,
    spotGroup: undefined,
    replacements: [],
    nodes: [cordoned],
    intents: [
      { ...base, id: "cordon", change: { kind: "CORDON_NODE", ...node, claim } },
      { ...base, id: "drain", change: { kind: "DRAIN_NODE", ...node } },
    ],
    refused: [],
    policy: effectivePolicy("KUBERNETES"),
    originals: new Map([["swap-1", original.instanceId]]),
    claim,
    drain: state,
    isAsked: false,
    subjectName: "node group workers",
    now: at(4000),
    askedSince: at(4000),
  });
};

describe("an ordinary drain", () => {
  it("empties a node of 110 pods under ten budgets of one, each eviction accepted at its first try", () => {
    const played = play({ pods: crowd(11), budgets: budgetsOf(11, 1) });
    expect(played.last.verdict.kind).toBe("DRAINED");
    expect(played.sent).toHaveLength(110);
    expect(played.sent.every(({ reply }) => reply === "ACCEPTED")).toBe(true);
    expect(Math.max(...tenBudgets.map((app) => worst(played, app)))).toBe(1);
    // Lower bound: eleven rounds of three seconds.
    expect(played.seconds).toBeLessThan(60);
  });

  it("sends no more than fifty evictions in a tick", () => {
    const played = play({ pods: crowd(11), budgets: budgetsOf(11, 11) });
    const [, second] = played.ticks;
    const ofFirst = played.sent.filter(({ seconds }) => seconds < (second ?? Infinity));
    expect(ofFirst).toHaveLength(50);
    expect(played.last.verdict.kind).toBe("DRAINED");
  });

  it("says drained of a node that is empty only at a second look, five seconds after the cordon", () => {
    const played = play({ pods: [] });
    expect(played.last.verdict).toMatchObject({ kind: "DRAINED", ignored: [] });
    expect(played.seconds).toBeGreaterThanOrEqual(5);
  });
});

describe("a workload without a budget", () => {
  it("of six pods of a Deployment without a budget on one node never more than two are on their way at once", () => {
    const played = play({ pods: several(6), readyAfterSeconds: 8 });
    expect(played.last.verdict.kind).toBe("DRAINED");
    expect(worst(played, "web")).toBe(1);
  });

  it("loses a quarter at a time where others are elsewhere", () => {
    const elsewhere = several(6).map((pod) => ({
      ...pod,
      name: `${pod.name}b`,
      uid: `${pod.uid}b`,
      nodeName: "third",
    }));
    const played = play({ pods: [...several(6), ...elsewhere], readyAfterSeconds: 8 });
    expect(played.last.verdict.kind).toBe("DRAINED");
    expect(worst(played, "web")).toBe(3);
  });

  it("goes on a minute after a replacement was made that does not become Ready", () => {
    const played = play({ pods: several(3), readyAfterSeconds: 100_000 });
    expect(played.last.verdict.kind).toBe("DRAINED");
    const [first, second] = played.sent;
    expect((second?.seconds ?? 0) - (first?.seconds ?? 0)).toBeGreaterThanOrEqual(60);
  });
});

describe("webhooks and policies", () => {
  it("a webhook answers 429 for one pod: the other 109 leave without a pause", () => {
    const denied = { kind: "DENIED", by: 'Webhook "virt"', message: "not now" } as const;
    const played = play({
      pods: crowd(11),
      budgets: budgetsOf(11, 3),
      answer: ({ name }) => (name === "app0-001" ? denied : undefined),
      mostSeconds: 120,
    });
    const accepted = played.sent.filter(({ reply }) => reply === "ACCEPTED");
    expect(accepted).toHaveLength(109);
    expect(Math.max(...accepted.map(({ seconds }) => seconds))).toBeLessThan(60);
    expect(played.state.left).toBe(1);
    expect(played.state.blockers).toMatchObject([{ code: "WEBHOOK_DENIES", pod: "app0-001" }]);
  });

  it("a webhook says 500 and moves the pod itself 40 s later: the node is drained", () => {
    const moved = { kind: "DENIED", by: "Webhook", message: "moved by the operator" } as const;
    const played = play({
      pods: several(1),
      answer: () => moved,
      meanwhile: (pods, seconds) => (seconds < 40 ? pods : []),
    });
    expect(played.last.verdict.kind).toBe("DRAINED");
    expect(played.sent.length).toBeLessThanOrEqual(5);
  });

  it("a webhook is unreachable for 3 s at the first eviction: the pod is asked again, and the node is never drained with it there", () => {
    const away = { kind: "WEBHOOK_UNAVAILABLE", by: "Webhook", message: "refused" } as const;
    const played = play({
      pods: several(1),
      answer: (_, seconds) => (seconds < 3 ? away : undefined),
    });
    expect(played.sent.map(({ reply }) => reply)).toEqual(["WEBHOOK_UNAVAILABLE", "ACCEPTED"]);
    expect(played.last.verdict.kind).toBe("DRAINED");
  });

  it("a webhook that rejects evictions is a blocker by its own name", () => {
    const denied = { kind: "DENIED", by: "ValidatingAdmissionPolicy keep", message: "no" } as const;
    const stop = stopOf(play({ pods: several(1), answer: () => denied }));
    expect(stop).toMatchObject({ code: "NO_PROGRESS", error: "BrokenDeadline" });
    expect(stop.sentence).toContain(
      "ValidatingAdmissionPolicy keep denies the eviction of pod shop/web-001",
    );
  });

  it("the backend of a webhook for new pods stands on the node: it is evicted last, once its replacement could be made", () => {
    const hook = [
      aPod({ of: "hook", name: "hook-1" }),
      aPod({ of: "hook", name: "hook-2" }),
      aPod({ of: "dns", name: "dns-1", priorityClassName: "system-cluster-critical" }),
    ];
    const played = play({
      pods: [...hook, ...several(4)],
      budgets: [aBudget({ expectedPods: 4, desiredHealthy: 0, disruptionsAllowed: 4 })],
      webhookServices: [{ namespace: "shop", name: "hook", selector: { app: "hook" } }],
      readyAfterSeconds: 7,
    });
    expect(played.last.verdict.kind).toBe("DRAINED");
    expect(played.sent.map(({ pod }) => pod).slice(-3)).toEqual(["hook-1", "hook-2", "dns-1"]);
    const [one, two, three] = played.sent.slice(-3).map(({ seconds }) => seconds);
    expect((two ?? 0) - (one ?? 0)).toBeGreaterThanOrEqual(7);
    expect((three ?? 0) - (two ?? 0)).toBeGreaterThanOrEqual(7);
  });
});

describe("names that are used again", () => {
  it("a UID that is another pod's has cost a neighbour's slot: the budget is left alone until it is back, at most three tries in two minutes", () => {
    const played = play({
      pods: several(3),
      budgets: [aBudget()],
      answer: () => ({ kind: "OTHER_POD" }),
      mostSeconds: 120,
    });
    expect(played.sent.length).toBeLessThanOrEqual(3);
    expect(played.state.blockers[0]?.sentence).toContain("by us");
  });
});

describe("names that are used again, for pods that are not running", () => {
  it("five Pending pods made again under the same name between list and eviction: the tick stays within 45 s", () => {
    const played = play({
      pods: several(5, { phase: "Pending" }),
      answer: () => ({ kind: "OTHER_POD" }),
      answersAfterSeconds: 10,
      mostSeconds: 300,
    });
    expect(played.longestTick).toBeLessThanOrEqual(45);
    const busy = play({ pods: crowd(11), answersAfterSeconds: 10, mostSeconds: 300 });
    expect(busy.longestTick).toBeLessThanOrEqual(45);
  });

  it("a StatefulSet pod made again with the same name and another UID is another pod", () => {
    const owner = { apiVersion: "apps/v1", kind: "StatefulSet", name: "db", uid: "sts-db" };
    const uids: string[] = [];
    const played = play({
      pods: [aPod({ name: "db-0", owner })],
      answer: ({ uid }) => {
        uids.push(uid);
        return undefined;
      },
      remake: (pod) => ({ ...pod, name: "db-0", uid: "uid-again" }),
    });
    expect(played.last.verdict.kind).toBe("DRAINED");
    expect(uids).toEqual(["uid-db-0"]);
  });
});

describe("unhealthy pods and nodes", () => {
  it("an unhealthy pod leaves past its budget where that says AlwaysAllow", () => {
    const budget = { desiredHealthy: 1, disruptionsAllowed: 0, currentHealthy: 0, expectedPods: 2 };
    const pods = several(2, { isReady: false });
    const held = play({ pods, budgets: [aBudget(budget)], mostSeconds: 30 });
    expect(held.sent).toEqual([]);
    const unhealthyPodEvictionPolicy = "AlwaysAllow";
    const allowed = play({ pods, budgets: [aBudget({ ...budget, unhealthyPodEvictionPolicy })] });
    expect(allowed.last.verdict.kind).toBe("DRAINED");
  });

  it("a node that turns NotReady mid-drain is never ended on that alone", () => {
    const lastTransitionTime = at(0);
    const silent: NodeFacts = {
      ...cordoned,
      conditions: [{ type: "Ready", status: "Unknown", lastTransitionTime }],
    };
    const ground = {
      pods: several(1, { deletionTimestamp: at(30), finalizers: ["never/ends"] }),
      old: () => silent,
    };
    expect(stopOf(play(ground)).code).toBe("NO_PROGRESS");
    const dead = play({ ...ground, isImpaired: true });
    expect(dead.last.verdict).toMatchObject({ kind: "DRAINED", ignored: ["shop/web-001"] });
    expect(dead.seconds).toBeGreaterThan(300);
  });
});

describe("an answer of the API", () => {
  it("a node is not ended before its pods are gone (NTH #355)", () => {
    const played = play({
      pods: several(1, { terminationGracePeriodSeconds: 120 }),
      endsAfterSeconds: 100,
    });
    expect(played.sent).toHaveLength(1);
    expect(played.last.verdict.kind).toBe("DRAINED");
    expect(played.seconds).toBeGreaterThanOrEqual(102);
  });

  it("an API server that answers 5xx for ten minutes never makes a node drained", () => {
    const played = play({
      pods: several(1),
      answer: (_, seconds) =>
        seconds < 600 ? { kind: "UNKNOWN", message: "503 Service Unavailable" } : undefined,
    });
    expect(played.last.verdict.kind).toBe("DRAINED");
    expect(played.seconds).toBeGreaterThan(600);
  });
});

describe("the server's own limit", () => {
  it("a 429 as plain text pauses the whole tick, a 429 as JSON does not", () => {
    const played = play({
      pods: crowd(1),
      answer: (_, seconds) =>
        seconds < 1 ? { kind: "THROTTLED", retryAfterSeconds: 7 } : undefined,
    });
    const denied = { kind: "DENIED", by: "Webhook", message: "429" } as const;
    const json = play({
      pods: crowd(1),
      answer: ({ name }) => (name === "app0-001" ? denied : undefined),
      mostSeconds: 20,
    });
    expect(json.sent.filter(({ seconds }) => seconds <= 2).length).toBeGreaterThanOrEqual(10);
    const after = played.sent.filter(({ seconds }) => seconds > 0);
    expect(Math.min(...after.map(({ seconds }) => seconds))).toBeGreaterThanOrEqual(7);
    expect(played.last.verdict.kind).toBe("DRAINED");
  });
});

describe("an answer that did not come", () => {
  it("makes nobody evict a pod twice that the next list shows on its way out", () => {
    let isLost = true;
    const played = play({
      pods: several(1, { terminationGracePeriodSeconds: 30 }),
      endsAfterSeconds: 20,
      answer: () => (isLost ? { kind: "UNKNOWN", message: "time-out" } : undefined),
      meanwhile: (pods, seconds) =>
        pods.map((pod) => {
          isLost = false;
          return pod.nodeName === newNode || seconds < 2 || pod.deletionTimestamp !== undefined
            ? pod
            : { ...pod, deletionTimestamp: at(30) };
        }),
    });
    expect(played.sent.length).toBeLessThanOrEqual(1);
    expect(played.last.verdict.kind).toBe("DRAINED");
  });
});

describe("replacements", () => {
  const unschedulable = (pod: PodFacts): PodFacts => {
    const { nodeName: _, ...rest } = pod;
    const message = "0/3 nodes are available: 3 Insufficient cpu.";
    return {
      ...rest,
      phase: "Pending",
      conditions: [
        {
          type: "PodScheduled",
          status: "False",
          reason: "Unschedulable",
          message,
          lastTransitionTime: pod.createdAt,
        },
      ],
    };
  };

  it("a replacement unschedulable five minutes after the first eviction: rolled back, the old node uncordoned first, the scheduler quoted", () => {
    const played = play({
      pods: several(12),
      budgets: [
        aBudget({
          expectedPods: 12,
          desiredHealthy: 0,
          disruptionsAllowed: 12,
          maxUnavailable: "100%",
        }),
      ].map((budget) => ({ ...budget, desiredHealthy: 10, disruptionsAllowed: 2 })),
      remake: unschedulable,
    });
    const stop = stopOf(played);
    expect(stop).toMatchObject({ code: "REPLACEMENT_UNSCHEDULABLE", error: "BrokenReplacement" });
    expect(stop.sentence).toContain("3 Insufficient cpu");
    expect(played.sent).toHaveLength(2);
    expect(firstOfUndo(played)).toMatchObject({ kind: "ACT", action: { kind: "UNCORDON" } });
    expect(played.seconds).toBeGreaterThanOrEqual(300);
    expect(played.seconds).toBeLessThan(400);
  });

  it("a full quota: the replacement is never made, the owner's count shows it, evictions stop", () => {
    const played = play({ pods: several(3), remake: () => undefined });
    const stop = stopOf(played);
    expect(stop.code).toBe("REPLACEMENT_NOT_CREATED");
    expect(stop.sentence).toContain("Deployment shop/web has made 0 pods for 1 that were evicted");
    expect(played.sent).toHaveLength(1);
    expect(played.seconds).toBeLessThan(400);
  });

  it("are not missed where the workload was scaled down after they had come up", () => {
    const played = play({
      pods: several(4),
      meanwhile: (pods, seconds) =>
        seconds < 20 ? pods : pods.filter(({ nodeName }) => nodeName !== newNode),
    });
    expect(played.last.verdict.kind).toBe("DRAINED");
  });
});

describe("a budget whose controller is behind", () => {
  it("the controller manager stands still and a pod crashed: our own count holds the eviction that the API would grant", () => {
    const [crashed, ...healthy] = several(3);
    const played = play({
      pods: [...healthy, { ...(crashed ?? aPod()), nodeName: "third", conditions: [] }],
      budgets: [aBudget()],
      isControllerDown: true,
      mostSeconds: 60,
    });
    expect(played.sent).toEqual([]);
    expect(played.state.blockers).toMatchObject([{ code: "BUDGET", budget: "shop/web" }]);
    expect(played.state.blockers[0]?.sentence).toContain("2 healthy, 2 wanted");
  });

  it("is told to be down when its last change was not looked at for two minutes", () => {
    const played = play({
      pods: several(3),
      budgets: [aBudget({ generation: 2 })],
      isControllerDown: true,
      mostSeconds: 180,
    });
    expect(played.sent).toEqual([]);
    expect(played.state.blockers).toMatchObject([{ code: "BUDGET_CONTROLLER_DOWN", since: at(0) }]);
  });

  it("a budget over Job pods whose sync fails is refused, and is a blocker within a minute where it appears mid-drain", () => {
    const conditions = [
      { type: "DisruptionAllowed", status: "False" as const, reason: "SyncFailed" },
    ];
    const budgets = [aBudget({ conditions })];
    const view = { budgets, daemonSets: [], volumes: [] };
    const policy = effectivePolicy("KUBERNETES");
    expect(classifyPod(aPod({ of: "web" }), { view, policy, now: at(0) })).toMatchObject({
      kind: "HELD",
      code: "BUDGET_NEVER_ALLOWS",
    });
    const failed = { kind: "BUDGET", message: "failed sync", isSyncFailed: true } as const;
    const early = play({
      pods: several(3),
      budgets: [aBudget()],
      answer: () => failed,
      mostSeconds: 50,
    });
    expect(early.state.blockers).toMatchObject([{ code: "BUDGET_SYNC_FAILED", isLasting: true }]);
    const stop = stopOf(play({ pods: several(3), budgets: [aBudget()], answer: () => failed }));
    expect(stop.code).toBe("POD_BLOCKED");
    expect(stop.sentence).toContain("integer minAvailable");
  });
});

describe("a pod that does not end", () => {
  it("a namespace is deleted mid-drain with pods that have finalizers: it waits, tells StuckTerminating, and finishes", () => {
    const played = play({
      pods: several(1, { finalizers: ["shop/keep"], deletionTimestamp: at(30) }),
      mostSeconds: 1800,
    });
    expect(played.last.verdict).toMatchObject({ kind: "DRAINED", ignored: ["shop/web-001"] });
    // Its grace, a minute, and five minutes as stuck.
    expect(played.seconds).toBeGreaterThanOrEqual(30 + 60 + 300);
    expect(played.sent).toEqual([]);
  });

  it("a pod that terminates with a finalizer holds the node until it is stuck, and is told", () => {
    const played = play({
      pods: several(1, { finalizers: ["shop/keep"], deletionTimestamp: at(30) }),
      mostSeconds: 120,
    });
    expect(played.state.blockers).toMatchObject([{ code: "STUCK_TERMINATING" }]);
    expect(played.state.blockers[0]?.sentence).toContain("its finalizers keep it: shop/keep");
  });

  it("within a grace of half an hour is not taken for a standstill", () => {
    const played = play({
      pods: several(1, { terminationGracePeriodSeconds: 2400 }),
      endsAfterSeconds: 2300,
    });
    expect(played.last.verdict.kind).toBe("DRAINED");
    expect(played.seconds).toBeGreaterThan(2300);
  });
});
