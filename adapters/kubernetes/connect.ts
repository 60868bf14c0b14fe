/** The way to a cluster's API: its address and authority by EKS, a token by the session, and the client that has both. */
import type { EKSClient } from "@aws-sdk/client-eks";
import type { EksClusterFacts } from "../../core/model/kubernetes/cluster.ts";
import { readCluster } from "../aws/eks.ts";
import type { KubernetesClient, OpenCluster } from "./client.ts";

export interface ClusterConnection {
  readonly cluster: EksClusterFacts;
  readonly client: KubernetesClient;
}

const skewSeconds = (ours: Date, theirs: Date | undefined): { clockSkewSeconds?: number } =>
  theirs === undefined
    ? {}
    : { clockSkewSeconds: Math.round((ours.getTime() - theirs.getTime()) / 1000) };

/**
 * Asks nothing of the cluster itself. Calls eks:DescribeCluster.
 * @param input.roleArn that the session is of: whom the cluster has to map
 * @throws BrokenNotFound for an unknown cluster, BrokenFacts for one without an API server, BrokenClusterAccess
 */
export const connectCluster = async (
  { eks, kubernetes }: { readonly eks: EKSClient; readonly kubernetes: OpenCluster },
  input: {
    readonly clusterName: string;
    readonly roleArn: string;
    readonly now: () => Date;
  },
): Promise<ClusterConnection> => {
  const { clusterName, roleArn, now } = input;
  const { facts, endpoint, authority, answeredAt } = await readCluster(eks, clusterName);
  const at = now();
  const client = await kubernetes({
    clusterName,
    roleArn,
    endpoint,
    authority,
    now: at,
    authenticationMode: facts.authenticationMode,
    ...skewSeconds(at, answeredAt),
  });
  return { cluster: facts, client };
};
