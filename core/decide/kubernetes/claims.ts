/** Is the cordon still ours? What somebody else has changed of it since is his: nothing is written over it. */
import type { NodeFacts } from "../../model/kubernetes/node.ts";

export const claimAnnotation = "spot-optimizer/claim";
export const priorAnnotation = "spot-optimizer/prior-unschedulable";

/** Takes a node out of the load balancers of its Services. Source: Kubernetes, "Well-Known Labels". */
export const exclusionLabel = "node.kubernetes.io/exclude-from-external-load-balancers";

/** What we write into it. EKS writes `true` when it updates a managed node group. */
export const exclusionValue = "spot-optimizer";

export type CordonStanding =
  | { readonly kind: "OURS" }
  /** Somebody has taken it over, or taken it off. */
  | { readonly kind: "LOST"; readonly sentence: string };

/** @param claim what we wrote into its annotation */
export const judgeCordon = (
  { name, isUnschedulable, annotations, labels }: NodeFacts,
  claim: string,
): CordonStanding => {
  const found = annotations[claimAnnotation];
  if (found !== claim) {
    return {
      kind: "LOST",
      sentence: `Claim on node ${name} is no longer ours (annotation ${claimAnnotation}: ${found ?? "none"}).`,
    };
  }
  if (!isUnschedulable) {
    return { kind: "LOST", sentence: `Somebody has uncordoned node ${name} while it was drained.` };
  }
  return labels[exclusionLabel] === "true"
    ? {
        kind: "LOST",
        sentence: `Somebody has set label ${exclusionLabel}=true on node ${name}, as EKS does when it updates a managed node group.`,
      }
    : { kind: "OURS" };
};
