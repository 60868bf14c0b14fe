/** Bad days of drains that were reported in public, or tried on a real cluster: each test's name is what must happen. */
import { describe, expect, it } from "@jest/globals";
import type { PodFacts } from "../../../../../core/model/kubernetes/pod.ts";
import { aBudget, aPod, at, newNode, type PodSketch } from "../objects.ts";
import { play, type Played } from "./playground.ts";

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
  it("loses one pod at a time where all of its pods are here", () => {
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
  it("let the 109 others leave without a pause when one pod's eviction is denied with 429", () => {
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

  it("may move the pod themselves: it counts as drained once it has left", () => {
    const moved = { kind: "DENIED", by: "Webhook", message: "moved by the operator" } as const;
    const played = play({
      pods: several(1),
      answer: () => moved,
      meanwhile: (pods, seconds) => (seconds < 40 ? pods : []),
    });
    expect(played.last.verdict.kind).toBe("DRAINED");
    expect(played.sent.length).toBeLessThanOrEqual(5);
  });

  it("are asked again when they were unreachable for three seconds, and the node is not drained meanwhile", () => {
    const away = { kind: "WEBHOOK_UNAVAILABLE", by: "Webhook", message: "refused" } as const;
    const played = play({
      pods: several(1),
      answer: (_, seconds) => (seconds < 3 ? away : undefined),
    });
    expect(played.sent.map(({ reply }) => reply)).toEqual(["WEBHOOK_UNAVAILABLE", "ACCEPTED"]);
    expect(played.last.verdict.kind).toBe("DRAINED");
  });

  it("that deny for good end the drain by name once nothing has moved for fifteen minutes", () => {
    const denied = { kind: "DENIED", by: "ValidatingAdmissionPolicy keep", message: "no" } as const;
    const stop = stopOf(play({ pods: several(1), answer: () => denied }));
    expect(stop).toMatchObject({ code: "NO_PROGRESS", error: "BrokenDeadline" });
    expect(stop.sentence).toContain(
      "ValidatingAdmissionPolicy keep denies the eviction of pod shop/web-001",
    );
  });

  it("leave last, and the next one only when the one before is Ready elsewhere", () => {
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
  it("don't make a tick longer than 45 s, and stop further tries at that budget while its disruption is spent", () => {
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

describe("the server's own limit", () => {
  it("pauses everything", () => {
    const played = play({
      pods: crowd(1),
      answer: (_, seconds) =>
        seconds < 1 ? { kind: "THROTTLED", retryAfterSeconds: 7 } : undefined,
    });
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

  it("that find no node stop further evictions after 30 s, and end the drain after five minutes with the scheduler's words", () => {
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
    expect(played.seconds).toBeGreaterThanOrEqual(300);
    expect(played.seconds).toBeLessThan(400);
  });

  it("that are never made, because a quota is full, are missed by their owner's count", () => {
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
  it("does not get an eviction granted that its own pods speak against", () => {
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

  it("that fails to count is named within a minute, and ends the drain after five", () => {
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
  it("in a namespace that is deleted is waited for, told to be stuck, and then left alone", () => {
    const played = play({
      pods: several(1, { finalizers: ["shop/keep"], deletionTimestamp: at(30) }),
      mostSeconds: 1800,
    });
    expect(played.last.verdict).toMatchObject({ kind: "DRAINED", ignored: ["shop/web-001"] });
    // Its grace, a minute, and five minutes as stuck.
    expect(played.seconds).toBeGreaterThanOrEqual(30 + 60 + 300);
    expect(played.sent).toEqual([]);
  });

  it("is reported with what keeps it", () => {
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
