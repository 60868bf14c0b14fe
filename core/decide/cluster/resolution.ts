/** May a person's decision about a conversion that was left open be carried out, and what would it do? */
import type { ClusterEvaluation } from "../../model/evaluation.ts";
import type { GroupWish } from "../../model/resolution.ts";
import type { ResolutionPlan } from "../switch/resolution.ts";
import { planResolutionOfSwaps, type SwapsResolutionFacts } from "../switch/resolution-of-swaps.ts";

export interface GroupResolutionInput extends SwapsResolutionFacts {
  readonly evaluation: Pick<
    ClusterEvaluation,
    "evaluationId" | "authorization" | "subject" | "progress" | "targetId"
  >;
  /** The target's group now. Undefined: it was deleted, or is a group no longer. */
  readonly targetGroup: string | undefined;
}

export const planGroupResolution = (
  { targetGroup, ...input }: GroupResolutionInput,
  wish: GroupWish,
): ResolutionPlan => {
  const { subject, progress } = input.evaluation;
  const name = `group ${subject.asgName}`;
  const words = {
    kind: "the group",
    name,
    round: `Batch ${String(progress.batch ?? 1)}`,
    afterwards: `Then ${name} gets back maximum, protection and AZRebalance, and the next batch is planned on the group as it is.`,
    kept: "A pair whose original has left the group stays too: its replacement is the group's.",
    adopted: `Members, sizes and suspended processes of ${name} stay as they are. Our protection from scale-in and our claim are taken from it.`,
    untouched: "No instance is launched, ended, attached or detached.",
  };
  const isStillTarget = targetGroup === subject.asgName;
  return planResolutionOfSwaps({ ...input, isStillTarget, words }, wish);
};
