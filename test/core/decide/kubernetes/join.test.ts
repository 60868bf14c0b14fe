import { describe, expect, it } from "@jest/globals";
import { judgeJoin, type JoinInput } from "../../../../core/decide/kubernetes/join.ts";
import type { ClusterView } from "../../../../core/model/kubernetes/cluster.ts";
import type { NodeFacts, PersistentVolumeFacts } from "../../../../core/model/kubernetes/node.ts";
import type { PodFacts } from "../../../../core/model/kubernetes/pod.ts";
import type { DaemonSetFacts } from "../../../../core/model/kubernetes/workload.ts";
import { aNode, aPod, at, instanceIdOf, newNode, oldNode } from "./objects.ts";

const old = aNode();
const ready = (seconds: number): Partial<NodeFacts> => ({
  conditions: [{ type: "Ready", status: "True", lastTransitionTime: at(seconds) }],
});
const fresh = (over: Partial<NodeFacts> = {}): NodeFacts =>
  aNode({
    name: newNode,
    providerID: "aws:///eu-west-1a/i-00000000000000002",
    ...ready(-60),
    ...over,
  });

const agent: DaemonSetFacts = {
  namespace: "kube-system",
  name: "aws-node",
  uid: "ds-agent",
  placement: { tolerations: [{ operator: "Exists" }] },
};

const agentOn = (nodeName: string, isReady = true): PodFacts =>
  aPod({
    namespace: "kube-system",
    name: `agent-${nodeName}`,
    nodeName,
    isReady,
    owner: { apiVersion: "apps/v1", kind: "DaemonSet", name: "aws-node", uid: "ds-agent" },
  });

const volume: PersistentVolumeFacts = {
  name: "pv-1",
  driver: "ebs.csi.aws.com",
  claim: { namespace: "shop", name: "data" },
  isOnNode: false,
  nodeSelectorTerms: [],
};

const withData = aPod({
  of: "db",
  name: "db-0",
  volumes: { claims: ["data"], hasEmptyDir: false, hostPaths: [] },
});

const drivers = (nodeName: string, count?: number) => ({
  nodeName,
  drivers: [{ name: "ebs.csi.aws.com", ...(count === undefined ? {} : { count }) }],
});

const judge = (
  view: Partial<ClusterView> & { readonly node?: NodeFacts } = {},
  over: Partial<JoinInput> = {},
) => {
  const { node = fresh(), ...rest } = view;
  return judgeJoin({
    view: {
      nodes: [old, node],
      pods: [agentOn(oldNode), agentOn(newNode)],
      budgets: [],
      daemonSets: [agent],
      volumes: [],
      csiNodes: [],
      ...rest,
    },
    instanceId: instanceIdOf(2),
    original: { instanceId: instanceIdOf(1), name: oldNode, uid: old.uid },
    instance: { state: "running", isInterrupted: false },
    now: at(0),
    ...over,
  });
};

describe("a replacement has joined", () => {
  it("when it is Ready for thirty seconds with its agents", () => {
    expect(judge()).toEqual({
      kind: "JOINED",
      node: { instanceId: instanceIdOf(2), name: newNode, uid: `uid-${newNode}` },
    });
  });

  it.each([
    [
      "no node says that it is this instance",
      { node: fresh({ providerID: "aws:///eu-west-1a/i-00000000000000003" }) },
    ],
    [
      "its provider id only contains the instance's",
      { node: fresh({ providerID: "aws:///eu-west-1a/i-000000000000000021" }) },
    ],
    ["it is Ready for less than thirty seconds", { node: fresh(ready(-29)) }],
    ["it is not Ready", { node: fresh({ conditions: [{ type: "Ready", status: "Unknown" }] }) }],
    [
      "an agent has not taken its start-up taint off",
      {
        node: fresh({ taints: [{ key: "ebs.csi.aws.com/agent-not-ready", effect: "NoExecute" }] }),
      },
    ],
    ["somebody has cordoned it", { node: fresh({ isUnschedulable: true }) }],
    ["a DaemonSet that belongs there has no pod there", { pods: [agentOn(oldNode)] }],
    ["a DaemonSet's pod there is not Ready", { pods: [agentOn(oldNode), agentOn(newNode, false)] }],
    [
      "a driver whose volumes move has not registered",
      {
        pods: [agentOn(newNode), withData],
        volumes: [volume],
        csiNodes: [drivers(oldNode, 25), { nodeName: newNode, drivers: [] }],
      },
    ],
    [
      "a driver has not said how many volumes it can attach",
      {
        pods: [agentOn(newNode), withData],
        volumes: [volume],
        csiNodes: [drivers(oldNode, 25), drivers(newNode)],
      },
    ],
    [
      "it has not the room for the old node's pods",
      {
        node: fresh({ allocatable: { cpu: 4, memory: 16e9, pods: 1 } }),
        pods: [agentOn(oldNode), agentOn(newNode), aPod()],
      },
    ],
  ])("not yet while %s", (_why, view) => {
    expect(judge(view).kind).toBe("WAITING");
  });

  it("with a taint that the old node has as well", () => {
    const taints = [{ key: "team", value: "shop", effect: "NoSchedule" }];
    expect(
      judge({ nodes: [{ ...old, taints }, fresh({ taints })], pods: [agentOn(newNode)] }).kind,
    ).toBe("JOINED");
  });

  it("without the pod of a DaemonSet that is Ready nowhere", () => {
    expect(judge({ pods: [agentOn(oldNode, false)] }).kind).toBe("JOINED");
  });

  it("without the pod of a DaemonSet that does not belong there, though the old node has one", () => {
    const placement = { tolerations: [], nodeSelector: { pool: "special" } };
    expect(judge({ daemonSets: [{ ...agent, placement }], pods: [agentOn(oldNode)] }).kind).toBe(
      "JOINED",
    );
  });

  it("a Ready node whose CSI driver is 90 s late: no cordon until it is there", () => {
    const view = { pods: [agentOn(newNode), withData], volumes: [volume] };
    const late = { ...view, node: fresh(ready(-90)), csiNodes: [drivers(oldNode, 25)] };
    expect(judge(late)).toMatchObject({
      kind: "WAITING",
      sentence: expect.stringContaining("ebs.csi.aws.com"),
    });
    const csiNodes = [drivers(oldNode, 25), drivers(newNode, 25)];
    expect(judge({ ...view, csiNodes }).kind).toBe("JOINED");
  });
});

