/**
 * What KUBERNETES is about to change for the replacement of one node. A launch is written as in every mode (LAUNCH_INSTANCE), the claim on the
 * Auto Scaling group behind the node group as in CLUSTER (CLAIM_GROUP). What `before` holds is what stood there, and what an undo puts back.
 */
import type { PlaceLeaving } from "./place-leaving.ts";

/** A node as its cluster and EC2 know it: one that was deleted and has joined again has another uid. */
interface OfNode {
  readonly clusterName: string;
  readonly nodeName: string;
  readonly nodeUid: string;
  readonly instanceId: string;
}

export type NodeChange =
  /** Of a self-managed group: the replacement becomes a member. Raises the desired capacity by one; `before` says what it was. */
  | (PlaceLeaving & {
      readonly kind: "ATTACH_NODE";
      readonly asgName: string;
      readonly instanceId: string;
    })
  /** Of a managed node group: the one on Spot gets one node more. Undone by ending that node, never by lowering the desired size. */
  | (PlaceLeaving & {
      readonly kind: "SCALE_OUT";
      readonly clusterName: string;
      readonly nodeGroup: string;
      readonly asgName: string;
      readonly clientToken: string;
      readonly desiredBefore: number;
      /** Members of its Auto Scaling group right before the call: another one is what the call has made. */
      readonly knownIds: readonly string[];
      /** Absent until the group shows it. */
      readonly instanceId?: string;
    })
  /** `cluster-autoscaler.kubernetes.io/scale-down-disabled` on the node that has joined. `before` says what stood there; null: nothing. */
  | (OfNode & { readonly kind: "KEEP_NODE" })
  /**
   * The claim on the node that goes, that it takes no more pods, and the label that takes it out of load balancers, by one patch.
   * `before` says whether it was unschedulable, and what the label said; null: there was none.
   */
  | (OfNode & { readonly kind: "CORDON_NODE"; readonly claim: string })
  /**
   * A node that goes later in the same run takes no pods while an earlier one is drained: claimed and cordoned as that one is, without the label, for it
   * serves on. `before` as of CORDON_NODE.
   */
  | (OfNode & { readonly kind: "HOLD_NODE"; readonly claim: string })
  /** All evictions from the node. Nothing undoes them: their owners have made the pods anew elsewhere. */
  | (OfNode & { readonly kind: "DRAIN_NODE" })
  /** Pods that only their budgets held at the deadline, past these: their owner has agreed. Nothing undoes it. */
  | (OfNode & { readonly kind: "DELETE_PODS" })
  /** Through its group, with the desired capacity lowered by it: `before` says what that was. Nothing undoes it. */
  | {
      readonly kind: "REMOVE_NODE";
      readonly asgName: string;
      readonly instanceId: string;
      readonly activityId?: string;
      /** Desired capacity that the call met: another than was seen where somebody has set it in between. Absent: neither its answer nor an activity told. */
      readonly desiredBefore?: number;
    }
  /** Out of its group, whose desired capacity stays: it launches another at once. Of a node that EC2 takes back. Nothing undoes it. */
  | { readonly kind: "RELEASE_NODE"; readonly asgName: string; readonly instanceId: string }
  /** Of a node that was released, and that EC2 has left to run though it had announced to take it. Nothing undoes it. */
  | { readonly kind: "END_NODE"; readonly instanceId: string };

/** What stands on nodes because of us, and hinders their owner: the janitor has it taken off where the evaluation could not, or died. */
export const markKinds = ["CORDON_NODE", "HOLD_NODE", "KEEP_NODE"] as const;
export type MarkKind = (typeof markKinds)[number];
