/** Holds the nodes that go later in the same run: claimed and cordoned, each by an intent of its own with what stood there. Their label stays: they serve on. */
import { orAbsent } from "../../../adapters/aws/or-absent.ts";
import { unknownRequestId } from "../../../adapters/aws/translate-error.ts";
import type { KubernetesClient } from "../../../adapters/kubernetes/client.ts";
import { changeNode } from "../../../adapters/kubernetes/nodes.ts";
import type { NodeToHold } from "../../../core/decide/kubernetes/hold.ts";
import { fenceOf } from "../../../core/model/evaluation.ts";
import { claimOf } from "../../../core/model/tags.ts";
import { perform, type Acted } from "../../evaluation/perform.ts";
import type { Launched } from "../../evaluation/swap-changes.ts";
import { beforeCordon, holdOf, standsAsBefore } from "../marks.ts";
import type { KubernetesSession } from "../session.ts";

interface Holding {
  readonly client: KubernetesClient;
  readonly swap: Launched;
}

/** One that has left the cluster meanwhile, or that somebody has changed, is let go. */
const hold = async (
  session: KubernetesSession,
  { client, swap }: Holding,
  { name: nodeName, uid: nodeUid, instanceId, node }: NodeToHold,
): Promise<void> => {
  const { evaluation } = session;
  const { clusterName } = evaluation.subject;
  const claim = claimOf(evaluation.deploymentId, fenceOf(evaluation));
  const before = beforeCordon(node);
  await perform<Acted>(session, {
    // Of the run, and not of the swap: it is undone however that ends.
    intent: {
      id: `hold-${swap.swapId}-${nodeName}`,
      change: { kind: "HOLD_NODE", clusterName, nodeName, nodeUid, instanceId, claim },
      before,
    },
    action: "PatchNode",
    resource: `unschedulable of ${nodeName}`,
    call: async () =>
      (await orAbsent(() =>
        changeNode(client, nodeName, (found) =>
          found.uid === nodeUid && standsAsBefore(found, before) ? holdOf(found, claim) : undefined,
        ),
      )) ?? {
        requestId: unknownRequestId,
        doneBefore: `Node ${nodeName} has left the cluster meanwhile.`,
      },
  });
};

export const holdNodes = async (
  session: KubernetesSession,
  holding: Holding,
  nodes: readonly NodeToHold[],
): Promise<void> => {
  for (const node of nodes) await hold(session, holding, node);
};
