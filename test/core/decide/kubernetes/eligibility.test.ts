import { describe, expect, it } from "@jest/globals";
import {
  judgeNodesEligibility,
  type NodesEligibilityInput,
} from "../../../../core/decide/kubernetes/eligibility.ts";
import type { Account } from "../../../../core/model/account.ts";
import type { FactsOn } from "../../../../core/model/evaluation.ts";
import type { GroupFacts } from "../../../../core/model/group.ts";
import type { BudgetFacts } from "../../../../core/model/kubernetes/budget.ts";
import type {
  EksClusterFacts,
  ManagedNodeGroupFacts,
} from "../../../../core/model/kubernetes/cluster.ts";
import type { EvictionReply } from "../../../../core/model/kubernetes/eviction.ts";
import type { NodeFacts } from "../../../../core/model/kubernetes/node.ts";
import type { PodPlacement } from "../../../../core/model/kubernetes/pod.ts";
import type { Condition } from "../../../../core/model/kubernetes/object.ts";
import { nodeDeferrals, nodeReasons } from "../../../../core/model/reasons/node.ts";
import type { TargetOf } from "../../../../core/model/target.ts";
import type { Policy } from "../../../../core/policy/policy.ts";
import { plainMember } from "../cluster/plain-group.ts";
import { labAccount } from "../linear/eligible-facts.ts";
import { aBudget, at, type PodSketch } from "./objects.ts";
import {
  managed,
  managedGroup,
  members,
  nodeOf,
  nodes,
  nodesGroup,
  nodesPolicy,
  nodesTarget,
  onSpot,
  plainCluster,
  plainView,
  podOn,
  selfManaged,
  spotNodes,
} from "./plain-nodes.ts";

const one: NodesEligibilityInput = {
  account: labAccount,
  target: nodesTarget("ONE"),
  policy: nodesPolicy(),
  facts: selfManaged,
};

const ofManaged: NodesEligibilityInput = {
  ...one,
  target: nodesTarget("ONE", true),
  policy: nodesPolicy({ spotNodeGroup: "workers-spot" }),
  facts: managed,
};

const having = (
  facts: Partial<FactsOn<"KUBERNETES">>,
  input: NodesEligibilityInput = one,
): NodesEligibilityInput => ({ ...input, facts: { ...input.facts, ...facts } });

const lacking = (key: keyof FactsOn<"KUBERNETES">, input: NodesEligibilityInput = one) => {
  const { [key]: _gone, ...facts } = input.facts;
  return { ...input, facts: facts as FactsOn<"KUBERNETES"> };
};

const withCluster = (change: Partial<EksClusterFacts>) =>
  having({ cluster: { ...plainCluster, ...change } });
const withGroup = (change: Partial<GroupFacts>) => having({ group: { ...nodesGroup, ...change } });
const withManaged = (change: Partial<ManagedNodeGroupFacts>) =>
  having({ nodeGroup: { ...managedGroup, ...change } }, ofManaged);
const withSpot = (change: Partial<ManagedNodeGroupFacts>) =>
  having({ spotNodeGroup: { ...spotNodes, ...change } }, ofManaged);
const withPolicy = (change: Partial<Policy>, input: NodesEligibilityInput = one) => ({
  ...input,
  policy: { ...input.policy, ...change },
});
const withAccount = (change: Partial<Account>) => ({
  ...one,
  account: { ...labAccount, ...change },
});
const viewWith = (view: Partial<typeof plainView>) => having({ view: { ...plainView, ...view } });
/** The target's node is the first. */
const withNode = (change: Partial<NodeFacts>) =>
  viewWith({
    nodes: [nodeOf(members[0] ?? plainMember(1), change), ...nodes.slice(1)],
  });
const label = (key: string, value: string) =>
  withNode({ labels: { ...nodes[0]?.labels, [key]: value } });
const condition = (type: string, status: Condition["status"] = "True") =>
  withNode({
    conditions: [
      { type: "Ready", status: "True" },
      { type, status, lastTransitionTime: at(-60) },
    ],
  });
const withPods = (...pods: readonly PodSketch[]) =>
  viewWith({
    pods: pods.map((pod, index) => podOn(1, { name: `web-${String(index + 1)}`, ...pod })),
  });
