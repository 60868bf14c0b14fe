/** Four On-Demand nodes in two zones whose pods may all be moved: the base which each case spoils in one place. */
import type { FactsOn } from "../../../../core/model/evaluation.ts";
import type { GroupFacts, GroupMember } from "../../../../core/model/group.ts";
import type {
  ClusterView,
  EksClusterFacts,
  ManagedNodeGroupFacts,
} from "../../../../core/model/kubernetes/cluster.ts";
import type { NodeFacts } from "../../../../core/model/kubernetes/node.ts";
import type { PodFacts } from "../../../../core/model/kubernetes/pod.ts";
import { deploymentIdSchema } from "../../../../core/model/ids.ts";
import type { TargetOf } from "../../../../core/model/target.ts";
import { effectivePolicy, type Policy } from "../../../../core/policy/policy.ts";
import { clusterTarget, groupOf, plainMember, spotMember } from "../cluster/plain-group.ts";
import { m5Large } from "../linear/eligible-facts.ts";
import { observedAt } from "../offers/choice-samples.ts";
import { aNode, aPod } from "./objects.ts";

export const nodesPolicy = (change: Partial<Policy> = {}): Policy => ({
  ...effectivePolicy("KUBERNETES"),
  ...change,
});

export const nodesTarget = (
  scope: "ONE" | "ALL" = "ALL",
  isManaged = false,
): TargetOf<"KUBERNETES"> => {
  const { group: _group, ...base } = clusterTarget;
  return {
    ...base,
    pipelineMode: "KUBERNETES",
    node: {
      clusterName: "prod",
      nodeGroup: "workers",
      scope,
      ...(isManaged ? {} : { asgName: "workers" }),
    },
  };
};

/** 1 and 3 in us-east-1a, 2 and 4 in us-east-1b. */
export const members: readonly GroupMember[] = [1, 2, 3, 4].map((index) => plainMember(index));

export const nodeOf = (member: GroupMember, change: Partial<NodeFacts> = {}): NodeFacts => {
  const name = `node-${String(Number.parseInt(member.instanceId.slice(2), 16))}`;
  return aNode({
    name,
    uid: `uid-${name}`,
    providerID: `aws:///${member.zoneName}/${member.instanceId}`,
    labels: {
      "kubernetes.io/hostname": name,
      "kubernetes.io/arch": "amd64",
      "node.kubernetes.io/instance-type": member.instanceType,
      "topology.kubernetes.io/zone": member.zoneName,
    },
    // As a kubelet of an m5.large tells it.
    allocatable: { cpu: 1.93, memory: 7_244_660_736, pods: 29 },
    ...change,
  });
};

export const nodes: readonly NodeFacts[] = members.map((member) => nodeOf(member));

export const podOn = (number: number, pod: Parameters<typeof aPod>[0] = {}): PodFacts =>
  aPod({ of: "web", name: `web-${String(number)}`, nodeName: `node-${String(number)}`, ...pod });

export const plainView: ClusterView = {
  nodes,
  pods: [1, 2, 3, 4].map((number) => podOn(number)),
  budgets: [],
  daemonSets: [],
  volumes: [],
  csiNodes: [],
};

export const plainCluster: EksClusterFacts = {
  name: "prod",
  arn: "arn:aws:eks:us-east-1:123456789012:cluster/prod",
  status: "ACTIVE",
  version: "1.35",
  authenticationMode: "API",
  isEndpointPublic: true,
  isZonalShiftEnabled: false,
};

/** With room for one more. */
export const nodesGroup: GroupFacts = groupOf(members, { asgName: "workers", maxSize: 6 });

export const selfManaged: FactsOn<"KUBERNETES"> = {
  observedAt,
  deploymentId: deploymentIdSchema.parse("dpl-0123456789"),
  cluster: plainCluster,
  group: nodesGroup,
  templateType: m5Large,
  access: { username: "spot-optimizer", groups: ["spot-optimizer"], missing: [] },
  view: plainView,
  trials: [],
  launch: {},
};

export const managedGroup: ManagedNodeGroupFacts = {
  name: "workers",
  status: "ACTIVE",
  capacityType: "ON_DEMAND",
  minSize: 0,
  maxSize: 6,
  desiredSize: 4,
  subnetIds: ["subnet-1", "subnet-2"],
  instanceTypes: ["m5.large"],
  labels: { pool: "web" },
  taints: [],
  amiType: "AL2023_x86_64_STANDARD",
  isAutoRepaired: false,
  asgNames: ["eks-workers-1"],
  healthIssues: [],
};

export const spotNodes: ManagedNodeGroupFacts = {
  ...managedGroup,
  name: "workers-spot",
  capacityType: "SPOT",
  instanceTypes: ["m5.large", "r5.large"],
  desiredSize: 0,
  asgNames: ["eks-workers-spot-1"],
};

export const managed: FactsOn<"KUBERNETES"> = {
  ...selfManaged,
  nodeGroup: managedGroup,
  spotNodeGroup: spotNodes,
  group: { ...nodesGroup, asgName: "eks-workers-1" },
  spotGroup: groupOf([], { asgName: "eks-workers-spot-1", minSize: 0, maxSize: 6 }),
};

export const onSpot = (index: number): GroupMember => spotMember(index);
