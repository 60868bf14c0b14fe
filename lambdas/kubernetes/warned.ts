/** The node that EC2 takes back, and what steps of its response ask about it. */
import { isMember } from "../../adapters/aws/autoscaling/warned-member.ts";
import { listPodsOn } from "../../adapters/kubernetes/pods.ts";
import type { KubernetesClient } from "../../adapters/kubernetes/client.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import { classifyPod } from "../../core/decide/kubernetes/pods/classify.ts";
import { SpotOptimizerError, type ErrorName } from "../../core/errors.ts";
import type { InstanceId } from "../../core/model/ids.ts";
import type { ClusterView } from "../../core/model/kubernetes/cluster.ts";
import type { PodFacts } from "../../core/model/kubernetes/pod.ts";
import type { PodStanding } from "../../core/decide/kubernetes/pods/standing.ts";
import { absent } from "../evaluation/facts.ts";
import type { DueSession } from "../evaluation/session.ts";

export interface Warned {
  readonly instanceId: InstanceId;
  /** ISO 8601 */
  readonly endsAt: string;
}

/** Throws BrokenFacts for an evaluation that is not a response. */
export const warnedOf = (session: DueSession<"KUBERNETES">): Warned => {
  const { subject, progress } = session.evaluation;
  const { instanceId } = subject;
  const { endsAt } = progress;
  if (instanceId === undefined || endsAt === undefined) throw absent(session, "notice of a node");
  return { instanceId, endsAt };
};

/** It was let go from its group, or may have been. */
export const wasReleased = async ({
  context,
  evaluation,
}: DueSession<"KUBERNETES">): Promise<boolean> => {
  const intents = await listIntents(context.table, evaluation.evaluationId);
  return intents.some(
    ({ change, status }) => change.kind === "RELEASE_NODE" && status !== "UNDONE",
  );
};

/** It was let go, and runs outside of its group: nobody else ends it. */
export const hasLeftGroup = async (
  session: DueSession<"KUBERNETES", "autoScaling">,
): Promise<boolean> => {
  const { asgName } = session.evaluation.subject;
  if (asgName === undefined || !(await wasReleased(session))) return false;
  const { autoScaling } = await session.customer();
  const { instanceId } = warnedOf(session);
  return !(await isMember(autoScaling, { asgName, instanceId }));
};

/** What a cluster, or the way to it, has against a call. Those of AWS's own APIs are not among them. */
const ofClusters: ReadonlySet<ErrorName> = new Set([
  "RetryableClusterAuth",
  "RetryableClusterUnreachable",
  "RetryableUnavailable",
  "BrokenClusterAccess",
  "BrokenClusterIdentity",
]);

/** The node ends, whether its cluster answers or not: it is tried again as long as there is time. Throws any other error. */
export const clusterTroubleIn = (error: unknown): string => {
  if (error instanceof SpotOptimizerError && ofClusters.has(error.name)) return error.message;
  throw error;
};

export const standingsBy =
  (session: DueSession<"KUBERNETES">, view: ClusterView) =>
  (pod: PodFacts): PodStanding =>
    classifyPod(pod, {
      view,
      policy: session.evaluation.policy,
      now: session.context.now().toISOString(),
    });

/** Those that neither stay with every node nor are over. */
export const podsInTheWay = async (
  session: DueSession<"KUBERNETES">,
  client: KubernetesClient,
  { view, nodeName }: { readonly view: ClusterView; readonly nodeName: string },
): Promise<readonly PodFacts[]> => {
  const standingOf = standingsBy(session, view);
  const pods = await listPodsOn(client, nodeName);
  return pods.filter((pod) => standingOf(pod).kind !== "IGNORED");
};
