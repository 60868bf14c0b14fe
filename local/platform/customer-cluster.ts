/**
 * An EKS cluster in a customer's account: On-Demand nodes of a self-managed or of a managed group, a managed Spot node group with none, and
 * workloads.
 */
import type { AuthenticationMode } from "@aws-sdk/client-eks";
import { terminationHook } from "../cloud/eks/draining.ts";
import type { KubeCluster } from "../cloud/kubernetes/cluster.ts";
import { addGroup, enrolled, type GroupDescription, type Surroundings } from "./customer-group.ts";
import { addWorkloads, starterWorkloads, type WorkloadDescription } from "./customer-workloads.ts";

export interface ClusterDescription {
  /** Of the group of On-Demand nodes. Default 3, from 1 to 6. */
  readonly nodes?: Pick<GroupDescription, "size" | "min" | "max" | "zones" | "tags" | "definition">;
  /** EKS manages the group. Default: its owner. */
  readonly isManaged?: boolean;
  /** Of the managed Spot node group. Default 3. */
  readonly spotMax?: number;
  readonly workloads?: readonly WorkloadDescription[];
  /** Default: API_AND_CONFIG_MAP. */
  readonly authenticationMode?: AuthenticationMode;
}

export interface ClusterOfOwner {
  readonly place: { readonly accountId: string; readonly region: string };
  readonly name: string;
  readonly kubernetes: KubeCluster;
  /** Of the nodes. */
  readonly instanceIds: readonly string[];
  /** Of their Auto Scaling group. */
  readonly groupName: string;
  readonly isManaged: boolean;
  /** `workers`: as EKS knows it, or as its owner calls it. */
  readonly nodeGroup: string;
  readonly spotNodeGroup: string;
  /** Of the Auto Scaling group behind that. */
  readonly spotGroupName: string;
}

const userDataOf = (name: string): string => `#!/bin/bash\n/etc/eks/bootstrap.sh ${name}\n`;

const nodeGroup = "workers";
const spotNodeGroup = "spot";

const eksTags = (name: string, group: string): Readonly<Record<string, string>> => ({
  "eks:cluster-name": name,
  "eks:nodegroup-name": group,
});

interface SpotGroup {
  readonly groupName: string;
  readonly imageId: string;
  readonly max: number;
  readonly zones: number;
}

/** Its zones are those of the other nodes. */
const addSpotGroup = (
  account: Surroundings,
  name: string,
  { groupName, imageId, max, zones }: SpotGroup,
): void => {
  const { platform, accountId, region } = account;
  const place = { accountId, region };
  const { fleet } = platform.ec2.control;
  const subnets = fleet.subnets(place, "m5.large").slice(0, zones);
  const template = fleet.addTemplate(place, {
    name: groupName,
    data: {
      ImageId: imageId,
      InstanceType: "m5.large",
      InstanceMarketOptions: { MarketType: "spot" },
      UserData: Buffer.from(userDataOf(name)).toString("base64"),
    },
  });
  platform.autoScaling.control.addGroup({
    ...place,
    name: groupName,
    min: 0,
    max,
    desired: 0,
    members: [],
    hooks: [terminationHook],
    tags: Object.entries({ ...enrolled, ...eksTags(name, spotNodeGroup) }).map(([Key, Value]) => ({
      Key,
      Value,
      // EKS's own alone: the owner's enrolment is of the group.
      PropagateAtLaunch: Key.startsWith("eks:"),
    })),
    definition: {
      LaunchTemplate: { LaunchTemplateId: template.id, Version: "$Latest" },
      VPCZoneIdentifier: subnets.map(({ id }) => id).join(","),
    },
  });
  platform.eks.control.addNodegroup({
    cluster: { ...place, name },
    name: spotNodeGroup,
    capacityType: "SPOT",
    instanceTypes: ["m5.large"],
    subnetIds: subnets.map(({ id }) => id),
    tags: enrolled,
    groupName,
  });
};

/** EKS's own group of the nodes that are there. */
const addManagedGroup = (
  { platform, accountId, region }: Surroundings,
  name: string,
  { groupName, zones }: { readonly groupName: string; readonly zones: number },
): void => {
  const place = { accountId, region };
  const subnets = platform.ec2.control.fleet.subnets(place, "m5.large").slice(0, zones);
  platform.eks.control.addNodegroup({
    cluster: { ...place, name },
    name: nodeGroup,
    capacityType: "ON_DEMAND",
    instanceTypes: ["m5.large"],
    subnetIds: subnets.map(({ id }) => id),
    tags: enrolled,
    groupName,
  });
};

const described = { isManaged: false, spotMax: 3, workloads: starterWorkloads } as const;
const defaults = { size: 3, min: 1, max: 6, zones: 2 } as const;

/** On-Demand instances that have been in the group for long. */
const addNodes = (
  account: Surroundings,
  name: string,
  {
    nodes,
    isManaged,
    groupName,
  }: Required<Pick<ClusterDescription, "nodes" | "isManaged">> & Pick<ClusterOfOwner, "groupName">,
): readonly string[] => {
  const { platform, accountId, region } = account;
  const userData = userDataOf(name);
  const managedTags = isManaged ? eksTags(name, nodeGroup) : {};
  addGroup(account, {
    ...nodes,
    name: groupName,
    isBehindLoadBalancer: false,
    ...(isManaged && { hooks: [terminationHook] }),
    member: {
      userData,
      tags: { ...enrolled, ...managedTags, [`kubernetes.io/cluster/${name}`]: "owned" },
    },
    template: { UserData: Buffer.from(userData).toString("base64") },
  });
  const group = platform.autoScaling.control.find({ accountId, region, name: groupName });
  return (group?.members ?? []).map(({ instanceId }) => instanceId);
};

/** The nodes are Ready, and the pods run, after a minute. */
export const addCluster = (
  account: Surroundings,
  name: string,
  description: ClusterDescription = {},
): ClusterOfOwner => {
  const { platform, accountId, region } = account;
  const place = { accountId, region };
  const { isManaged, spotMax: max, workloads } = { ...described, ...description };
  const { authenticationMode } = description;
  const nodes = { ...defaults, ...description.nodes };
  const { zones } = nodes;
  const kubernetes = platform.eks.control.addCluster({
    ...{ ...place, name },
    ...(authenticationMode === undefined ? {} : { authenticationMode }),
  });
  const groupName = isManaged ? `eks-${nodeGroup}-${name}` : `${name}-nodes`;
  const spotGroupName = `eks-${spotNodeGroup}-${name}`;
  const instanceIds = addNodes(account, name, { nodes, isManaged, groupName });
  if (isManaged) addManagedGroup(account, name, { groupName, zones });
  const imageId = platform.ec2.control.find(instanceIds[0] ?? "")?.imageId ?? "";
  addSpotGroup(account, name, { groupName: spotGroupName, imageId, max, zones });
  for (const id of instanceIds) platform.eks.control.addNode(place, id);
  addWorkloads(kubernetes, workloads);
  return {
    place,
    name,
    kubernetes,
    instanceIds,
    groupName,
    isManaged,
    nodeGroup,
    spotNodeGroup,
    spotGroupName,
  };
};
