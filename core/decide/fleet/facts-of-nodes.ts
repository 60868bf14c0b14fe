/** The facts on the nodes of one node group from the lists of their place, which show its Auto Scaling group and nothing of the cluster. */
import type { NodesLook } from "../../model/close-look.ts";
import type { FactsOn } from "../../model/evaluation.ts";
import type { GroupFacts, GroupMember } from "../../model/group.ts";
import type {
  ClusterView,
  EksClusterFacts,
  ManagedNodeGroupFacts,
} from "../../model/kubernetes/cluster.ts";
import type { KubernetesFacts } from "../../model/kubernetes/facts.ts";
import type { NodeFacts } from "../../model/kubernetes/node.ts";
import type { BulkGroup, PlaceReading } from "../../model/place-reading.ts";
import { groupDeferrals } from "../../model/reasons/group.ts";
import { nodeReasons, nodeDeferrals } from "../../model/reasons/node.ts";
import type { TargetOf } from "../../model/target.ts";
import type { UncheckedCode } from "../../model/verdict.ts";
import type { Policy } from "../../policy/policy.ts";
import { whereaboutsOfNodes } from "../kubernetes/need.ts";
import type { Whereabouts } from "../offers/judge.ts";
import {
  findGroup,
  groupFactsOf,
  holdsFor,
  isLaunchKnown,
  launchCodes,
  uncheckedOfGroup,
  type GroupFound,
} from "./facts-of-group.ts";
import type { Side, SideInput, SubjectInPlace } from "./side.ts";

type NodeTarget = TargetOf<"KUBERNETES">;

/** Set by EKS on the group behind a managed node group. Source: Amazon EKS user guide, "Managed node groups". */
export const clusterNameTag = "eks:cluster-name";
export const nodeGroupTag = "eks:nodegroup-name";

const isBehind = (
  { tags }: Pick<BulkGroup, "tags">,
  { clusterName, nodeGroup }: NodeTarget["node"],
): boolean => tags[clusterNameTag] === clusterName && tags[nodeGroupTag] === nodeGroup;

/** By name where the nodes are self-managed; else by the tags that EKS has set, which only find it. */
export const groupBehind = (reading: PlaceReading, { node }: NodeTarget): GroupFound => {
  if (node.asgName !== undefined) return findGroup(reading, node.asgName);
  const { groups } = reading;
  // Says why there is no list.
  if (groups.kind !== "READ") return findGroup(reading, node.nodeGroup);
  const found = groups.items.find((group) => isBehind(group, node));
  return found === undefined ? { kind: "READ" } : findGroup(reading, found.asgName);
};

/** Of cluster and kubelets: neither is ahead of the other. */
const neutralVersion = "1.0";

/** What stands in the facts until EKS was asked: each speaks for a switch. */
const neutralCluster = ({ node }: NodeTarget): EksClusterFacts => ({
  name: node.clusterName,
  arn: "",
  status: "ACTIVE",
  version: neutralVersion,
  authenticationMode: "API",
  isEndpointPublic: true,
  isZonalShiftEnabled: false,
});

/** Of a group without members that of its template. */
const typesOf = ({ members, template }: GroupFacts): readonly string[] =>
  members.length === 0
    ? [template?.instanceType].filter((type) => type !== undefined)
    : [...new Set(members.map(({ instanceType }) => instanceType))].sort();

/** Sizes and subnets are those of the group behind it, the types those of its members. */
const neutralNodeGroup = (
  group: GroupFacts,
  { name, capacityType }: Pick<ManagedNodeGroupFacts, "name" | "capacityType">,
): ManagedNodeGroupFacts => ({
  name,
  capacityType,
  status: "ACTIVE",
  minSize: group.minSize,
  maxSize: group.maxSize,
  desiredSize: group.desiredCapacity,
  subnetIds: group.subnetIds,
  instanceTypes: typesOf(group),
  labels: {},
  taints: [],
  // It tells the platform alone.
  amiType: group.template?.platformDetails === "Windows" ? "WINDOWS" : "",
  isAutoRepaired: false,
  asgNames: [group.asgName],
  healthIssues: [],
});

/** Where its replacements would stand nobody knows, and where the policy names nothing whether there is a place: there is one, with room. */
const neutralSpotNodeGroup = (group: GroupFacts, name: string): ManagedNodeGroupFacts => ({
  ...neutralNodeGroup(group, { name, capacityType: "SPOT" }),
  maxSize: group.desiredCapacity + 1,
});

const nodesOf = (
  group: GroupFacts,
  { target, spotNodeGroup }: { readonly target: NodeTarget; readonly spotNodeGroup: string },
): Pick<KubernetesFacts, "nodeGroup" | "spotNodeGroup" | "spotGroup"> =>
  target.node.asgName === undefined
    ? {
        nodeGroup: neutralNodeGroup(group, {
          name: target.node.nodeGroup,
          capacityType: "ON_DEMAND",
        }),
        spotNodeGroup: neutralSpotNodeGroup(
          group,
          spotNodeGroup === "" ? `${target.node.nodeGroup}-spot` : spotNodeGroup,
        ),
        // As if it had the same subnets, and its next node came up in any of them.
        spotGroup: { ...group, members: [] },
      }
    : {};

