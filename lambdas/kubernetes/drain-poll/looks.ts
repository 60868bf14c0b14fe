/** What one tick of a drain sees of the cluster: nodes, pods and budgets at each look, and the rest, which does not change by a drain, once. */
import { listBudgets } from "../../../adapters/kubernetes/budgets.ts";
import type { KubernetesClient } from "../../../adapters/kubernetes/client.ts";
import { listNodes } from "../../../adapters/kubernetes/nodes.ts";
import { listPods } from "../../../adapters/kubernetes/pods.ts";
import { readClusterView } from "../../../adapters/kubernetes/view.ts";
import type { OwnCordon } from "../../../core/decide/kubernetes/claims.ts";
import { planDrainPass, type DrainPass } from "../../../core/decide/kubernetes/drain/pass.ts";
import type { TickProgress } from "../../../core/decide/kubernetes/drain/replies.ts";
import { classifyPod } from "../../../core/decide/kubernetes/pods/classify.ts";
import type { ClusterView } from "../../../core/model/kubernetes/cluster.ts";
import type { Launched } from "../../evaluation/swap-changes.ts";
import { readReplacementInstance } from "../replacement.ts";
import { nodeThat } from "../round.ts";
import type { KubernetesSession } from "../session.ts";

export type DrainSession = KubernetesSession<"ec2" | "eks" | "kubernetes">;

export interface DrainLook {
  readonly pass: DrainPass;
  /** Before the pods were listed. ISO 8601 */
  readonly listedAt: string;
}

export interface Looks {
  readonly client: KubernetesClient;
  readonly look: (progress: TickProgress) => Promise<DrainLook>;
}

interface Drained {
  readonly client: KubernetesClient;
  readonly swap: Launched;
  readonly cordon: OwnCordon;
}

const again = async (client: KubernetesClient, before: ClusterView): Promise<ClusterView> => {
  const [nodes, pods, budgets] = await Promise.all([
    listNodes(client),
    listPods(client),
    listBudgets(client),
  ]);
  return { ...before, nodes, pods, budgets };
};

export const openLooks = (session: DrainSession, { client, swap, cordon }: Drained): Looks => {
  const { context, evaluation } = session;
  const { policy } = evaluation;
  let view: ClusterView | undefined;
  return {
    client,
    look: async (progress) => {
      const listedAt = context.now().toISOString();
      // An interruption that was announced since the look before ends the drain before its next eviction.
      const [instance, found] = await Promise.all([
        readReplacementInstance(session, swap),
        view === undefined ? readClusterView(client) : again(client, view),
      ]);
      view = found;
      const now = context.now().toISOString();
      const pass = planDrainPass({
        ...progress,
        view: found,
        original: nodeThat(session, "original"),
        joined: nodeThat(session, "joined"),
        ...cordon,
        instance,
        limits: policy,
        standingOf: (pod) => classifyPod(pod, { view: found, policy, now }),
        now,
      });
      return { pass, listedAt };
    },
  };
};
