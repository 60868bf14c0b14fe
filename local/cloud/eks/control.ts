/** What scenarios and tests do to the simulated EKS from outside its API, and how instances become its nodes. */
import type { AuthenticationMode, Taint } from "@aws-sdk/client-eks";
import type { Ec2Event } from "../ec2/events.ts";
import type { Ec2Machine } from "../ec2/machines.ts";
import { createCluster, type KubeCluster } from "../kubernetes/cluster.ts";
import type { Joining } from "../kubernetes/kubelets/machines.ts";
import { identitySource } from "./access.ts";
import type { EksContext, JoinPlan } from "./context.ts";
import { joiningOf, joins, machineOf, nodegroupTag } from "./machines.ts";
import { keyOf, type Cluster, type ClusterName, type Nodegroup, type Place } from "./state.ts";

interface ClusterDeclaration extends ClusterName {
  readonly subnetIds?: readonly string[];
  /** Default API_AND_CONFIG_MAP. */
  readonly authenticationMode?: AuthenticationMode;
}

interface NodegroupDeclaration {
  readonly cluster: ClusterName;
  readonly name: string;
  readonly capacityType: "ON_DEMAND" | "SPOT";
  readonly instanceTypes: readonly string[];
  readonly subnetIds: readonly string[];
  /** Its Auto Scaling group, which is there. */
  readonly groupName: string;
  readonly nodeRole?: string;
  readonly launchTemplate?: { readonly id: string; readonly version: string };
  /** Default 20, as EKS takes. */
  readonly diskSizeGib?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
}

export interface EksControl {
  addCluster(declaration: ClusterDeclaration): KubeCluster;
  addNodegroup(declaration: NodegroupDeclaration): void;
  /** Where DescribeCluster says that the API server is. */
  setEndpoint(cluster: ClusterName, url: string): void;
  setNodegroupStatus(cluster: ClusterName, name: string, status: Nodegroup["status"]): void;
  /** An instance that was there before the scenario began is a node at once. */
  addNode(place: Place, instanceId: string): void;
  /** How instances join from now on: the first plan that says something holds. */
  planJoining(plan: JoinPlan): () => void;
  find(cluster: ClusterName): KubeCluster | undefined;
  /** By the address that DescribeCluster tells, in any case of its letters. */
  at(endpoint: string): KubeCluster | undefined;
  clusters(): readonly (ClusterName & { readonly kubernetes: KubeCluster })[];
}

const clusterOf = (context: EksContext, place: Place, machine: Ec2Machine): Cluster | undefined =>
  [...context.clusters.values()].find(
    (cluster) =>
      cluster.accountId === place.accountId &&
      cluster.region === place.region &&
      joins(cluster, machine),
  );

const join = (
  context: EksContext,
  place: Place,
  instance: { readonly id: string; readonly joining?: Joining },
): void => {
  const { id } = instance;
  const machine = context.directory.machine(place, id);
  const cluster = machine === undefined ? undefined : clusterOf(context, place, machine);
  if (machine === undefined || cluster === undefined) return;
  const planned = [...context.plans]
    .map((plan) => plan({ instanceId: id, machine }))
    .find((joining) => joining !== undefined);
  const nodegroup = cluster.nodegroups.get(machine.tags[nodegroupTag] ?? "");
  cluster.kubernetes.control.join(
    machineOf(place, { id, machine }, nodegroup),
    instance.joining ?? planned ?? joiningOf(machine, context.clock.now()),
  );
};

const leave = (context: EksContext, id: string, how: "STOPPED" | "TERMINATED"): void => {
  for (const { kubernetes } of context.clusters.values()) kubernetes.control.leave(id, how);
};

/** From its start an instance's kubelet tries to join; with its end the node is lost, and deleted. */
export const hearEc2 = (context: EksContext, event: Ec2Event): void => {
  if (context.clusters.size === 0) return;
  const { account: accountId, region, detail } = event;
  const id = detail["instance-id"] ?? "";
  switch (detail.state) {
    case "running":
      join(context, { accountId, region }, { id });
      break;
    case "stopping":
    case "shutting-down":
      leave(context, id, "STOPPED");
      break;
    case "terminated":
      leave(context, id, "TERMINATED");
      break;
    default:
  }
};

const addCluster = (context: EksContext, declaration: ClusterDeclaration): KubeCluster => {
  const { accountId, region, name } = declaration;
  const random = context.random.fork(keyOf(declaration));
  const kubernetes = createCluster({
    name,
    clock: context.clock,
    random,
    settings: context.settings,
    source: identitySource(context.cloud, () => context.clusters.get(keyOf(declaration))),
  });
  const host = random.hex(32).toUpperCase();
  context.clusters.set(keyOf(declaration), {
    accountId,
    region,
    name,
    arn: `arn:aws:eks:${region}:${accountId}:cluster/${name}`,
    createdAt: context.clock.now(),
    subnetIds: declaration.subnetIds ?? [],
    authenticationMode: declaration.authenticationMode ?? "API_AND_CONFIG_MAP",
    kubernetes,
    entries: new Map(),
    nodegroups: new Map(),
    endpoint: `https://${host}.gr7.${region}.eks.amazonaws.com`,
    status: "ACTIVE",
  });
  return kubernetes;
};

const knownIn = ({ clusters }: EksContext, name: ClusterName): Cluster => {
  const found = clusters.get(keyOf(name));
  if (found === undefined) throw new Error(`There is no EKS cluster ${name.name}.`);
  return found;
};

export const createControl = (context: EksContext): EksControl => ({
  addCluster: (declaration) => addCluster(context, declaration),
  addNodegroup: ({ cluster: name, ...declaration }) => {
    const cluster = knownIn(context, name);
    const nodeRole = `arn:aws:iam::${cluster.accountId}:role/eks-node`;
    cluster.nodegroups.set(declaration.name, {
      labels: {},
      taints: [],
      tags: {},
      nodeRole,
      diskSizeGib: 20,
      ...declaration,
      id: context.random.hex(32),
      createdAt: context.clock.now(),
      status: "ACTIVE",
      updates: new Map(),
    });
  },
  setEndpoint: (name, url) => {
    knownIn(context, name).endpoint = url;
  },
  setNodegroupStatus: (name, nodegroup, status) => {
    const found = knownIn(context, name).nodegroups.get(nodegroup);
    if (found === undefined) throw new Error(`${name.name} has no node group ${nodegroup}.`);
    found.status = status;
  },
  addNode: (place, id) => {
    join(context, place, { id, joining: { joinMs: 0, readyMs: 0 } });
  },
  planJoining: (plan) => {
    context.plans.add(plan);
    return () => {
      context.plans.delete(plan);
    };
  },
  find: (name) => context.clusters.get(keyOf(name))?.kubernetes,
  at: (url) =>
    [...context.clusters.values()].find(
      ({ endpoint }) => endpoint.toLowerCase() === url.toLowerCase(),
    )?.kubernetes,
  clusters: () => [...context.clusters.values()],
});
