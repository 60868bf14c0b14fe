/**
 * Is anybody else at work on the node group? EKS replaces nodes of a managed one that it updates, and sets its sizes back to what they were at the begin; a cluster autoscaler may have made it so small
 * that no node can leave it.
 */
import { readNodeGroup } from "../../../adapters/aws/eks.ts";
import { whyAtMinimum, whyGroupHolds } from "../../../core/decide/kubernetes/group-hold.ts";
import { readJudgedGroup } from "../facts.ts";
import { readGroupShown } from "../group.ts";
import type { KubernetesSession } from "../session.ts";

/** Why no node can leave it now. Undefined: one can. To a self-managed group we have added a place, which leaves with the node. */
export const readWhyAtMinimum = async (
  session: KubernetesSession<"autoScaling">,
): Promise<string | undefined> =>
  session.evaluation.subject.asgName === undefined
    ? whyAtMinimum(await readGroupShown(session, await readJudgedGroup(session)))
    : undefined;

/** Why nothing is taken from it now. Undefined: nobody is. */
export const readGroupHold = async (
  session: KubernetesSession<"autoScaling" | "eks">,
): Promise<string | undefined> => {
  const { asgName, clusterName, nodeGroup } = session.evaluation.subject;
  if (asgName !== undefined) return undefined;
  const { eks } = await session.customer();
  return (
    whyGroupHolds(nodeGroup, await readNodeGroup(eks, { clusterName, nodeGroup })) ??
    (await readWhyAtMinimum(session))
  );
};
