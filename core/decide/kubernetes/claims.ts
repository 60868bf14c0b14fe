/** Is the cordon still ours? What somebody else has changed of it since is his: nothing is written over it. */
import type { NodeFacts } from "../../model/kubernetes/node.ts";

export const claimAnnotation = "spot-optimizer/claim";
export const priorAnnotation = "spot-optimizer/prior-unschedulable";

const longestClaim = 60;

/** For sentences: anybody may write there, and 256 kB at that, of which no workflow could be told. */
export const claimIn = ({ annotations }: Pick<NodeFacts, "annotations">): string | undefined => {
  const claim = annotations[claimAnnotation];
  return claim === undefined || claim.length <= longestClaim
    ? claim
    : `${claim.slice(0, longestClaim)}…`;
};

/** Takes a node out of the load balancers of its Services. Source: Kubernetes, "Well-Known Labels". */
export const exclusionLabel = "node.kubernetes.io/exclude-from-external-load-balancers";

/** What we write into it. EKS writes `true` when it updates a managed node group. */
export const exclusionValue = "spot-optimizer";

/** Keeps Cluster Autoscaler from the new node while it is empty. Source: Cluster Autoscaler FAQ. */
export const keepAnnotation = "cluster-autoscaler.kubernetes.io/scale-down-disabled";
export const keepValue = "true";

type CordonStanding =
  | { readonly kind: "OURS" }
  /** Somebody has taken it off, or taken it over: then, `isWhole`, nothing of it is ours. */
  | { readonly kind: "LOST"; readonly sentence: string; readonly isWhole: boolean };

/** Cluster Autoscaler is about to end it. */
const removalTaint = "ToBeDeletedByClusterAutoscaler";

export const isTakenByAutoscaler = ({ taints }: Pick<NodeFacts, "taints">): boolean =>
  taints.some(({ key }) => key === removalTaint);

export interface OwnCordon {
  /** What we wrote into the annotation. */
  readonly claim: string;
  /** What the label said before; absent: there was none. */
  readonly labelBefore?: string;
}

export const judgeCordon = (node: NodeFacts, { claim, labelBefore }: OwnCordon): CordonStanding => {
  const { name, isUnschedulable, annotations, labels } = node;
  if (annotations[claimAnnotation] !== claim) {
    return {
      kind: "LOST",
      sentence: `Claim on node ${name} is no longer ours (annotation ${claimAnnotation}: ${claimIn(node) ?? "none"}).`,
      isWhole: true,
    };
  }
  if (isTakenByAutoscaler(node)) {
    return {
      kind: "LOST",
      sentence: `Cluster Autoscaler takes node ${name} away (taint ${removalTaint}).`,
      isWhole: true,
    };
  }
  const label = labels[exclusionLabel];
  if (label === "true" && label !== labelBefore) {
    return {
      kind: "LOST",
      sentence: `Somebody has set label ${exclusionLabel}=true on node ${name}, as EKS does when it updates a managed node group: the cordon is his.`,
      isWhole: true,
    };
  }
  return isUnschedulable
    ? { kind: "OURS" }
    : {
        kind: "LOST",
        sentence: `Somebody has uncordoned node ${name} while it was drained.`,
        isWhole: false,
      };
};
