/** What one tick of a drain sees of the cluster: all of it at its first look, and at the others what a drain changes. */
import { readChecks } from "../../../adapters/aws/ec2/health.ts";
import type { KubernetesClient } from "../../../adapters/kubernetes/client.ts";
import { readViewForDrain } from "../../../adapters/kubernetes/view.ts";
import { nodeNamed } from "../../../core/decide/kubernetes/capacity.ts";
import type { OwnCordon } from "../../../core/decide/kubernetes/claims.ts";
import { planDrainPass, type DrainPass } from "../../../core/decide/kubernetes/drain/pass.ts";
import type { TickProgress } from "../../../core/decide/kubernetes/drain/replies.ts";
import { isShownDead, isSilent } from "../../../core/decide/kubernetes/drain/silence.ts";
import { classifyPod } from "../../../core/decide/kubernetes/pods/classify.ts";
import type { ClusterView } from "../../../core/model/kubernetes/cluster.ts";
import type { Launched } from "../../evaluation/swap-changes.ts";
import { readReplacementInstance } from "../replacement.ts";
import { nodeThat } from "../round.ts";
import type { KubernetesSession } from "../session.ts";
import { openSight, type BudgetSight } from "../sight.ts";
import { readGroupHold } from "./group-hold.ts";
import { readAgain } from "./read-again.ts";

export type DrainSession = KubernetesSession<"autoScaling" | "ec2" | "eks" | "kubernetes">;

export interface DrainLook {
  readonly pass: DrainPass;
  /** Before the pods were listed. ISO 8601 */
  readonly listedAt: string;
}

export interface Looks {
  readonly client: KubernetesClient;
  readonly look: (progress: TickProgress) => Promise<DrainLook>;
  /** Of budgets, by all looks so far. */
  readonly seen: BudgetSight["seen"];
}

interface Drained {
  readonly client: KubernetesClient;
  readonly swap: Launched;
  readonly cordon: OwnCordon;
}

/** Of a node that speaks EC2 is not asked: its kubelet ends what is to end. */
const isDead = async (session: DrainSession, { nodes }: ClusterView): Promise<boolean> => {
  const original = nodeThat(session, "original");
  const node = nodeNamed(nodes, original);
  if (node === undefined || !isSilent(node, session.context.now().toISOString())) return false;
  const { ec2 } = await session.customer();
  return isShownDead(await readChecks(ec2, original.instanceId));
};

export const openLooks = (session: DrainSession, { client, swap, cordon }: Drained): Looks => {
  const { context, evaluation } = session;
  const { policy } = evaluation;
  const [original, joined] = [nodeThat(session, "original"), nodeThat(session, "joined")];
  // Once a tick: an update takes minutes to come to a node.
  let holds: Promise<string | undefined> | undefined;
  let whole: ClusterView | undefined;
  const sight = openSight(session, original);
  const read = async ({ workloads }: TickProgress["state"]): Promise<ClusterView> => {
    if (whole !== undefined) return readAgain(client, { whole, original, joined, workloads });
    whole = await readViewForDrain(client);
    return whole;
  };
  return {
    client,
    seen: sight.seen,
    look: async (progress) => {
      const listedAt = context.now().toISOString();
      // An interruption that was announced since the look before ends the drain before its next eviction.
      const [instance, view, groupHold] = await Promise.all([
        readReplacementInstance(session, swap),
        read(progress.state),
        (holds ??= readGroupHold(session)),
      ]);
      sight.see(view);
      const isImpaired = await isDead(session, view);
      const now = context.now().toISOString();
      const pass = planDrainPass({
        ...progress,
        view,
        original,
        joined,
        ...cordon,
        instance,
        ...(groupHold === undefined ? {} : { groupHold }),
        isImpaired,
        limits: policy,
        standingOf: (pod) => classifyPod(pod, { view, policy, now }),
        now,
      });
      return { pass, listedAt };
    },
  };
};
