/** Holds nodes: claimed and cordoned, each by an intent of its own with what stood there. Of those that go later in the same run the label stays: they serve on. */
import { orAbsent } from "../../../adapters/aws/or-absent.ts";
import { unknownRequestId } from "../../../adapters/aws/translate-error.ts";
import type { KubernetesClient } from "../../../adapters/kubernetes/client.ts";
import { changeNode, type NodeChange } from "../../../adapters/kubernetes/nodes.ts";
import { claimAnnotation } from "../../../core/decide/kubernetes/claims.ts";
import type { NodeToHold } from "../../../core/decide/kubernetes/hold.ts";
import type { NodeFacts } from "../../../core/model/kubernetes/node.ts";
import { fenceOf } from "../../../core/model/evaluation.ts";
import { claimOf } from "../../../core/model/tags.ts";
import { perform, type Acted } from "../../evaluation/perform.ts";
import type { Launched } from "../../evaluation/swap-changes.ts";
import { beforeCordon, holdOf, standsAsBefore } from "../marks.ts";
import type { KubernetesSession } from "../session.ts";

interface Holding {
  readonly client: KubernetesClient;
  /** Of the intent. */
  readonly id: string;
  readonly node: NodeToHold;
  readonly marksOf: (node: NodeFacts, claim: string) => NodeChange;
}

/** One that has left the cluster meanwhile, or that somebody has changed, is let go. */
export const holdNode = async (
  session: KubernetesSession,
  { client, id, node: { name: nodeName, uid: nodeUid, instanceId, node }, marksOf }: Holding,
): Promise<void> => {
  const { evaluation } = session;
  const { clusterName } = evaluation.subject;
  const claim = claimOf(evaluation.deploymentId, fenceOf(evaluation));
  const before = beforeCordon(node);
  await perform<Acted>(session, {
    // Of the run, and not of the swap: it is undone however that ends.
    intent: {
      id,
      change: { kind: "HOLD_NODE", clusterName, nodeName, nodeUid, instanceId, claim },
      before,
    },
    action: "PatchNode",
    resource: `unschedulable of ${nodeName}`,
    call: async () =>
      (await orAbsent(() =>
        changeNode(client, nodeName, (found) =>
          found.uid === nodeUid &&
          found.annotations[claimAnnotation] !== claim &&
          standsAsBefore(found, before)
            ? marksOf(found, claim)
            : undefined,
        ),
      )) ?? {
        requestId: unknownRequestId,
        doneBefore: `Node ${nodeName} has left the cluster meanwhile.`,
      },
  });
};

export const holdNodes = async (
  session: KubernetesSession,
  { client, swap }: { readonly client: KubernetesClient; readonly swap: Launched },
  nodes: readonly NodeToHold[],
): Promise<void> => {
  for (const node of nodes) {
    const id = `hold-${swap.swapId}-${node.name}`;
    await holdNode(session, { client, id, node, marksOf: holdOf });
  }
};
