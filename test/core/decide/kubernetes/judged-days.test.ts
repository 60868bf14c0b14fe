/** Bad days that the judgement of a node sees beforehand. */
import { describe, expect, it } from "@jest/globals";
import { neverAllows } from "../../../../core/decide/kubernetes/budgets.ts";
import { judgeNode } from "../../../../core/decide/kubernetes/judge-node.ts";
import { lackOf, roomOfType } from "../../../../core/decide/kubernetes/needs.ts";
import type { BudgetFacts } from "../../../../core/model/kubernetes/budget.ts";
import type { ClusterView } from "../../../../core/model/kubernetes/cluster.ts";
import type { EvictionTrial } from "../../../../core/model/kubernetes/eviction.ts";
import type { PodPlacement } from "../../../../core/model/kubernetes/pod.ts";
import type { Policy } from "../../../../core/policy/policy.ts";
import { m5Large } from "../linear/eligible-facts.ts";
import { play } from "./drain/playground.ts";
import { aBudget, aPod, at, type PodSketch } from "./objects.ts";
import { nodesPolicy, plainCluster, plainView, podOn } from "./plain-nodes.ts";

const codesOf = (
  view: Partial<ClusterView>,
  {
    policy = {},
    trials = [],
  }: { readonly policy?: Partial<Policy>; readonly trials?: readonly EvictionTrial[] } = {},
): readonly string[] =>
  judgeNode({
    view: { ...plainView, ...view },
    nodeName: "node-1",
    policy: nodesPolicy(policy),
    cluster: plainCluster,
    at: at(0),
    trials,
  }).blockers.map(({ code }) => code);

const emptyDir = { claims: [], hasEmptyDir: true, hostPaths: [] };
const ownedBy = (kind: string): PodSketch => ({
  nodeName: "node-1",
  owner: { apiVersion: "apps/v1", kind, name: "agent", uid: "ds-1" },
});

const spreadPods = (nodeTaintsPolicy?: string) =>
  [1, 2, 3, 4].flatMap((node) =>
    [1, 2, 3, 4].map((number) => {
      const placement: PodPlacement = {
        tolerations: [],
        hostPorts: [],
        requests: {},
        topologySpread: [
          {
            maxSkew: 1,
            topologyKey: "kubernetes.io/hostname",
            whenUnsatisfiable: "DoNotSchedule",
            labelSelector: { matchLabels: { app: "web" } },
            ...(nodeTaintsPolicy === undefined ? {} : { nodeTaintsPolicy }),
          },
        ],
      };
      return podOn(node, { name: `web-${String(node)}-${String(number)}`, placement });
    }),
  );

const { maxUnavailable: _none, ...unset } = aBudget();
const atLeast = (
  minAvailable: string,
  desiredHealthy: number,
  expectedPods: number,
): BudgetFacts => ({ ...unset, minAvailable, desiredHealthy, expectedPods });

