import { describe, expect, it } from "@jest/globals";
import { withPlace } from "../../../../../core/decide/kubernetes/undo/place-back.ts";
import type { NodeFacts } from "../../../../../core/model/kubernetes/node.ts";
import type { PodFacts } from "../../../../../core/model/kubernetes/pod.ts";
import { aNode, aPod, newNode, oldNode } from "../objects.ts";
import { plainView } from "../plain-nodes.ts";

const cores = (cpu: number) => ({
  tolerations: [],
  topologySpread: [],
  hostPorts: [],
  requests: { cpu },
});

const podOn = (nodeName: string | undefined, name: string, cpu = 1): PodFacts => {
  const { nodeName: _none, ...pod } = aPod({ name, of: "web", placement: cores(cpu) });
  return nodeName === undefined ? { ...pod, phase: "Pending" } : { ...pod, nodeName };
};

const moved = ["web-1", "web-2", "web-3"].map((name) => podOn(newNode, name));

const placed = (
  old: Partial<NodeFacts>,
  others: readonly PodFacts[] = [],
  pods: readonly PodFacts[] = moved,
): readonly string[] => {
  const nodes = [aNode({ ...old }), aNode({ name: newNode })];
  const view = { ...plainView, nodes, pods: [...others, ...pods] };
  return withPlace(pods, view, { name: newNode }).map(({ name }) => name);
};

describe("pods that go back from a replacement", () => {
  it("are as many as there is room for elsewhere, one after the other", () => {
    expect(placed({})).toEqual(["web-1", "web-2", "web-3"]);
    expect(placed({}, [podOn(oldNode, "batch", 2)])).toEqual(["web-1", "web-2"]);
    expect(placed({}, [podOn(oldNode, "batch", 4)])).toEqual([]);
    expect(placed({ allocatable: { cpu: 4, memory: 16e9, pods: 1 } })).toEqual(["web-1"]);
  });

  it("come after those that wait for a node already", () => {
    expect(placed({}, [podOn(undefined, "batch", 3)])).toEqual(["web-1"]);
    // It fits nowhere, and takes nothing.
    expect(placed({}, [podOn(undefined, "batch", 9)])).toHaveLength(3);
  });

  it("do not go to a node that takes none, that is not theirs, or that their volumes can't reach", () => {
    expect(placed({ isUnschedulable: true })).toEqual([]);
    expect(placed({ conditions: [{ type: "Ready", status: "Unknown" }] })).toEqual([]);
    expect(placed({ taints: [{ key: "team", value: "db", effect: "NoSchedule" }] })).toEqual([]);
    const [first] = moved;
    if (first === undefined) throw new Error("there is no pod");
    const bound = { ...first, volumes: { claims: ["data"], hasEmptyDir: false, hostPaths: [] } };
    const zone = { key: "topology.kubernetes.io/zone", operator: "In", values: ["eu-west-1b"] };
    const volume = {
      name: "pv-1",
      claim: { namespace: "shop", name: "data" },
      isOnNode: false,
      nodeSelectorTerms: [{ matchExpressions: [zone] }],
    };
    const nodes = [aNode(), aNode({ name: newNode })];
    const view = { ...plainView, nodes, pods: [bound], volumes: [volume] };
    expect(withPlace([bound], view, { name: newNode })).toEqual([]);
  });
});
