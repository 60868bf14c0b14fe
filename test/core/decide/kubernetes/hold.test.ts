import { describe, expect, it } from "@jest/globals";
import { claimAnnotation } from "../../../../core/decide/kubernetes/claims.ts";
import { nodesToHold } from "../../../../core/decide/kubernetes/hold.ts";
import type { NodeFacts } from "../../../../core/model/kubernetes/node.ts";
import type { PodFacts } from "../../../../core/model/kubernetes/pod.ts";
import { effectivePolicy } from "../../../../core/policy/policy.ts";
import { aNode, at, instanceIdOf } from "./objects.ts";
import { nodes, plainView, podOn } from "./plain-nodes.ts";

const claim = "dpl-0123456789#7";

const [first, ...others] = nodes;
const later = others.map(({ name, uid }, index) => ({
  name,
  uid,
  instanceId: instanceIdOf(index + 2),
}));

const fresh: NodeFacts = { ...(others.at(-1) ?? aNode()), name: "fresh", uid: "uid-fresh" };

/** Names of those that are held while the first is drained. */
const held = (
  shown: readonly NodeFacts[],
  pods: readonly PodFacts[] = [podOn(1)],
): readonly string[] => {
  if (first === undefined) throw new Error("There is no node.");
  return nodesToHold({
    view: { ...plainView, nodes: [first, ...shown, fresh], pods },
    nodeName: first.name,
    policy: effectivePolicy("KUBERNETES"),
    cluster: { name: "prod", version: "1.35" },
    at: at(0),
    later,
    joined: { name: fresh.name, uid: fresh.uid, instanceId: instanceIdOf(5) },
    claim,
  }).map(({ name }) => name);
};

const firstLater = (over: (node: NodeFacts) => Partial<NodeFacts>): readonly NodeFacts[] =>
  others.map((node, index) => (index === 0 ? { ...node, ...over(node) } : node));

describe("nodes that go later", () => {
  it("are held while one is drained", () => {
    expect(held(others)).toEqual(["node-2", "node-3", "node-4"]);
  });

  it.each<[string, (node: NodeFacts) => Partial<NodeFacts>]>([
    ["was cordoned by somebody", () => ({ isUnschedulable: true })],
    [
      "is claimed by another deployment",
      ({ annotations }) => ({ annotations: { ...annotations, [claimAnnotation]: "dpl-other#1" } }),
    ],
    [
      "is taken away by Cluster Autoscaler",
      () => ({ taints: [{ key: "ToBeDeletedByClusterAutoscaler", effect: "NoSchedule" }] }),
    ],
    ["has joined anew", () => ({ uid: "another" })],
  ])("one that %s is left as it is", (_what, over) => {
    expect(held(firstLater(over))).toEqual(["node-3", "node-4"]);
  });

  it("none is where the pods of the node that goes need its place", () => {
    const spread = {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app: "web" } },
    };
    const placement = { tolerations: [], hostPorts: [], requests: {}, topologySpread: [spread] };
    const pods = ["web-1", "web-2"].map((name) => podOn(1, { name, of: "web", placement }));
    expect(held(others, pods)).toEqual([]);
  });
});