describe("pods of others that land on the new node before the first eviction", () => {
  const cpu = (cores: number) => ({ placement: { ...aPod().placement, requests: { cpu: cores } } });
  const moving = aPod({ of: "web", name: "web-1", ...cpu(3) });
  const arrived = aPod({ of: "batch", name: "batch-1", nodeName: newNode, ...cpu(2) });
  const agents = [agentOn(oldNode), agentOn(newNode)];
  const third = aNode({ name: "third", providerID: "aws:///eu-west-1a/i-00000000000000003" });
  const pods = [...agents, moving, arrived];

  it("are waited for where the rest of the cluster has no room in their place", () => {
    expect(judge({ pods: [...agents, moving] }).kind).toBe("JOINED");
    expect(judge({ pods })).toMatchObject({
      kind: "WAITING",
      sentence: expect.stringContaining("1 pod of others has taken room on new node new"),
    });
    const full = aPod({ of: "full", name: "full-1", nodeName: "third", ...cpu(4) });
    expect(judge({ nodes: [old, fresh(), third], pods: [...pods, full] }).kind).toBe("WAITING");
  });

  it("and have a port that a pod of the old node needs are waited for, unless another node has it free", () => {
    const port = (hostPort: number) => ({
      placement: { ...aPod().placement, hostPorts: [hostPort] },
    });
    const proxy = aPod({ of: "proxy", name: "proxy-1", ...port(8443) });
    const taken = aPod({ of: "other", name: "other-1", nodeName: newNode, ...port(8443) });
    expect(judge({ pods: [...agents, proxy, taken] })).toMatchObject({
      kind: "WAITING",
      sentence: expect.stringContaining("Pod shop/proxy-1 needs port 8443"),
    });
    expect(judge({ nodes: [old, fresh(), third], pods: [...agents, proxy, taken] }).kind).toBe(
      "JOINED",
    );
    const { placement } = taken;
    const another = { ...taken, placement: { ...placement, hostPorts: [8444] } };
    expect(judge({ pods: [...agents, proxy, another] }).kind).toBe("JOINED");
  });

  it("hold up nobody where there is", () => {
    expect(judge({ nodes: [old, fresh(), third], pods }).kind).toBe("JOINED");
  });
});

describe("a replacement is lost", () => {
  it.each([
    ["EC2 takes it back", {}, { instance: { state: "running", isInterrupted: true } as const }],
    ["it has ended", {}, { instance: { state: "terminated", isInterrupted: false } as const }],
    [
      "it stands in another zone",
      { node: fresh({ labels: { ...old.labels, "topology.kubernetes.io/zone": "eu-west-1b" } }) },
      {},
    ],
    [
      "it has another architecture",
      { node: fresh({ labels: { ...old.labels, "kubernetes.io/arch": "arm64" } }) },
      {},
    ],
    ["the old node has left meanwhile", { nodes: [fresh()] }, {}],
  ])("when %s", (_why, view, over) => {
    expect(judge(view, over).kind).toBe("LOST");
  });

  it("not while EC2 does not show it yet", () => {
    expect(judge({}, { instance: undefined }).kind).toBe("WAITING");
  });
});
