/** EKS: clusters with the address and the authority of their API servers, and managed node groups with their sizes. */
import {
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  UpdateNodegroupConfigCommand,
  type Cluster,
  type EKSClient,
  type Nodegroup,
  type NodegroupScalingConfig,
} from "@aws-sdk/client-eks";
import type {
  EksClusterFacts,
  ManagedNodeGroupFacts,
} from "../../core/model/kubernetes/cluster.ts";
import { acted, type Acted } from "./acted.ts";
import { orAbsent } from "./or-absent.ts";
import { required } from "./required.ts";
import { callAws } from "./translate-error.ts";
import { withoutUndefined } from "./without-undefined.ts";

export interface EksCluster {
  readonly facts: EksClusterFacts;
  /** `https://…`, of the API server. */
  readonly endpoint: string;
  /** Certificate of the authority that has signed the API server's, PEM. */
  readonly authority: string;
  /** AWS's clock, to the second, when it answered. Absent: the answer had no date. */
  readonly answeredAt?: Date;
}

const clusterFacts = (cluster: Cluster, name: string): EksClusterFacts => ({
  name,
  arn: required(cluster.arn, `the ARN of cluster ${name}`),
  status: required(cluster.status, `the status of cluster ${name}`),
  version: required(cluster.version, `the version of cluster ${name}`),
  // Clusters from before access entries have none of it: they read the ConfigMap.
  authenticationMode: cluster.accessConfig?.authenticationMode ?? "CONFIG_MAP",
  isEndpointPublic: cluster.resourcesVpcConfig?.endpointPublicAccess ?? false,
  isZonalShiftEnabled: cluster.zonalShiftConfig?.enabled ?? false,
});

/** Calls eks:DescribeCluster. @throws BrokenNotFound; BrokenFacts for one that has no API server yet */
export const readCluster = async (eks: EKSClient, name: string): Promise<EksCluster> => {
  const command = new DescribeClusterCommand({ name });
  let date: string | undefined;
  // The SDK keeps no header of the answer.
  command.middlewareStack.add(
    (next) => async (sent) => {
      const answered = await next(sent);
      const { headers } = answered.response as { readonly headers?: Record<string, string> };
      date = headers?.date ?? headers?.Date;
      return answered;
    },
    { step: "deserialize", name: "dateOfAnswer", priority: "low" },
  );
  const answer = await callAws({ action: "DescribeCluster", resource: name }, () =>
    eks.send(command),
  );
  const cluster = required(answer.cluster, `cluster ${name}`);
  const authority = required(
    cluster.certificateAuthority?.data,
    `the certificate authority of cluster ${name}`,
  );
  const answeredMs = Date.parse(date ?? "");
  return withoutUndefined({
    facts: clusterFacts(cluster, name),
    endpoint: required(cluster.endpoint, `the endpoint of cluster ${name}`),
    authority: Buffer.from(authority, "base64").toString("utf8"),
    answeredAt: Number.isNaN(answeredMs) ? undefined : new Date(answeredMs),
  });
};

export interface NodeGroupName {
  readonly clusterName: string;
  readonly nodeGroup: string;
}

type Sizes = Pick<ManagedNodeGroupFacts, "minSize" | "maxSize" | "desiredSize">;

const sizesOf = ({ scalingConfig }: Nodegroup, of: string): Sizes => ({
  minSize: required(scalingConfig?.minSize, `the minimum ${of}`),
  maxSize: required(scalingConfig?.maxSize, `the maximum ${of}`),
  desiredSize: required(scalingConfig?.desiredSize, `the desired size ${of}`),
});

const taintsOf = ({ taints = [] }: Nodegroup, of: string): ManagedNodeGroupFacts["taints"] =>
  taints.map(({ key, value, effect }) =>
    withoutUndefined({
      key: required(key, `the key of a taint ${of}`),
      value,
      effect: required(effect, `the effect of a taint ${of}`),
    }),
  );

const issuesOf = ({ health }: Nodegroup): readonly string[] =>
  (health?.issues ?? []).map(({ code = "unknown", message = "", resourceIds = [] }) =>
    [code, message, ...resourceIds].filter((part) => part !== "").join(" "),
  );

/** Source: Amazon EKS API reference, Nodegroup: one has a launch template of its owner's, or a disk size. */
const makingOf = ({
  launchTemplate,
  diskSize,
}: Nodegroup): Pick<ManagedNodeGroupFacts, "launchTemplate" | "diskSizeGib"> => {
  const { id, version } = launchTemplate ?? {};
  return {
    ...(id === undefined || version === undefined ? {} : { launchTemplate: { id, version } }),
    ...(diskSize === undefined ? {} : { diskSizeGib: diskSize }),
  };
};

const nodeGroupFacts = (group: Nodegroup, name: string): ManagedNodeGroupFacts => {
  const of = `of node group ${name}`;
  // One with types in its launch template has none here.
  const { instanceTypes = [], labels = {}, resources } = group;
  return {
    name,
    status: required(group.status, `the status ${of}`),
    capacityType: required(group.capacityType, `the capacity type ${of}`),
    ...sizesOf(group, of),
    subnetIds: required(group.subnets, `the subnets ${of}`),
    instanceTypes,
    labels,
    taints: taintsOf(group, of),
    amiType: required(group.amiType, `the image type ${of}`),
    isAutoRepaired: group.nodeRepairConfig?.enabled ?? false,
    asgNames: (resources?.autoScalingGroups ?? []).flatMap(({ name: asg }) => asg ?? []),
    healthIssues: issuesOf(group),
    ...makingOf(group),
    ...withoutUndefined({ nodeRole: group.nodeRole, tags: group.tags }),
  };
};

/** Calls eks:DescribeNodegroup. Undefined where there is none of that name, as for a self-managed one. */
export const readNodeGroup = async (
  eks: EKSClient,
  { clusterName, nodeGroup }: NodeGroupName,
): Promise<ManagedNodeGroupFacts | undefined> => {
  const about = { action: "DescribeNodegroup", resource: `${nodeGroup} of ${clusterName}` };
  const answer = await orAbsent(() =>
    callAws(about, () =>
      eks.send(new DescribeNodegroupCommand({ clusterName, nodegroupName: nodeGroup })),
    ),
  );
  if (answer === undefined) return undefined;
  return nodeGroupFacts(required(answer.nodegroup, `node group ${nodeGroup}`), nodeGroup);
};

/**
 * Sets what is given of a managed node group's sizes and leaves the rest. Not to be used to lower the desired size: EKS chooses then
 * which node goes. Calls eks:UpdateNodegroupConfig.
 * @throws RetryableContention while another update of the group is under way
 */
export const resizeNodeGroup = async (
  eks: EKSClient,
  { clusterName, nodeGroup }: NodeGroupName,
  sizes: Readonly<Pick<NodegroupScalingConfig, "desiredSize" | "minSize">> & {
    readonly clientToken: string;
  },
): Promise<Acted> => {
  const { clientToken, ...scalingConfig } = sizes;
  const about = { action: "UpdateNodegroupConfig", resource: `${nodeGroup} of ${clusterName}` };
  return acted(
    await callAws(about, () =>
      eks.send(
        new UpdateNodegroupConfigCommand({
          clusterName,
          nodegroupName: nodeGroup,
          clientRequestToken: clientToken,
          scalingConfig,
        }),
      ),
    ),
  );
};
