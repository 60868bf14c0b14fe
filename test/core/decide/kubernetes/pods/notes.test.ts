import { describe, expect, it } from "@jest/globals";
import { noteOn } from "../../../../../core/decide/kubernetes/pods/notes.ts";
import { trimView } from "../../../../../core/decide/kubernetes/trim-view.ts";
import type { PodFacts } from "../../../../../core/model/kubernetes/pod.ts";
import { aBudget, aPod, newNode, oldNode, type PodSketch } from "../objects.ts";
import { plainView } from "../plain-nodes.ts";

/** Of the readiness gate of a pod that is a target by its address. */
const gate = { type: "target-health.elbv2.k8s.aws/k8s-shop-web-1a2b3c", status: "True" } as const;
const ready = { type: "Ready", status: "True" } as const;

/** One of two, on the node that goes; beside a low one elsewhere. */
const notesOn = (sketch: PodSketch, low: Partial<PodFacts> = {}): readonly string[] => {
  const pod = aPod({ of: "web", ...sketch });
  const pods = [
    pod,
    aPod({ of: "web", name: "web-2", nodeName: newNode }),
    aPod({ of: "low", name: "low", nodeName: newNode, ...low }),
  ];
  const view = { ...plainView, pods, budgets: [aBudget()] };
  return noteOn(pod, trimView(view, [oldNode]));
};

describe("what the owner of a pod is told before it moves", () => {
  it("is nothing of one that is as most are", () => {
    expect(notesOn({})).toEqual([]);
  });

  it.each<readonly [string, PodSketch, string | undefined]>([
    [
      "a target by its address that ends before its balancer has noticed",
      { conditions: [ready, gate], terminationGracePeriodSeconds: 10 },
      "ends within 10 s",
    ],
    [
      "one whose grace is long enough",
      { conditions: [ready, gate], terminationGracePeriodSeconds: 15 },
      undefined,
    ],
    [
      "one that ends soon and is not such a target",
      { terminationGracePeriodSeconds: 1 },
      undefined,
    ],
    [
      "sidecars that end with a short grace",
      { sidecars: ["istio-proxy"], terminationGracePeriodSeconds: 20 },
      "sidecars (istio-proxy) and a grace of 20 s",
    ],
    ["sidecars with the usual grace", { sidecars: ["istio-proxy"] }, undefined],
    [
      "a priority above that of others",
      { priority: 1000, priorityClassName: "gold" },
      "(priority class gold, 1000) may push out pods of lower priority (0)",
    ],
    [
      "a priority that pushes nobody out",
      { priority: 1000, priorityClassName: "gold", preempts: false },
      undefined,
    ],
    [
      "what is critical for the cluster",
      { priority: 2_000_000_000, priorityClassName: "system-cluster-critical" },
      undefined,
    ],
  ])("of %s", (_what, sketch, sentence) => {
    const notes = notesOn(sketch);
    if (sentence === undefined) expect(notes).toEqual([]);
    else expect(notes).toEqual([expect.stringContaining(sentence)]);
  });

  it("is of pods elsewhere that can be pushed out, and not of such on the node that goes itself", () => {
    expect(notesOn({}, { priority: -10 })).toEqual([
      expect.stringContaining("lower priority (-10)"),
    ]);
    expect(notesOn({}, { priority: -10, nodeName: oldNode })).toEqual([]);
  });
});