describe("found in the field", () => {
  it("a hard hostname spread that counts the cordoned node is refused, and drained where it honours taints", () => {
    expect(codesOf({ pods: spreadPods() })).toEqual(["TOPOLOGY_WOULD_BLOCK"]);
    expect(codesOf({ pods: spreadPods("Honor") })).toEqual([]);
  });

  it("percentages that round up never allow an eviction: 67 % of 2, 91 % of 10, 50 % of 1; at most 1 % of 3 unavailable allows one", () => {
    const pod = aPod({ of: "web" });
    const never = [atLeast("67%", 2, 2), atLeast("91%", 10, 10), atLeast("50%", 1, 1)];
    expect(never.map((budget) => neverAllows(budget, pod)?.sentence)).toEqual([
      expect.stringContaining("run 4 pods"),
      expect.stringContaining("run 12 pods"),
      expect.stringContaining("run 2 pods"),
    ]);
    expect(neverAllows(aBudget({ maxUnavailable: "1%" }), pod)).toBeUndefined();
  });

  it("a volume bound to the node by hostname is refused by name, and nothing is launched", () => {
    const volumes = { claims: ["data"], hasEmptyDir: false, hostPaths: [] };
    const onHost = {
      name: "pv-1",
      claim: { namespace: "shop", name: "data" },
      isOnNode: false,
      nodeSelectorTerms: [
        {
          matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["node-1"] }],
        },
      ],
    };
    expect(codesOf({ pods: [podOn(1, { volumes })], volumes: [onHost] })).toEqual([
      "POD_DATA_ON_NODE",
    ]);
  });

  it("a type with 58 pod slots for 60 pods, or with 24 attachments for 25 volumes, is refused before a launch", () => {
    const m5Xlarge = {
      ...m5Large,
      instanceType: "m5.xlarge",
      vcpu: 4,
      memoryMib: 16_384,
      maxNetworkInterfaces: 4,
      ipv4PerInterface: 15,
      attachments: { volumes: 28, isShared: true },
    };
    const room = roomOfType(m5Xlarge, {
      own: m5Large,
      node: { allocatable: { cpu: 1.93, memory: 7_244_660_736, pods: 29 } },
      csiNode: undefined,
    });
    expect(lackOf({ pods: 60 }, room)).toContain("has 58 pods");
    expect(lackOf({ "volumes of ebs.csi.aws.com": 25 }, room)).toContain("has 24 volumes");
    expect(lackOf({ pods: 58, "volumes of ebs.csi.aws.com": 24 }, room)).toBeUndefined();
  });

  it("a ValidatingAdmissionPolicy denies evictions in one namespace: the dry run finds it beforehand", () => {
    const reply = {
      kind: "DENIED",
      by: "no-evictions",
      message: "ValidatingAdmissionPolicy 'no-evictions' with binding 'shop' denied request: no",
    } as const;
    const trials = [{ namespace: "shop", name: "web-1", uid: "uid-web-1", reply }];
    expect(codesOf({}, { trials })).toEqual(["EVICTION_DENIED"]);
    expect(codesOf({})).toEqual([]);
  });
});

describe("reports of other tools", () => {
  it("DaemonSet pods with an emptyDir are left where they are", () => {
    const agents = {
      namespace: "shop",
      name: "agent",
      uid: "ds-1",
      placement: { tolerations: [] },
    };
    const pods = [aPod({ ...ownedBy("DaemonSet"), volumes: emptyDir })];
    const policy = { allowEmptyDir: false };
    expect(codesOf({ pods, daemonSets: [agents] }, { policy })).toEqual([]);
    expect(codesOf({ pods }, { policy })).toEqual(["POD_WITHOUT_CONTROLLER"]);
  });

  it("static pods are left where they are", () => {
    expect(codesOf({ pods: [aPod(ownedBy("Node"))] })).toEqual([]);
    const annotations = { "kubernetes.io/config.mirror": "1" };
    expect(codesOf({ pods: [aPod({ nodeName: "node-1", annotations })] })).toEqual([]);
  });

  it("a pod without a controller is refused, and evicted where its owner has agreed", () => {
    const pods = [aPod({ nodeName: "node-1" })];
    expect(codesOf({ pods })).toEqual(["POD_WITHOUT_CONTROLLER"]);
    expect(codesOf({ pods }, { policy: { allowUnmanagedPods: true } })).toEqual([]);
  });

  it("two budgets on one pod are refused", () => {
    const budgets = [aBudget(), aBudget({ name: "all", selector: {} })];
    expect(codesOf({ budgets })).toEqual(["SEVERAL_BUDGETS"]);
  });

  it("do-not-disrupt and safe-to-evict=false are refused, and waited for where they appear mid-drain", () => {
    const wishes = [
      { "karpenter.sh/do-not-disrupt": "true" },
      { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" },
    ];
    const codes = wishes.map((annotations) => codesOf({ pods: [podOn(1, { annotations })] }));
    expect(codes).toEqual([["POD_NOT_TO_DISRUPT"], ["POD_NOT_TO_DISRUPT"]]);
    // The annotation came after the cordon.
    const pods = wishes.map((annotations, index) =>
      aPod({ of: "web", name: `web-${String(index)}`, annotations }),
    );
    const drained = play({ pods, mostSeconds: 120 });
    expect(drained.sent).toEqual([]);
    expect(new Set(drained.state.blockers.map(({ code }) => code))).toEqual(
      new Set(["POD_NOT_TO_DISRUPT"]),
    );
  });
});
