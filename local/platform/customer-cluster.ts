/**
 * An EKS cluster in a customer's account: three On-Demand nodes of a self-managed group, a managed Spot node group with none, and workloads
 * with a budget, with a volume, and one for each node.
 */
import { terminationHook } from "../cloud/eks/draining.ts";
import type { KubeCluster } from "../cloud/kubernetes/cluster.ts";
import type { PodSpec } from "../cloud/kubernetes/objects.ts";
import { addGroup, enrolled, type Surroundings } from "./customer-group.ts";

export interface ClusterOfOwner {
  readonly place: { readonly accountId: string; readonly region: string };
  readonly name: string;
  readonly kubernetes: KubeCluster;
  /** Of the nodes. */
  readonly instanceIds: readonly string[];
  /** Of the self-managed Auto Scaling group. */
  readonly groupName: string;
}

const namespace = "default";

const container = (cpu: string, memory: string): Pick<PodSpec, "containers"> => ({
  containers: [{ name: "main", image: "example/app:1", resources: { requests: { cpu, memory } } }],
});

const labelled = (app: string) => ({
  selector: { matchLabels: { app } },
  labels: { app },
});

const addWorkloads = ({ control }: KubeCluster): void => {
  const web = labelled("web");
  control.add("deployments", {
    metadata: { name: "web", namespace, labels: web.labels },
    spec: {
      replicas: 6,
      selector: web.selector,
      template: { metadata: { labels: web.labels }, spec: container("250m", "256Mi") },
    },
  });
  control.add("poddisruptionbudgets", {
    metadata: { name: "web", namespace },
    spec: { maxUnavailable: 1, selector: web.selector },
  });
  const db = labelled("db");
  control.add("statefulsets", {
    metadata: { name: "db", namespace, labels: db.labels },
    spec: {
      replicas: 1,
      selector: db.selector,
      template: { metadata: { labels: db.labels }, spec: container("250m", "512Mi") },
      volumeClaimTemplates: [{ metadata: { name: "data" } }],
    },
  });
  const agent = labelled("agent");
  control.add("daemonsets", {
    metadata: { name: "agent", namespace: "kube-system", labels: agent.labels },
    spec: {
      selector: agent.selector,
      template: { metadata: { labels: agent.labels }, spec: container("50m", "64Mi") },
    },
  });
};

const userDataOf = (name: string): string => `#!/bin/bash\n/etc/eks/bootstrap.sh ${name}\n`;

/** Its zones are those of its Auto Scaling group. */
const addSpotGroup = (
  account: Surroundings,
  name: string,
  { groupName, imageId }: { readonly groupName: string; readonly imageId: string },
): void => {
  const { platform, accountId, region } = account;
  const place = { accountId, region };
  const { fleet } = platform.ec2.control;
  const subnets = fleet.subnets(place, "m5.large").slice(0, 2);
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
    max: 3,
    desired: 0,
    members: [],
    hooks: [terminationHook],
    tags: ["eks:cluster-name", "eks:nodegroup-name"].map((Key, index) => ({
      Key,
      Value: index === 0 ? name : "spot",
      PropagateAtLaunch: true,
    })),
    definition: {
      LaunchTemplate: { LaunchTemplateId: template.id, Version: "$Latest" },
      VPCZoneIdentifier: subnets.map(({ id }) => id).join(","),
    },
  });
  platform.eks.control.addNodegroup({
    cluster: { ...place, name },
    name: "spot",
    capacityType: "SPOT",
    instanceTypes: ["m5.large"],
    subnetIds: subnets.map(({ id }) => id),
    groupName,
  });
};

/** The nodes are Ready, and the pods run, after a minute. */
export const addCluster = (account: Surroundings, name: string): ClusterOfOwner => {
  const { platform, accountId, region } = account;
  const place = { accountId, region };
  const kubernetes = platform.eks.control.addCluster({ ...place, name });
  const groupName = `${name}-nodes`;
  const userData = userDataOf(name);
  addGroup(account, {
    name: groupName,
    size: 3,
    min: 1,
    max: 6,
    isBehindLoadBalancer: false,
    member: { userData, tags: { ...enrolled, [`kubernetes.io/cluster/${name}`]: "owned" } },
    template: { UserData: Buffer.from(userData).toString("base64") },
  });
  const group = platform.autoScaling.control.find({ ...place, name: groupName });
  const instanceIds = (group?.members ?? []).map(({ instanceId }) => instanceId);
  const imageId = platform.ec2.control.find(instanceIds[0] ?? "")?.imageId ?? "";
  addSpotGroup(account, name, { groupName: `eks-spot-${name}`, imageId });
  for (const id of instanceIds) platform.eks.control.addNode(place, id);
  addWorkloads(kubernetes);
  return { place, name, kubernetes, instanceIds, groupName };
};