const withBudget = (...budgets: readonly BudgetFacts[]) => viewWith({ budgets });
const trying = (reply: EvictionReply) =>
  having({ trials: [{ namespace: "shop", name: "web-1", uid: "uid-web-1", reply }] });
const placed = (pod: Partial<PodPlacement>): PodSketch => ({
  placement: { tolerations: [], topologySpread: [], hostPorts: [], requests: {}, ...pod },
});
const spread = placed({
  topologySpread: [
    {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app: "web" } },
    },
  ],
});
/** Four of one Deployment on each of four nodes. */
const packed = viewWith({
  pods: [1, 2, 3, 4].flatMap((node) =>
    [1, 2, 3, 4].map((pod) =>
      podOn(node, { name: `web-${String(node)}-${String(pod)}`, ...spread }),
    ),
  ),
});

const own: Readonly<
  Record<(typeof nodeReasons)[number], readonly [NodesEligibilityInput, string]>
> = {
  EKS_CLUSTER_NOT_FOUND: [lacking("cluster"), "EKS shows no cluster prod in us-east-1"],
  NODE_GROUP_NOT_FOUND: [lacking("group"), "Auto Scaling shows no group workers"],
  CLUSTER_RIGHT_MISSING: [
    having({
      access: {
        username: "arn:aws:sts::1:assumed-role/r/s",
        groups: ["spot-optimizer"],
        missing: [
          { verb: "create", group: "", resource: "pods", subresource: "eviction" },
          { verb: "get", group: "storage.k8s.io", resource: "csinodes" },
          { verb: "list", group: "storage.k8s.io", resource: "csinodes" },
        ],
      },
    }),
    '- {apiGroups: ["storage.k8s.io"], resources: ["csinodes"], verbs: ["get", "list"]}',
  ],
  WAY_BACK_NOT_OFFERED: [having({ kind: "FALL_BACK" }), "has no way back"],
  NODES_ALREADY_SPOT: [withGroup({ members: [onSpot(1)] }), "is on Spot"],
  CAPACITY_BLOCK_NODE_GROUP: [withManaged({ capacityType: "CAPACITY_BLOCK" }), "CAPACITY_BLOCK"],
  NODE_GROUP_UNHEALTHY: [
    withManaged({ status: "DEGRADED", healthIssues: ["AsgInstanceLaunchFailures"] }),
    "DEGRADED (AsgInstanceLaunchFailures)",
  ],
  SPOT_NODE_GROUP_MISSING: [
    withPolicy({ spotNodeGroup: "" }, lacking("spotNodeGroup", ofManaged)),
    "eksctl create nodegroup",
  ],
  SPOT_NODE_GROUP_UNLIKE: [withSpot({ labels: {} }), "lacks label pool=web"],
  SPOT_NODE_GROUP_AT_MAXIMUM: [withSpot({ desiredSize: 6 }), "maxSize=7"],
  NODE_GROUP_AT_MAXIMUM: [withGroup({ maxSize: 4 }), "--max-size 5"],
  NODE_GROUP_AT_MINIMUM: [withManaged({ minSize: 4 }), "minSize=3"],
  ZONES_WOULD_BE_BALANCED: [
    // One is left in the zone of the first, and two are in the other.
    having(
      {
        group: {
          ...nodesGroup,
          desiredCapacity: 3,
          members: members.filter((_member, index) => index !== 2),
        },
      },
      ofManaged,
    ),
    "suspend-processes",
  ],
  SPOT_IN_OTHER_ZONE: [
    having({ spotGroup: { ...nodesGroup, members: [onSpot(1)] } }, ofManaged),
    "comes up in us-east-1b",
  ],
  NODE_NOT_FOUND: [withGroup({ members: members.slice(1) }), "is not a member"],
  NODE_NOT_IDENTIFIED: [
    viewWith({
      nodes: [
        nodeOf(members[0] ?? plainMember(1)),
        nodeOf(members[0] ?? plainMember(1), { name: "twin" }),
        ...nodes.slice(1),
      ],
    }),
    "both say",
  ],
  FARGATE_NODE: [label("eks.amazonaws.com/compute-type", "fargate"), "Fargate"],
  HYBRID_NODE: [label("eks.amazonaws.com/compute-type", "hybrid"), "hybrid"],
  HYPERPOD_NODE: [label("sagemaker.amazonaws.com/compute-type", "hyperpod"), "HyperPod"],
  AUTO_MODE_NODE: [label("eks.amazonaws.com/compute-type", "auto"), "Auto Mode"],
  KARPENTER_NODE: [label("karpenter.sh/nodepool", "default"), "NodePool (default)"],
  NODE_CORDONED: [withNode({ isUnschedulable: true }), "kubectl uncordon node-1"],
  NODE_NOT_TO_DISRUPT: [
    withNode({ annotations: { "karpenter.sh/do-not-disrupt": "true" } }),
    "allow_do_not_disrupt",
  ],
  KUBELET_AHEAD: [withNode({ kubeletVersion: "v1.36.0-eks-1" }), "under version 1.35"],
  ONLY_BALANCED_NODE: [viewWith({ nodes: nodes.slice(0, 1) }), "the only one"],
  POD_NOT_TO_DISRUPT: [
    withPods({ annotations: { "karpenter.sh/do-not-disrupt": "true" } }),
    "web-1",
  ],
  POD_WITHOUT_CONTROLLER: [withPods({ of: undefined } as never), "no controller"],
  POD_WITH_EMPTY_DIR: [
    withPolicy(
      { allowEmptyDir: false },
      withPods({ volumes: { claims: [], hasEmptyDir: true, hostPaths: [] } }),
    ),
    "allow_empty_dir",
  ],
  POD_DATA_ON_NODE: [
    viewWith({
      pods: [podOn(1, { volumes: { claims: ["data"], hasEmptyDir: false, hostPaths: [] } })],
      volumes: [
        {
          name: "pv-1",
          claim: { namespace: "shop", name: "data" },
          isOnNode: true,
          nodeSelectorTerms: [],
        },
      ],
    }),
    "volume pv-1",
  ],
  POD_HOLDS_DEVICE: [withPods({ resourceClaims: [{ name: "gpu", isFromTemplate: true }] }), "gpu"],
  POD_OF_GANG: [withPods({ isOfGang: true }), "allow_gangs"],
  JOB_WOULD_FAIL: [
    withPods({
      of: undefined,
      owner: { apiVersion: "batch/v1", kind: "Job", name: "nightly", uid: "j" },
    } as never),
    "Job nightly",
  ],
  SEVERAL_BUDGETS: [
    withBudget(aBudget(), aBudget({ name: "all", selector: {} })),
    "shop/web and shop/all",
  ],
  BUDGET_NEVER_ALLOWS: [withBudget(aBudget({ maxUnavailable: 0 })), "maxUnavailable 0"],
  EVICTION_DENIED: [
    trying({
      kind: "DENIED",
      by: "no-evictions",
      message: "ValidatingAdmissionPolicy 'no-evictions' with binding 'b' denied request: no",
    }),
    "no-evictions denies it",
  ],
  TOPOLOGY_WOULD_BLOCK: [packed, "nodeTaintsPolicy: Honor"],
  POD_TOLERATES_CORDON: [
    withPods(placed({ tolerations: [{ operator: "Exists", effect: "NoSchedule" }] })),
    "as often as it is evicted: name in the tolerations of ReplicaSet web-5d4f8",
  ],
  PODS_NEED_ON_DEMAND: [
    having(
      {
        view: {
          ...plainView,
          pods: [
            podOn(1, placed({ nodeSelector: { "eks.amazonaws.com/capacityType": "ON_DEMAND" } })),
          ],
        },
      },
      ofManaged,
    ),
    "eks.amazonaws.com/capacityType=ON_DEMAND",
  ],
  PODS_DO_NOT_FIT: [
    withPods(placed({ nodeSelector: { "kubernetes.io/hostname": "node-1" } })),
    "kubernetes.io/hostname=node-1",
  ],
};