const neutralCondition = (
  observedAt: string,
): Omit<NodeFacts, "name" | "uid" | "resourceVersion" | "providerID" | "instanceId"> => ({
  labels: {},
  annotations: {},
  finalizers: [],
  taints: [],
  isUnschedulable: false,
  conditions: [{ type: "Ready", status: "True", lastTransitionTime: observedAt }],
  allocatable: {},
  kubeletVersion: `v${neutralVersion}.0`,
  createdAt: observedAt,
});

const neutralNode = (
  { instanceId, instanceType, zoneName }: GroupMember,
  group: GroupFacts,
  observedAt: string,
): NodeFacts => ({
  ...neutralCondition(observedAt),
  name: instanceId,
  uid: "",
  resourceVersion: "",
  providerID: `aws:///${zoneName}/${instanceId}`,
  instanceId,
  labels: {
    "kubernetes.io/arch": group.template?.architecture === "arm64" ? "arm64" : "amd64",
    "node.kubernetes.io/instance-type": instanceType,
    "topology.kubernetes.io/zone": zoneName,
  },
});

/** Of a cluster that has more nodes than those of the group: load balancers have another to send traffic to. */
const neutralOther = (observedAt: string): NodeFacts => ({
  name: "another",
  uid: "",
  resourceVersion: "",
  providerID: "",
  ...neutralCondition(observedAt),
});

/** Each member a node that has joined, is ready, and has no pods, and one node beside them. */
const neutralView = (group: GroupFacts, observedAt: string): ClusterView => ({
  nodes: [
    ...group.members.map((member) => neutralNode(member, group, observedAt)),
    neutralOther(observedAt),
  ],
  pods: [],
  budgets: [],
  daemonSets: [],
  volumes: [],
  csiNodes: [],
});

type NodesInput = SideInput<"KUBERNETES">;

/** All that only EKS and the cluster tell, beside what is open of the group. */
const uncheckedOf = (group: BulkGroup, policy: Policy): readonly UncheckedCode[] => [
  ...new Set<UncheckedCode>([
    ...nodeReasons,
    ...nodeDeferrals,
    "IAC_MANAGED",
    ...uncheckedOfGroup(group, policy),
  ]),
];

const withType = (
  { known, target, typeNamed }: NodesInput,
  found: KubernetesFacts & { readonly group: GroupFacts },
): FactsOn<"KUBERNETES"> & { readonly group: GroupFacts } => {
  const templateType = typeNamed(found.group.template?.instanceType ?? "");
  return {
    ...known,
    ...(target.node.scope === "ONE" && { onlyInstance: target.instanceId }),
    ...found,
    ...(templateType !== undefined && { templateType }),
  };
};

const isManaged = ({ target }: NodesInput): boolean => target.node.asgName === undefined;

/** Absent: the group is refused for what it launches from, whatever the market. */
const whereaboutsIn = (
  input: NodesInput,
  facts: FactsOn<"KUBERNETES"> & { readonly group: GroupFacts },
): { readonly whereabouts?: Whereabouts } =>
  isManaged(input) || isLaunchKnown(facts.group) ? { whereabouts: whereaboutsOfNodes(facts) } : {};

/** Of nodes that were refused before their turn neither the cluster was asked nor a launch tried. EKS launches those of a managed node group. */
const openAfter = (
  { facts: { view, launch }, isKept }: NodesLook,
  { input, group }: { readonly input: NodesInput; readonly group: GroupFacts },
): readonly UncheckedCode[] => [
  ...(isKept === true ? [...groupDeferrals, ...nodeDeferrals] : []),
  ...(view === undefined ? nodeReasons : []),
  ...(launch === undefined && !isManaged(input) ? launchCodes(group) : []),
];

/** What was read of the cluster and its node groups stands, with the region's type. Without a group it is refused, whatever the market. */
const lookedAt = (input: NodesInput, look: NodesLook): SubjectInPlace<"KUBERNETES"> => {
  const { group, ...others } = look.facts;
  if (group === undefined) {
    return { kind: "READ", facts: { ...input.known, ...others }, unchecked: [] };
  }
  const facts = withType(input, { ...others, group });
  const unchecked = openAfter(look, { input, group });
  return { kind: "READ", facts, unchecked, ...whereaboutsIn(input, facts) };
};

/** EKS alone tells whether there is such a node group: its tag may be gone from the group behind it. */
const notShown = (input: NodesInput): SubjectInPlace<"KUBERNETES"> => ({
  kind: "READ",
  facts: { ...input.known, cluster: neutralCluster(input.target) },
  unchecked: ["EKS_CLUSTER_NOT_FOUND", "NODE_GROUP_NOT_FOUND"],
  leavesOpen: "ALL",
});

export const factsOfNodes: Side<"KUBERNETES"> = (input) => {
  const { reading, target, policy, closeLook, linearTargets } = input;
  if (holdsFor(closeLook, reading)) return lookedAt(input, closeLook);
  const found = groupBehind(reading, target);
  if (found.kind === "NOT_READ") return found;
  if (found.group === undefined) return notShown(input);
  const group = groupFactsOf(found.group, linearTargets);
  const nodes = nodesOf(group, { target, spotNodeGroup: policy.spotNodeGroup });
  const view = neutralView(group, input.known.observedAt);
  const facts = withType(input, { cluster: neutralCluster(target), group, view, ...nodes });
  return {
    kind: "READ",
    facts,
    unchecked: uncheckedOf(found.group, policy),
    ...whereaboutsIn(input, facts),
    // What its Spot node group may launch decides, and EKS alone tells that.
    ...(isManaged(input) && { leavesOpen: "MARKET" }),
  };
};
