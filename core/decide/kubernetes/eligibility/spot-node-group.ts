/**
 * Rules about the Spot node group to which nodes of a managed one go. It is its owner's: he is given what makes it, filled in. Source: Amazon EKS
 * user guide, "Managed node groups", capacity types: a group has one.
 */
import { isOnDemand } from "../../../model/group.ts";
import type { ManagedNodeGroupFacts } from "../../../model/kubernetes/cluster.ts";
import type { Taint } from "../../../model/kubernetes/object.ts";
import { limitName } from "../../../policy/limit-name.ts";
import { listed } from "../../switch/objection.ts";
import { membersInScope, scopeOfTarget } from "../candidate-nodes.ts";
import type { NodeGroupRule, NodeGroupRuleFacts } from "./rule.ts";

/** Only where nodes can't go to their own group. */
const ofManaged =
  (
    rule: (
      nodeGroup: ManagedNodeGroupFacts,
      facts: NodeGroupRuleFacts,
    ) => ReturnType<NodeGroupRule>,
  ): NodeGroupRule =>
  (input) =>
    input.facts.nodeGroup === undefined ? undefined : rule(input.facts.nodeGroup, input);

/** Labels and taints that EKS does not give itself. */
const ownLabels = ({ labels }: ManagedNodeGroupFacts): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(labels).filter(([key]) => !key.startsWith("eks.amazonaws.com/")),
  );

/** Takes no new names where the owner has named one. */
const nameFor = ({ name }: ManagedNodeGroupFacts, wanted: string): string =>
  wanted === "" ? `${name}-spot`.slice(0, 63) : wanted;

/** None of its own: they are in its launch template. */
const typesOf = ({ instanceTypes }: ManagedNodeGroupFacts, key: string): object =>
  instanceTypes.length === 0 ? {} : { [key]: instanceTypes };

/** What image its launch template names is not said beside it. Source: Amazon EKS API reference, AMITypes. */
const isOwnImage = ({ amiType }: ManagedNodeGroupFacts): boolean => amiType === "CUSTOM";

/** Source: eksctl, "Launch Template support for Managed Nodegroups": a disk is not said beside one. */
const madeByEksctl = (nodeGroup: ManagedNodeGroupFacts): object => {
  const { launchTemplate, diskSizeGib } = nodeGroup;
  return {
    ...(isOwnImage(nodeGroup) ? {} : { amiFamily: familyOf(nodeGroup) }),
    ...(launchTemplate === undefined ? {} : { launchTemplate }),
    ...(diskSizeGib === undefined ? {} : { volumeSize: diskSizeGib }),
  };
};

/** eksctl reads JSON as well as YAML. Source: eksctl, config file schema. */
const eksctlConfig = (
  nodeGroup: ManagedNodeGroupFacts,
  { cluster, target, policy }: NodeGroupRuleFacts,
): string =>
  JSON.stringify({
    apiVersion: "eksctl.io/v1alpha5",
    kind: "ClusterConfig",
    metadata: { name: cluster.name, region: target.region },
    managedNodeGroups: [
      {
        name: nameFor(nodeGroup, policy.spotNodeGroup),
        spot: true,
        ...typesOf(nodeGroup, "instanceTypes"),
        ...madeByEksctl(nodeGroup),
        ...(nodeGroup.nodeRole === undefined
          ? {}
          : { iam: { instanceRoleARN: nodeGroup.nodeRole } }),
        minSize: 0,
        desiredCapacity: 0,
        maxSize: nodeGroup.maxSize,
        subnets: nodeGroup.subnetIds,
        labels: ownLabels(nodeGroup),
        taints: nodeGroup.taints.map(({ key, value = "", effect }) => ({
          key,
          value,
          effect: eksctlEffects[effect] ?? effect,
        })),
      },
    ],
  });

const eksctlEffects: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

