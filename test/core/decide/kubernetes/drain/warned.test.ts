import { describe, expect, it } from "@jest/globals";
import { beginDrain, beginTick } from "../../../../../core/decide/kubernetes/drain/tick.ts";
import { lookAtWarned } from "../../../../../core/decide/kubernetes/drain/warned.ts";
import { classifyPod } from "../../../../../core/decide/kubernetes/pods/classify.ts";
import type { Blocker } from "../../../../../core/model/kubernetes/drain.ts";
import type { BudgetFacts } from "../../../../../core/model/kubernetes/budget.ts";
import type { PodFacts } from "../../../../../core/model/kubernetes/pod.ts";
import { effectivePolicy } from "../../../../../core/policy/policy.ts";
import { aBudget, aNode, aPod, at, instanceIdOf, oldNode } from "../objects.ts";

const policy = effectivePolicy("KUBERNETES");
const now = at(60);

interface Scene {
  readonly pods: readonly PodFacts[];
  readonly budgets?: readonly BudgetFacts[];
  readonly accepted?: readonly string[];
  readonly refusals?: readonly Blocker[];
  readonly pausedUntil?: string;
}

const lookOf = ({ pods, budgets = [], ...memory }: Scene) => {
  const view = { nodes: [aNode()], pods, budgets, daemonSets: [], volumes: [], csiNodes: [] };
  const state = beginDrain(at(0));
  return lookAtWarned({
    view,
    node: { name: oldNode, uid: "uid-old", instanceId: instanceIdOf(1) },
    state,
    memory: { ...beginTick(state, now), ...memory },
    standingOf: (pod) => classifyPod(pod, { view, policy, now }),
    now,
  });
};

const evicted = (scene: Scene): readonly string[] => lookOf(scene).evict.map(({ name }) => name);

const web = (index: number, over: Parameters<typeof aPod>[0] = {}): PodFacts =>
  aPod({ name: `web-${String(index)}`, of: "web", ...over });

const refusal: Blocker = {
  namespace: "shop",
  pod: "web-1",
  code: "BUDGET",
  sentence: "Pod shop/web-1 waits for its budget.",
  since: at(50),
  retryAt: at(65),
};

describe("of a node that EC2 takes back", () => {
  it("as many leave as their budget allows, and all that have none", () => {
    const pods = [web(1), web(2), web(3), aPod({ name: "api-1", of: "api" })];
    const budgets = [aBudget({ disruptionsAllowed: 2 })];
    expect(evicted({ pods, budgets })).toEqual(["web-1", "web-2", "api-1"]);
  });

  it("what others need to be made again goes last, and is not waited for", () => {
    const critical = aPod({
      name: "dns-1",
      of: "dns",
      priorityClassName: "system-cluster-critical",
    });
    expect(evicted({ pods: [critical, web(1)] })).toEqual(["web-1", "dns-1"]);
  });

  it("what ends with it in any case goes too", () => {
    const pods = [
      web(1, { volumes: { claims: [], hasEmptyDir: true, hostPaths: [] } }),
      web(2, { isOfGang: true }),
    ];
    expect(evicted({ pods })).toEqual(["web-1", "web-2"]);
  });

  it.each<readonly [string, PodFacts, string]>([
    [
      "asks not to be disrupted",
      web(1, { annotations: { "karpenter.sh/do-not-disrupt": "true" } }),
      "POD_NOT_TO_DISRUPT",
    ],
    ["nobody makes again", aPod({ name: "web-1" }), "POD_WITHOUT_CONTROLLER"],
    ["is on its way out", web(1, { deletionTimestamp: at(90) }), "TERMINATING"],
  ])("one stays that %s, and is told of", (_, pod, code) => {
    const look = lookOf({ pods: [pod] });
    expect(look.evict).toEqual([]);
    expect(look.state).toMatchObject({ left: 1, blockers: [{ pod: "web-1", code }] });
  });

  it.each([
    ["the API has refused a moment ago", { refusals: [refusal] }],
    ["the API has accepted", { accepted: ["uid-web-1"] }],
    ["come while the API asks for a pause", { pausedUntil: at(62) }],
  ])("those are not asked again that %s", (_, memory) => {
    expect(evicted({ pods: [web(1)], ...memory })).toEqual([]);
  });

  it("a refusal is told as long as its pod is there", () => {
    expect(lookOf({ pods: [web(1)], refusals: [refusal] }).state.blockers).toEqual([refusal]);
    expect(lookOf({ pods: [], refusals: [refusal] }).state).toMatchObject({
      left: 0,
      blockers: [],
    });
  });
});
