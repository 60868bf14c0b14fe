/** May a person's decision about a replacement of nodes that was left open be carried out, and what would it do? */
import type { KubernetesEvaluation } from "../../model/evaluation.ts";
import type { GroupWish } from "../../model/resolution.ts";
import { nameOf } from "../../model/subject.ts";
import type { ResolutionPlan } from "../switch/resolution.ts";
import { planResolutionOfSwaps, type SwapsResolutionFacts } from "../switch/resolution-of-swaps.ts";

export interface NodeResolutionInput extends SwapsResolutionFacts {
  readonly evaluation: Pick<
    KubernetesEvaluation,
    "evaluationId" | "authorization" | "subject" | "progress" | "targetId"
  >;
  /** The target's node group now, as sentences name it. Undefined: it was deleted, or is none any longer. */
  readonly targetGroup: string | undefined;
}

export const planNodeResolution = (
  { targetGroup, ...input }: NodeResolutionInput,
  wish: GroupWish,
): ResolutionPlan => {
  const { subject, progress } = input.evaluation;
  const name = nameOf(subject);
  const words = {
    kind: "the node group",
    name,
    round: `Node ${String(progress.round ?? 1)}`,
    afterwards: `Then what we wrote on nodes and groups of ${name} is taken off, and the next node is planned on the node group as it is.`,
    kept: "A pair whose original has left stays too. Of one that has not, pods on the new node leave it by their budgets before it ends.",
    adopted: `Nodes, pods and sizes of ${name} stay as they are. Our cordon, our annotation, our protection from scale-in and our claims are taken off.`,
    untouched: "No instance is launched or ended, and no pod is evicted.",
  };
  return planResolutionOfSwaps({ ...input, isStillTarget: targetGroup === name, words }, wish);
};