const families: readonly (readonly [string, string])[] = [
  ["AL2023", "AmazonLinux2023"],
  ["AL2", "AmazonLinux2"],
  ["BOTTLEROCKET", "Bottlerocket"],
  ["WINDOWS_CORE_2019", "WindowsServer2019CoreContainer"],
  ["WINDOWS_FULL_2019", "WindowsServer2019FullContainer"],
  ["WINDOWS_CORE_2022", "WindowsServer2022CoreContainer"],
  ["WINDOWS_FULL_2022", "WindowsServer2022FullContainer"],
];

const familyOf = ({ amiType }: ManagedNodeGroupFacts): string =>
  families.find(([start]) => amiType.startsWith(start))?.[1] ?? amiType;

const madeByCloudFormation = (nodeGroup: ManagedNodeGroupFacts): object => {
  const { amiType, launchTemplate, diskSizeGib } = nodeGroup;
  return {
    ...(isOwnImage(nodeGroup) ? {} : { AmiType: amiType }),
    ...(launchTemplate === undefined
      ? {}
      : { LaunchTemplate: { Id: launchTemplate.id, Version: launchTemplate.version } }),
    ...(diskSizeGib === undefined ? {} : { DiskSize: diskSizeGib }),
  };
};

/** Source: CloudFormation, AWS::EKS::Nodegroup. The role is that of the first group. */
const cloudFormation = (
  nodeGroup: ManagedNodeGroupFacts,
  { cluster, policy }: NodeGroupRuleFacts,
): string =>
  JSON.stringify({
    Type: "AWS::EKS::Nodegroup",
    Properties: {
      ClusterName: cluster.name,
      NodegroupName: nameFor(nodeGroup, policy.spotNodeGroup),
      NodeRole: nodeGroup.nodeRole ?? `role of node group ${nodeGroup.name}`,
      CapacityType: "SPOT",
      ...typesOf(nodeGroup, "InstanceTypes"),
      ...madeByCloudFormation(nodeGroup),
      Subnets: nodeGroup.subnetIds,
      ScalingConfig: { MinSize: 0, DesiredSize: 0, MaxSize: nodeGroup.maxSize },
      Labels: ownLabels(nodeGroup),
      Taints: nodeGroup.taints.map(({ key, value = "", effect }) => ({
        Key: key,
        Value: value,
        Effect: effect,
      })),
    },
  });

const makeOne = (nodeGroup: ManagedNodeGroupFacts, input: NodeGroupRuleFacts): string =>
  `With eksctl: echo '${eksctlConfig(nodeGroup, input)}' | eksctl create nodegroup --config-file=- . With CloudFormation: ${cloudFormation(nodeGroup, input)}`;

const exists = ofManaged((nodeGroup, input) => {
  const { policy, facts, cluster } = input;
  if (nodeGroup.capacityType !== "ON_DEMAND" || facts.spotNodeGroup !== undefined) return undefined;
  const wanted = nameFor(nodeGroup, policy.spotNodeGroup);
  const why =
    policy.spotNodeGroup === ""
      ? `node group ${nodeGroup.name} is managed by EKS, which lets it buy On-Demand alone, and ${limitName("spotNodeGroup")} names none that buys Spot`
      : `EKS shows no node group ${policy.spotNodeGroup} of cluster ${cluster.name}, which ${limitName("spotNodeGroup")} names`;
  return {
    code: "SPOT_NODE_GROUP_MISSING",
    sentence: `There is nowhere to go: ${why}. Make one, and set ${limitName("spotNodeGroup")} to ${wanted}. ${makeOne(nodeGroup, input)}`,
  };
});

const spellTaint = ({ key, value = "", effect }: Taint): string => `${key}=${value}:${effect}`;

const missingFrom = (wanted: readonly string[], found: readonly string[]): readonly string[] =>
  wanted.filter((one) => !found.includes(one));

const spellLabels = (group: ManagedNodeGroupFacts): readonly string[] =>
  Object.entries(ownLabels(group)).map(([key, value]) => `${key}=${value}`);

const zonesNeeded = ({ facts, target }: NodeGroupRuleFacts): readonly string[] => [
  ...new Set(
    membersInScope(facts, scopeOfTarget(target))
      .filter(isOnDemand)
      .map(({ zoneName }) => zoneName),
  ),
];