const delayed: Readonly<
  Record<(typeof nodeDeferrals)[number], readonly [NodesEligibilityInput, string]>
> = {
  EKS_CLUSTER_UPDATING: [withCluster({ status: "UPDATING" }), "is UPDATING"],
  NODE_GROUP_UPDATING: [withSpot({ status: "UPDATING" }), "workers-spot"],
  EKS_ZONAL_SHIFT: [
    viewWith({
      nodes: members.map((member) =>
        nodeOf(member, { isUnschedulable: member.zoneName === "us-east-1a" }),
      ),
    }),
    "All 2 nodes of zone us-east-1a are cordoned",
  ],
  NODE_NOT_READY: [
    withNode({ conditions: [{ type: "Ready", status: "Unknown", message: "Kubelet stopped." }] }),
    "Kubelet stopped",
  ],
  NODE_UNDER_MAINTENANCE: [
    withNode({ taints: [{ key: "ToBeDeletedByClusterAutoscaler", effect: "NoSchedule" }] }),
    "ToBeDeletedByClusterAutoscaler",
  ],
  POD_NOT_TO_DISRUPT_YET: [
    withPods({ annotations: { "karpenter.sh/do-not-disrupt": "100000h" } }),
    "until",
  ],
  EVICTION_WEBHOOK_DOWN: [
    trying({ kind: "WEBHOOK_UNAVAILABLE", by: "guard.example.com", message: "refused" }),
    "guard.example.com",
  ],
};

