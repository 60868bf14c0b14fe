/** What a step of KUBERNETES works with beside the shared machinery: its session, and the way to the cluster's API. */
import { connectCluster, type ClusterConnection } from "../../adapters/kubernetes/connect.ts";
import type { Account } from "../../core/model/account.ts";
import type { StepOutput, StepResult } from "../evaluation/evaluation-step.ts";
import type { EvaluationSession } from "../evaluation/session.ts";
import type { ClientName, CustomerClients } from "../runtime/context.ts";

/** With the clients that are named. */
export type KubernetesSession<Name extends ClientName = never> = EvaluationSession<
  "KUBERNETES",
  Name
>;

export type KubernetesResult<Output extends StepOutput> = StepResult<Output, "KUBERNETES">;

/** Those by which a cluster's API is reached. */
type ClusterClientName = "eks" | "kubernetes";

/** With what a cluster is reached: a session of an evaluation has it. */
interface ClusterAsked {
  readonly context: { readonly now: () => Date };
  readonly evaluation: { readonly subject: { readonly clusterName: string } };
  readonly account: () => Promise<Pick<Account, "roleArn">>;
  readonly customer: () => Promise<Pick<CustomerClients, ClusterClientName>>;
}

/**
 * A token of its own for each invocation. Asks nothing of the cluster itself.
 * @throws BrokenNotFound where EKS does not show the cluster, BrokenFacts for one without an API server, BrokenClusterAccess
 */
export const connect = async (session: ClusterAsked): Promise<ClusterConnection> => {
  const { context, evaluation } = session;
  const [clients, { roleArn }] = [await session.customer(), await session.account()];
  const { clusterName } = evaluation.subject;
  return connectCluster(clients, { clusterName, roleArn, now: context.now });
};
