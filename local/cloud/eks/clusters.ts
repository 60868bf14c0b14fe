/** DescribeCluster, ListClusters. Source: EKS API reference. */
import type {
  Cluster as ClusterShown,
  DescribeClusterRequest,
  DescribeClusterResponse,
  ListClustersRequest,
  ListClustersResponse,
} from "@aws-sdk/client-eks";
import type { Handler, ServiceModule } from "../contract.ts";
import { kubernetesVersion } from "../kubernetes/discovery.ts";
import { clusterOf, pageOf, type EksContext } from "./context.ts";
import type { Cluster } from "./state.ts";

const shown = (cluster: Cluster): ClusterShown => ({
  name: cluster.name,
  arn: cluster.arn,
  createdAt: new Date(cluster.createdAt),
  version: kubernetesVersion,
  endpoint: cluster.endpoint,
  roleArn: `arn:aws:iam::${cluster.accountId}:role/eks-cluster`,
  resourcesVpcConfig: {
    subnetIds: [...cluster.subnetIds],
    endpointPublicAccess: true,
    endpointPrivateAccess: true,
    publicAccessCidrs: ["0.0.0.0/0"],
  },
  kubernetesNetworkConfig: { serviceIpv4Cidr: "172.20.0.0/16", ipFamily: "ipv4" },
  status: cluster.status,
  certificateAuthority: {
    data: Buffer.from(cluster.kubernetes.pki.authority).toString("base64"),
  },
  platformVersion: "eks.1",
  accessConfig: { authenticationMode: cluster.authenticationMode },
  tags: {},
});

export const clusterOperations = (context: EksContext): ServiceModule["operations"] => {
  const describe: Handler<DescribeClusterRequest, DescribeClusterResponse> = (call, { name }) => ({
    cluster: shown(clusterOf(context, call, name)),
  });
  const list: Handler<ListClustersRequest, ListClustersResponse> = (call, input) => {
    const own = [...context.clusters.values()].filter(
      ({ accountId, region }) => accountId === call.caller.accountId && region === call.region,
    );
    const { names, nextToken } = pageOf(
      own.map(({ name }) => name),
      input,
    );
    return { clusters: names, nextToken };
  };
  return { DescribeCluster: describe, ListClusters: list };
};