describe("nodes that may not be replaced", () => {
  it("are not said to be at the minimum of their group where it has none", () => {
    const codes = (desiredSize: number): readonly string[] => {
      const judged = judgeNodesEligibility(withManaged({ minSize: 0, desiredSize }));
      return judged.kind === "INELIGIBLE" ? judged.objections.map(({ code }) => code) : [];
    };
    expect(codes(0)).not.toContain("NODE_GROUP_AT_MINIMUM");
  });

  it("are at the minimum of their group as soon as that is, whenever EKS learns of it", () => {
    const input = withManaged({ minSize: 3, desiredSize: 4 });
    const group = { ...nodesGroup, minSize: 3, desiredCapacity: 3 };
    const judged = judgeNodesEligibility(having({ group }, input));
    expect(judged).toMatchObject({
      kind: "INELIGIBLE",
      objections: expect.arrayContaining([
        expect.objectContaining({
          code: "NODE_GROUP_AT_MINIMUM",
          sentence: expect.stringContaining("minSize=2,maxSize=6,desiredSize=3"),
        }),
      ]),
    });
  });

  it("have a case for each reason, and each that passes", () => {
    expect(Object.keys(own).sort()).toEqual([...nodeReasons].sort());
    expect(Object.keys(delayed).sort()).toEqual([...nodeDeferrals].sort());
  });

  it.each(Object.entries(own))("are refused by name: %s", (code, [input, words]) => {
    const judged = judgeNodesEligibility(input);
    const objections = judged.kind === "INELIGIBLE" ? judged.objections : [];
    const found = objections.find((objection) => objection.code === code);
    expect(objections.map((objection) => objection.code)).toContain(code);
    expect(found?.sentence).toContain(words);
    expect(found?.sentence).not.toMatch(/undefined|NaN|\[object/);
  });

  it.each(Object.entries(delayed))("are left alone for now: %s", (code, [input, words]) => {
    const judged = judgeNodesEligibility(input);
    expect(judged).toMatchObject({ kind: "NOT_NOW" });
    const delays = judged.kind === "NOT_NOW" ? judged.delays : [];
    expect(delays[0]).toMatchObject({ reason: code });
    expect(delays[0]?.sentence).toContain(words);
    expect(Date.parse(delays[0]?.retryAt ?? "")).toBeGreaterThan(0);
  });

  it.each<[string, NodesEligibilityInput]>([
    ["one of a self-managed group", one],
    ["all of a self-managed group", { ...one, target: nodesTarget("ALL") }],
    ["one of a managed group", ofManaged],
    ["all of a managed group", { ...ofManaged, target: nodesTarget("ALL", true) }],
    ["one whose cluster was not asked yet", lacking("view")],
    [
      "one that is cordoned by us",
      withNode({
        isUnschedulable: true,
        annotations: { "spot-optimizer/claim": "dpl-0123456789#7" },
      }),
    ],
    [
      "one with a soft taint",
      withNode({
        taints: [{ key: "DeletionCandidateOfClusterAutoscaler", effect: "PreferNoSchedule" }],
      }),
    ],
    [
      "one with packed pods that honour taints",
      viewWith({
        pods:
          packed.facts.view?.pods.map((pod) => ({
            ...pod,
            placement: {
              ...pod.placement,
              topologySpread: pod.placement.topologySpread.map((spreads) => ({
                ...spreads,
                nodeTaintsPolicy: "Honor",
              })),
            },
          })) ?? [],
      }),
    ],
    [
      "one whose eviction a webhook denies: it may move the pod itself",
      trying({
        kind: "DENIED",
        by: "mover",
        message: 'admission webhook "mover" denied the request: moved by the operator',
      }),
    ],
    [
      "one whose budget allows none now",
      trying({ kind: "BUDGET", message: "budget", isSyncFailed: false }),
    ],
    ["one whose trial was throttled", trying({ kind: "THROTTLED", retryAfterSeconds: 1 })],
  ])("are not %s", (_name, input) => {
    expect(judgeNodesEligibility(input)).toEqual({ kind: "ELIGIBLE" });
  });

  it.each<[string, NodesEligibilityInput, string]>([
    [
      "a Karpenter node without NodePool, by its finalizer",
      withNode({ finalizers: ["karpenter.sh/termination"] }),
      "KARPENTER_NODE",
    ],
    [
      "a Karpenter node by its taint",
      withNode({ taints: [{ key: "karpenter.sh/disrupted", effect: "NoSchedule" }] }),
      "KARPENTER_NODE",
    ],
    [
      "a node that the autoscaler is to leave alone",
      withNode({ annotations: { "cluster-autoscaler.kubernetes.io/scale-down-disabled": "true" } }),
      "NODE_NOT_TO_DISRUPT",
    ],
    [
      "a node that another deployment has claimed",
      withNode({ annotations: { "spot-optimizer/claim": "dpl-9999999999#1" } }),
      "FOREIGN_CLAIM",
    ],
    [
      "a budget that can't be synced, by trial",
      trying({ kind: "BUDGET", message: "failed sync", isSyncFailed: true }),
      "BUDGET_NEVER_ALLOWS",
    ],
    [
      "two budgets, by trial",
      trying({ kind: "SEVERAL_BUDGETS", message: "more than one" }),
      "SEVERAL_BUDGETS",
    ],
    [
      "pods that must be beside others of the old node",
      withPods(placed({ podAffinity: [{ topologyKey: "kubernetes.io/hostname" }] })),
      "PODS_DO_NOT_FIT",
    ],
    [
      "a Spot node group of another image",
      withSpot({ amiType: "BOTTLEROCKET_x86_64" }),
      "SPOT_NODE_GROUP_UNLIKE",
    ],
    [
      "a Spot node group with a taint besides",
      withSpot({ taints: [{ key: "spot", value: "yes", effect: "NO_SCHEDULE" }] }),
      "SPOT_NODE_GROUP_UNLIKE",
    ],
    [
      "a Spot node group that buys On-Demand",
      withSpot({ capacityType: "ON_DEMAND" }),
      "SPOT_NODE_GROUP_UNLIKE",
    ],
    [
      "a Spot node group without types of its own",
      withSpot({ instanceTypes: [] }),
      "SPOT_NODE_GROUP_UNLIKE",
    ],
    [
      "a Spot node group without a launch template beside one that has one",
      withManaged({ launchTemplate: { id: "lt-1", version: "3" } }),
      "SPOT_NODE_GROUP_UNLIKE",
    ],
    [
      "a Spot node group with smaller disks",
      having(
        {
          nodeGroup: { ...managedGroup, diskSizeGib: 100 },
          spotNodeGroup: { ...spotNodes, diskSizeGib: 20 },
        },
        ofManaged,
      ),
      "SPOT_NODE_GROUP_UNLIKE",
    ],
    [
      "a Spot node group without a zone",
      having(
        { spotGroup: { ...nodesGroup, members: [], zones: nodesGroup.zones.slice(1) } },
        ofManaged,
      ),
      "SPOT_NODE_GROUP_UNLIKE",
    ],
    [
      "a managed group made by code",
      withManaged({ tags: { "aws:cloudformation:stack-name": "eks" } }),
      "IAC_MANAGED",
    ],
    [
      "a group with a warm pool",
      withGroup({ kind: { ...nodesGroup.kind, warmPool: { size: 1 } } }),
      "WARM_POOL",
    ],
    [
      "a group that another optimizer moves",
      withGroup({ tags: { "spotinst:x": "1" } }),
      "FOREIGN_OPTIMIZER",
    ],
    ["an account that is disabled", withAccount({ status: "DISABLED" }), "ACCOUNT_DISABLED"],
    ["a PROD account without a proof", withAccount({ environment: "PROD" }), "UNPROVED"],
    [
      "an instance that is protected from scale-in",
      withGroup({ members: members.map((member) => ({ ...member, protectedFromScaleIn: true })) }),
      "NODE_NOT_TO_DISRUPT",
    ],
  ])("are those of %s", (_name, input, code) => {
    const judged = judgeNodesEligibility(input);
    expect(judged).toMatchObject({ kind: "INELIGIBLE" });
    expect(judged.kind === "INELIGIBLE" ? judged.objections[0]?.code : "").toBe(code);
  });

  it.each(["DrainInProgress", "MaintenancePlanned", "MaintenanceInProgress"])(
    "are left to who is at work: %s",
    (type) => {
      expect(judgeNodesEligibility(condition(type))).toMatchObject({
        kind: "NOT_NOW",
        delays: [{ reason: "NODE_UNDER_MAINTENANCE" }],
      });
      expect(judgeNodesEligibility(condition(type, "False"))).toEqual({ kind: "ELIGIBLE" });
    },
  );

  it("take a group's own delays, as every group does", () => {
    expect(judgeNodesEligibility(withGroup({ desiredCapacity: 5 }))).toMatchObject({
      kind: "NOT_NOW",
      delays: [{ reason: "BELOW_DESIRED" }],
    });
  });

  it("are all of them refused only where none may go", () => {
    const target: TargetOf<"KUBERNETES"> = nodesTarget("ALL");
    const blocked = { ...withPods({ isOfGang: true }), target };
    expect(judgeNodesEligibility(blocked)).toEqual({ kind: "ELIGIBLE" });
  });

  /** As it is pasted. */
  const snippetsFor = (nodeGroup: Partial<ManagedNodeGroupFacts>) => {
    const [input] = own.SPOT_NODE_GROUP_MISSING;
    const judged = judgeNodesEligibility(
      having({ nodeGroup: { ...managedGroup, ...nodeGroup } }, input),
    );
    const sentence = judged.kind === "INELIGIBLE" ? (judged.objections[0]?.sentence ?? "") : "";
    const config = /echo '(?<config>.*?)' \|/.exec(sentence)?.groups?.["config"] ?? "";
    const resource = sentence.slice(sentence.indexOf('{"Type"'));
    return { eksctl: JSON.parse(config) as unknown, resource: JSON.parse(resource) as unknown };
  };

  it("get a Spot node group that is made as theirs: by the same launch template, or with the same disks", () => {
    const plain = snippetsFor({ diskSizeGib: 100 });
    expect(plain.eksctl).toMatchObject({
      managedNodeGroups: [{ amiFamily: "AmazonLinux2023", volumeSize: 100 }],
    });
    expect(plain.resource).toMatchObject({ Properties: { DiskSize: 100 } });
    const own = snippetsFor({
      launchTemplate: { id: "lt-1", version: "3" },
      amiType: "CUSTOM",
      instanceTypes: [],
    });
    const [group] = (own.eksctl as { readonly managedNodeGroups: readonly object[] })
      .managedNodeGroups;
    expect(group).toMatchObject({ launchTemplate: { id: "lt-1", version: "3" } });
    for (const key of ["amiFamily", "volumeSize", "instanceTypes"]) {
      expect(group).not.toHaveProperty(key);
    }
    const { Properties } = own.resource as { readonly Properties: object };
    expect(Properties).toMatchObject({ LaunchTemplate: { Id: "lt-1", Version: "3" } });
    for (const key of ["AmiType", "DiskSize", "InstanceTypes"]) {
      expect(Properties).not.toHaveProperty(key);
    }
  });

  it("get the Spot node group filled in, so that it can be pasted", () => {
    const { eksctl, resource } = snippetsFor({});
    expect(eksctl).toMatchObject({
      metadata: { name: "prod", region: "us-east-1" },
      managedNodeGroups: [
        {
          name: "workers-spot",
          spot: true,
          labels: { pool: "web" },
          subnets: ["subnet-1", "subnet-2"],
        },
      ],
    });
    expect(resource).toMatchObject({
      Type: "AWS::EKS::Nodegroup",
      Properties: { CapacityType: "SPOT", ClusterName: "prod", NodegroupName: "workers-spot" },
    });
  });
});
