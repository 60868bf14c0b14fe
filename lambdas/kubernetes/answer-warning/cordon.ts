/** Cordons a node that EC2 takes back: it takes no more pods, and its load balancers leave it where others serve. */
import { listNodes } from "../../../adapters/kubernetes/nodes.ts";
import { nodeOfInstance } from "../../../core/decide/kubernetes/candidate-nodes.ts";
import { exclusionLabel } from "../../../core/decide/kubernetes/claims.ts";
import { conditionOf } from "../../../core/model/kubernetes/object.ts";
import type { NodeFacts } from "../../../core/model/kubernetes/node.ts";
import type { NodeName } from "../../../core/model/kubernetes/progress.ts";
import { holdNode } from "../cordon/hold.ts";
import { cordonOf, holdOf } from "../marks.ts";
import { connect, type KubernetesSession } from "../session.ts";
import { warnedOf } from "../warned.ts";

type CordonSession = KubernetesSession<"eks" | "kubernetes">;

const serves = (node: NodeFacts): boolean =>
  !node.isUnschedulable &&
  node.labels[exclusionLabel] === undefined &&
  conditionOf(node, "Ready")?.status === "True";

/** Undefined: its cluster has no node that is this instance, or several say that they are. */
export const cordonWarned = async (session: CordonSession): Promise<NodeName | undefined> => {
  const { instanceId } = warnedOf(session);
  const { client } = await connect(session);
  const nodes = await listNodes(client);
  const node = nodeOfInstance({ nodes }, instanceId);
  if (node === undefined) return undefined;
  const { name, uid } = node;
  // The last that serves is not taken out of load balancers before it goes.
  const isLast = !nodes.some((other) => other.uid !== uid && serves(other));
  await holdNode(session, {
    client,
    id: `cordon-${instanceId}`,
    node: { name, uid, instanceId, node },
    marksOf: isLast ? holdOf : cordonOf,
  });
  return { name, uid, instanceId };
};
