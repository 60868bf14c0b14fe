/**
 * Managed node groups: each is an Auto Scaling group of EKS's making. Source: EKS API reference, DescribeNodegroup,
 * UpdateNodegroupConfig, DescribeUpdate.
 */
import type {
  DescribeNodegroupRequest,
  DescribeNodegroupResponse,
  DescribeUpdateRequest,
  DescribeUpdateResponse,
  ListNodegroupsRequest,
  ListNodegroupsResponse,
  Nodegroup as NodegroupShown,
  NodegroupScalingConfig,
  Update,
  UpdateParam,
  UpdateParamType,
  UpdateNodegroupConfigRequest,
  UpdateNodegroupConfigResponse,
} from "@aws-sdk/client-eks";
import type { Call, Handler, ServiceModule } from "../contract.ts";
import {
  clusterOf,
  inUse,
  invalidParameter,
  nodegroupOf,
  notFound,
  pageOf,
  type EksContext,
} from "./context.ts";
import { nodegroupArn } from "./authorization.ts";
import type { Cluster, Nodegroup } from "./state.ts";

/** † A change of the sizes is done within so long. */
const updateMs = 8000;

/** As they are in the Auto Scaling group, which others change too. */
const sizesOf = (
  { groups }: EksContext,
  { accountId, region }: Cluster,
  { groupName }: Nodegroup,
): Required<NodegroupScalingConfig> => {
  const group = groups.find({ accountId, region, name: groupName });
  return {
    minSize: group?.min ?? 0,
    maxSize: group?.max ?? 0,
    desiredSize: group?.desired ?? 0,
  };
};

const isDone = ({ clock }: EksContext, { doneAt }: { readonly doneAt: number }): boolean =>
  clock.now() >= doneAt;

const statusOf = (context: EksContext, { status, updates }: Nodegroup): Nodegroup["status"] => {
  if (status !== "ACTIVE") return status;
  return [...updates.values()].every((each) => isDone(context, each)) ? "ACTIVE" : "UPDATING";
};

const shown = (context: EksContext, cluster: Cluster, nodegroup: Nodegroup): NodegroupShown => ({
  nodegroupName: nodegroup.name,
  nodegroupArn: nodegroupArn(cluster, nodegroup),
  clusterName: cluster.name,
  createdAt: new Date(nodegroup.createdAt),
  status: statusOf(context, nodegroup),
  capacityType: nodegroup.capacityType,
  scalingConfig: sizesOf(context, cluster, nodegroup),
  instanceTypes: [...nodegroup.instanceTypes],
  subnets: [...nodegroup.subnetIds],
  amiType: "AL2023_x86_64_STANDARD",
  // One or the other.
  ...(nodegroup.launchTemplate === undefined
    ? { diskSize: nodegroup.diskSizeGib }
    : { launchTemplate: { ...nodegroup.launchTemplate } }),
  nodeRole: nodegroup.nodeRole,
  labels: { ...nodegroup.labels },
  taints: [...nodegroup.taints],
  resources: { autoScalingGroups: [{ name: nodegroup.groupName }] },
  health: { issues: [] },
  updateConfig: { maxUnavailable: 1 },
  tags: { ...nodegroup.tags },
});

const checkSizes = ({ minSize, maxSize, desiredSize }: Required<NodegroupScalingConfig>): void => {
  const [min, max, desired] = [minSize ?? 0, maxSize ?? 0, desiredSize ?? 0];
  if (min > desired) {
    throw invalidParameter(
      `Minimum capacity ${String(min)} can't be greater than desired size ${String(desired)}`,
    );
  }
  if (desired > max) {
    throw invalidParameter(
      `Desired capacity ${String(desired)} can't be greater than max size ${String(max)}`,
    );
  }
};

const resize = (
  context: EksContext,
  cluster: Cluster,
  change: {
    readonly nodegroup: Nodegroup;
    readonly wanted: NodegroupScalingConfig;
    readonly call: Call;
  },
): void => {
  const { nodegroup, wanted, call } = change;
  const sizes = { ...sizesOf(context, cluster, nodegroup), ...wanted };
  checkSizes(sizes);
  const { accountId, region } = cluster;
  context.groups.resize(
    { accountId, region, name: nodegroup.groupName },
    { MinSize: sizes.minSize, MaxSize: sizes.maxSize, DesiredCapacity: sizes.desiredSize },
    call,
  );
};

const paramsOf = ({ minSize, maxSize, desiredSize }: NodegroupScalingConfig): UpdateParam[] => {
  const sizes: readonly (readonly [UpdateParamType, number | undefined])[] = [
    ["MinSize", minSize],
    ["MaxSize", maxSize],
    ["DesiredSize", desiredSize],
  ];
  return sizes.flatMap(([type, value]) =>
    value === undefined ? [] : [{ type, value: String(value) }],
  );
};

const beginUpdate = (
  context: EksContext,
  nodegroup: Nodegroup,
  input: UpdateNodegroupConfigRequest,
): Update => {
  const id = context.random.hex(32);
  const { scalingConfig = {} } = input;
  const update: Update = {
    id,
    status: "InProgress",
    type: "ConfigUpdate",
    params: paramsOf(scalingConfig),
    createdAt: new Date(context.clock.now()),
    errors: [],
  };
  nodegroup.updates.set(id, { update, doneAt: context.clock.now() + updateMs });
  return update;
};

const updating =
  (context: EksContext): Handler<UpdateNodegroupConfigRequest, UpdateNodegroupConfigResponse> =>
  (call, input) => {
    const cluster = clusterOf(context, call, input.clusterName);
    const nodegroup = nodegroupOf(cluster, input.nodegroupName);
    if (statusOf(context, nodegroup) !== "ACTIVE") {
      throw inUse("Nodegroup cannot be updated as it is currently not in Active State");
    }
    if (input.scalingConfig !== undefined) {
      resize(context, cluster, { nodegroup, wanted: input.scalingConfig, call });
    }
    const { addOrUpdateLabels = {}, removeLabels = [] } = input.labels ?? {};
    const labels = { ...nodegroup.labels, ...addOrUpdateLabels };
    nodegroup.labels = Object.fromEntries(
      Object.entries(labels).filter(([key]) => !removeLabels.includes(key)),
    );
    return { update: beginUpdate(context, nodegroup, input) };
  };

export const nodegroupOperations = (context: EksContext): ServiceModule["operations"] => {
  const describe: Handler<DescribeNodegroupRequest, DescribeNodegroupResponse> = (call, input) => {
    const cluster = clusterOf(context, call, input.clusterName);
    return { nodegroup: shown(context, cluster, nodegroupOf(cluster, input.nodegroupName)) };
  };
  const list: Handler<ListNodegroupsRequest, ListNodegroupsResponse> = (call, input) => {
    const { nodegroups } = clusterOf(context, call, input.clusterName);
    const { names, nextToken } = pageOf(nodegroups.keys(), input);
    return { nodegroups: names, nextToken };
  };
  const describeUpdate: Handler<DescribeUpdateRequest, DescribeUpdateResponse> = (call, input) => {
    const cluster = clusterOf(context, call, input.name);
    const { updates } = nodegroupOf(cluster, input.nodegroupName);
    const found = updates.get(input.updateId ?? "");
    if (found === undefined) throw notFound(`No update found for ID: ${input.updateId ?? ""}`);
    const { update } = found;
    return { update: isDone(context, found) ? { ...update, status: "Successful" } : update };
  };
  return {
    DescribeNodegroup: describe,
    ListNodegroups: list,
    UpdateNodegroupConfig: updating(context),
    DescribeUpdate: describeUpdate,
  };
};
