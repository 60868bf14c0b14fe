import { describe, expect, it } from "@jest/globals";
import { expectedNode } from "../../../../core/decide/kubernetes/new-node.ts";
import { whyTopologyBlocks } from "../../../../core/decide/kubernetes/topology.ts";
import { trimView } from "../../../../core/decide/kubernetes/trim-view.ts";
import type { PodFacts, TopologySpreadFacts } from "../../../../core/model/kubernetes/pod.ts";
import { aBudget } from "./objects.ts";
import { nodes, plainView, podOn } from "./plain-nodes.ts";

const hard: TopologySpreadFacts = {
  maxSkew: 1,
  topologyKey: "kubernetes.io/hostname",
  whenUnsatisfiable: "DoNotSchedule",
  labelSelector: { matchLabels: { app: "web" } },
};

const podsOn = (
  counts: readonly number[],
  spread: Partial<TopologySpreadFacts>,
): readonly PodFacts[] =>
  counts.flatMap((count, index) =>
    Array.from({ length: count }, (_none, number) =>
      podOn(index + 1, {
        name: `web-${String(index)}-${String(number)}`,
        placement: {
          tolerations: [],
          hostPorts: [],
          requests: {},
          topologySpread: [{ ...hard, ...spread }],
        },
      }),
    ),
  );

const why = (
  counts: readonly number[],
  spread: Partial<TopologySpreadFacts> = {},
): string | undefined => {
  const [node] = nodes;
  const pods = podsOn(counts, spread);
  const [pod] = pods;
  if (node === undefined || pod === undefined) throw new Error("There is nothing to ask about.");
  const view = { ...plainView, nodes: nodes.slice(0, counts.length), pods };
  return whyTopologyBlocks(pod, { view, node, expected: expectedNode(node, {}) });
};

describe("hard topology spread over host names", () => {
  it("would stop a drain of four pods on each of three nodes, as the real scheduler does", () => {
    expect(why([4, 4, 4])).toContain(
      "Pod shop/web-0-0 and 3 more like it on node node-1 are spread over host names with maxSkew 1",
    );
  });

  it.each<[string, readonly number[], Partial<TopologySpreadFacts>]>([
    ["taints are honoured", [4, 4, 4], { nodeTaintsPolicy: "Honor" }],
    ["it is a wish", [4, 4, 4], { whenUnsatisfiable: "ScheduleAnyway" }],
    ["it is over zones", [4, 4, 4], { topologyKey: "topology.kubernetes.io/zone" }],
    ["one pod is on each", [1, 1, 1], {}],
    ["the skew allows it", [4, 4, 4], { maxSkew: 4 }],
  ])("does not where %s", (_name, counts, spread) => {
    expect(why(counts, spread)).toBeUndefined();
  });

  it("would where fewer domains than wanted are there", () => {
    expect(why([2, 1], { minDomains: 5 })).toBeDefined();
  });
});

describe("a trimmed view", () => {
  it("keeps of a cluster what its nodes' pods have to do with", () => {
    const others = [
      podOn(2, { name: "db-1", of: "db" }),
      podOn(3, { name: "guarded", of: "guarded", labels: { tier: "front" } }),
    ];
    const here = podOn(1, { labels: { tier: "front" } });
    const budget = aBudget({ name: "front", selector: { matchLabels: { tier: "front" } } });
    const view = {
      ...plainView,
      pods: [here, podOn(4), ...others],
      budgets: [budget, aBudget({ name: "db" })],
    };
    const trimmed = trimView(view, ["node-1"]);
    expect(trimmed.pods.map(({ name }) => name)).toEqual(["web-1", "web-4", "guarded"]);
    expect(trimmed.budgets).toEqual([budget]);
    expect(trimmed.nodes).toHaveLength(4);
  });
});
