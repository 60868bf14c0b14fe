/** Is anybody else at work on the node group? EKS replaces nodes of a managed one that it updates, and sets its sizes back to what they were at the begin. */
import { readNodeGroup } from "../../../adapters/aws/eks.ts";
import { whyGroupHolds } from "../../../core/decide/kubernetes/group-hold.ts";
import type { KubernetesSession } from "../session.ts";

/** Why nothing is taken from it now. Undefined: nobody is. */
export const readGroupHold = async (
  session: KubernetesSession<"eks">,
): Promise<string | undefined> => {
  const { asgName, clusterName, nodeGroup } = session.evaluation.subject;
  if (asgName !== undefined) return undefined;
  const { eks } = await session.customer();
  return whyGroupHolds(nodeGroup, await readNodeGroup(eks, { clusterName, nodeGroup }));
};
