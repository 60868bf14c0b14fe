import { describe, expect, it } from "@jest/globals";
import { planDrainPass } from "../../../../../core/decide/kubernetes/drain/pass.ts";
import { beginDrain, beginTick } from "../../../../../core/decide/kubernetes/drain/tick.ts";
import type { PodStanding } from "../../../../../core/decide/kubernetes/pods/standing.ts";
import type { Blocker } from "../../../../../core/model/kubernetes/drain.ts";
import type { PodFacts } from "../../../../../core/model/kubernetes/pod.ts";
import { aBudget, aNode, aPod, at, newNode } from "../objects.ts";
import { claim, cordoned, joined, limits, original } from "./playground.ts";

/** Allows none. */
const budget = aBudget({ disruptionsAllowed: 0 });
const guarded: PodStanding = { kind: "EVICTABLE", budget, takesSlot: true };
const web = ["web-1", "web-2"].map((name) => aPod({ name, of: "web" }));
const minutes = 60;

interface Scene {
  readonly pods?: readonly PodFacts[];
  readonly standings?: Readonly<Record<string, PodStanding>>;
  readonly refused?: Blocker["code"];
  readonly atSecond?: number;
  readonly isAgreed?: boolean;
}

const passOf = ({
  pods = web,
  standings = {},
  refused,
  atSecond = 30 * minutes + 60,
  isAgreed = true,
}: Scene) => {
  const now = at(atSecond);
  const refusals: readonly Blocker[] =
    refused === undefined
      ? []
      : [{ namespace: "shop", pod: "web-1", code: refused, sentence: "No.", since: at(0) }];
  return planDrainPass({
    view: {
      nodes: [cordoned, aNode({ name: newNode })],
      pods,
      budgets: [budget],
      daemonSets: [],
      volumes: [],
      csiNodes: [],
    },
    original,
    joined,
    claim,
    instance: { state: "running", isInterrupted: false },
    limits: { ...limits, noProgressMinutes: 60, deletePodsAtDeadline: isAgreed },
    standingOf: ({ name }) => standings[name] ?? guarded,
    state: { ...beginDrain(at(0)), graceSeconds: 30 },
    memory: { ...beginTick(beginDrain(at(0)), now), refusals },
    now,
  });
};

const deleted = (scene: Scene) =>
  passOf(scene).evict.map(({ name, graceSeconds }) => [name, graceSeconds]);

describe("deletions at the deadline of a node", () => {
  it("take one of a workload at a time, with its own grace", () => {
    expect(deleted({})).toEqual([["web-1", 30]]);
  });

  it("leave no more grace than the node has time, and never none", () => {
    const slow = web.map((pod) => ({ ...pod, terminationGracePeriodSeconds: 300 }));
    expect(deleted({ pods: slow, atSecond: 39 * minutes })).toEqual([["web-1", 60]]);
    const abrupt = web.map((pod) => ({ ...pod, terminationGracePeriodSeconds: 0 }));
    expect(deleted({ pods: abrupt })).toEqual([["web-1", 1]]);
  });

  it.each<[string, Scene]>([
    ["before it", { atSecond: 30 * minutes - 1 }],
    ["where nobody has agreed", { isAgreed: false }],
    [
      "where a pod must not be disrupted",
      {
        standings: {
          "web-2": { kind: "HELD", code: "POD_NOT_TO_DISRUPT", sentence: "No.", isLasting: true },
        },
      },
    ],
    ["where an operator's webhook speaks for a pod", { refused: "WEBHOOK_DENIES" }],
    ["where the webhook can't be asked", { refused: "WEBHOOK_UNAVAILABLE" }],
    ["where two budgets match a pod", { refused: "SEVERAL_BUDGETS" }],
    [
      "while one of the workload is on its way out",
      {
        pods: web.map((pod, index) =>
          index === 0 ? { ...pod, deletionTimestamp: at(30 * minutes + 90) } : pod,
        ),
        standings: { "web-1": { kind: "TERMINATING", overdueAt: at(31 * minutes + 90) } },
      },
    ],
    [
      "while its successor has not settled",
      {
        pods: [
          ...web,
          aPod({
            name: "web-3",
            of: "web",
            nodeName: newNode,
            isReady: false,
            createdAt: at(30 * minutes + 30),
          }),
        ],
      },
    ],
  ])("are not made %s", (_when, scene) => {
    expect(deleted(scene)).toEqual([]);
  });

  it("give the node back ten minutes later, and at once where it would not be empty after them", () => {
    expect(passOf({ atSecond: 40 * minutes }).verdict).toMatchObject({ code: "DRAIN_DEADLINE" });
    expect(passOf({ refused: "WEBHOOK_DENIES" }).verdict).toMatchObject({ code: "DRAIN_DEADLINE" });
  });
});
