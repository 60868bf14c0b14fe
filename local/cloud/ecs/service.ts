/**
 * ECS, as far as which instances its clusters have: ListClusters, DescribeClusters, ListContainerInstances, DescribeContainerInstances, and
 * set-up. Source: Amazon ECS API reference, these four (pages of up to 100; a describe takes up to 100; an unknown cluster is a failure of
 * DescribeClusters, and ClusterNotFoundException of the others).
 */
import type {
  DescribeClustersRequest,
  DescribeClustersResponse,
  DescribeContainerInstancesRequest,
  DescribeContainerInstancesResponse,
  ListClustersRequest,
  ListClustersResponse,
  ListContainerInstancesRequest,
  ListContainerInstancesResponse,
} from "@aws-sdk/client-ecs";
import { type Call, CloudError, type Handler, type ServiceModule } from "../contract.ts";

interface Cluster {
  readonly accountId: string;
  readonly region: string;
  /** Default: `default`, as ECS calls its first one. */
  readonly name?: string;
  /** Of EC2, or `mi-…` of a machine elsewhere. */
  readonly instanceIds: readonly string[];
}

export interface EcsService extends ServiceModule {
  addCluster(cluster: Cluster): void;
}

const largestPage = 100;

const clusterArn = ({ accountId, region, name = "default" }: Cluster): string =>
  `arn:aws:ecs:${region}:${accountId}:cluster/${name}`;

const instanceArn = (cluster: Cluster, instanceId: string): string =>
  `${clusterArn(cluster).replace(":cluster/", ":container-instance/")}/${instanceId.replace(/^m?i-/, "")}`;

const pageOf = <Row>(
  rows: readonly Row[],
  {
    nextToken = "0",
    maxResults = largestPage,
  }: { nextToken?: string | undefined; maxResults?: number | undefined },
): { items: Row[]; nextToken?: string } => {
  const end = Number(nextToken) + maxResults;
  return {
    items: rows.slice(Number(nextToken), end),
    ...(end < rows.length && { nextToken: String(end) }),
  };
};

const requireFew = (asked: readonly string[]): void => {
  if (asked.length <= largestPage) return;
  throw new CloudError(
    "InvalidParameterException",
    `At most ${String(largestPage)} may be described.`,
    400,
  );
};

type Named = (call: Call, cluster: string | undefined) => Cluster;

const describeClusters =
  (
    here: (call: Call) => readonly Cluster[],
  ): Handler<DescribeClustersRequest, DescribeClustersResponse> =>
  (call, { clusters = ["default"] }) => {
    requireFew(clusters);
    const found = here(call).filter((each) => clusters.includes(clusterArn(each)));
    return {
      clusters: found.map((each) => ({
        clusterArn: clusterArn(each),
        clusterName: each.name ?? "default",
        status: "ACTIVE",
        registeredContainerInstancesCount: each.instanceIds.length,
      })),
      failures: clusters
        .filter((arn) => !found.some((each) => clusterArn(each) === arn))
        .map((arn) => ({ arn, reason: "MISSING" })),
    };
  };

const listInstances =
  (named: Named): Handler<ListContainerInstancesRequest, ListContainerInstancesResponse> =>
  (call, input) => {
    const cluster = named(call, input.cluster);
    const { items, ...next } = pageOf(cluster.instanceIds, input);
    return { containerInstanceArns: items.map((id) => instanceArn(cluster, id)), ...next };
  };

const describeInstances =
  (named: Named): Handler<DescribeContainerInstancesRequest, DescribeContainerInstancesResponse> =>
  (call, { cluster: name, containerInstances = [] }) => {
    requireFew(containerInstances);
    const cluster = named(call, name);
    const found = cluster.instanceIds.filter((id) =>
      containerInstances.includes(instanceArn(cluster, id)),
    );
    return {
      containerInstances: found.map((id) => ({
        containerInstanceArn: instanceArn(cluster, id),
        ec2InstanceId: id,
        status: "ACTIVE",
      })),
      failures: [],
    };
  };

export const createEcs = (): EcsService => {
  const known: Cluster[] = [];
  const here = ({ caller, region }: Call): readonly Cluster[] =>
    known.filter((each) => each.accountId === caller.accountId && each.region === region);
  const named: Named = (call, cluster = "default") => {
    const found = here(call).find(
      (each) => clusterArn(each) === cluster || (each.name ?? "default") === cluster,
    );
    if (found !== undefined) return found;
    throw new CloudError("ClusterNotFoundException", "Cluster not found.", 400);
  };
  const listClusters: Handler<ListClustersRequest, ListClustersResponse> = (call, input) => {
    const { items, ...next } = pageOf(here(call), input);
    return { clusterArns: items.map(clusterArn), ...next };
  };
  return {
    service: "ecs",
    operations: {
      ListClusters: listClusters,
      DescribeClusters: describeClusters(here),
      ListContainerInstances: listInstances(named),
      DescribeContainerInstances: describeInstances(named),
    },
    addCluster: (cluster) => {
      known.push(cluster);
    },
  };
};