/** Nodes join and are Ready without what a launch template gives them; pods that need it fail. Each group may have one of its own: which, says nothing. */
const madeOtherwise = (
  { name, launchTemplate, diskSizeGib = 0 }: ManagedNodeGroupFacts,
  spot: ManagedNodeGroupFacts,
): readonly string[] => [
  ...(launchTemplate === undefined || spot.launchTemplate !== undefined
    ? []
    : [
        `has no launch template, by which node group ${name} has its security groups, user data and disks (${launchTemplate.id}, version ${launchTemplate.version})`,
      ]),
  ...(spot.diskSizeGib === undefined || spot.diskSizeGib >= diskSizeGib
    ? []
    : [`has disks of ${String(spot.diskSizeGib)} GiB instead of ${String(diskSizeGib)}`]),
];

/** In words, what the Spot node group has otherwise. */
const differences = (
  nodeGroup: ManagedNodeGroupFacts,
  spot: ManagedNodeGroupFacts,
  input: NodeGroupRuleFacts,
): readonly string[] => {
  const labels = missingFrom(spellLabels(nodeGroup), spellLabels(spot));
  const taints = nodeGroup.taints.map(spellTaint);
  const spotTaints = spot.taints.map(spellTaint);
  const lost = missingFrom(taints, spotTaints);
  const added = missingFrom(spotTaints, taints);
  const zones = input.facts.spotGroup?.zones.map(({ zoneName }) => zoneName) ?? [];
  const unserved = missingFrom(zonesNeeded(input), zones);
  return [
    ...(spot.capacityType === "SPOT" ? [] : [`buys ${spot.capacityType}`]),
    ...(spot.instanceTypes.length > 0
      ? []
      : ["names no instance types of its own (they are in its launch template)"]),
    ...(spot.amiType === nodeGroup.amiType
      ? []
      : [`has image type ${spot.amiType} instead of ${nodeGroup.amiType}`]),
    ...madeOtherwise(nodeGroup, spot),
    ...(labels.length === 0 ? [] : [`lacks label ${listed(labels)}`]),
    ...(lost.length === 0 ? [] : [`lacks taint ${listed(lost)}`]),
    ...(added.length === 0 ? [] : [`has taint ${listed(added)} besides`]),
    ...(unserved.length === 0 ? [] : [`has no subnet in ${listed(unserved)}`]),
  ];
};

const isLike = ofManaged((nodeGroup, input) => {
  const { spotNodeGroup: spot } = input.facts;
  if (spot === undefined || nodeGroup.capacityType !== "ON_DEMAND") return undefined;
  const found = differences(nodeGroup, spot, input);
  return found.length === 0
    ? undefined
    : {
        code: "SPOT_NODE_GROUP_UNLIKE",
        sentence: `Spot node group ${spot.name} is not like node group ${nodeGroup.name}: it ${listed(found)}. Pods would find no place there, or others would: change it, or name another in ${limitName("spotNodeGroup")}. ${makeOne(nodeGroup, input)}`,
      };
});

const hasRoom = ofManaged((_nodeGroup, { cluster, target, facts: { spotNodeGroup: spot } }) => {
  if (spot === undefined || spot.desiredSize < spot.maxSize) return undefined;
  const { name, minSize, maxSize, desiredSize } = spot;
  const config = `minSize=${String(minSize)},maxSize=${String(maxSize + 1)},desiredSize=${String(desiredSize)}`;
  return {
    code: "SPOT_NODE_GROUP_AT_MAXIMUM",
    sentence: `Spot node group ${name} of cluster ${cluster.name} is at its maximum of ${String(maxSize)}: raise it (aws eks update-nodegroup-config --region ${target.region} --cluster-name ${cluster.name} --nodegroup-name ${name} --scaling-config ${config}).`,
  };
});

export const spotNodeGroupRules: readonly NodeGroupRule[] = [exists, isLike, hasRoom];
