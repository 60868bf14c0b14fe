/** The tags on everything that we create in a customer's account. */
import type { Evaluation } from "../../core/model/evaluation.ts";

export const managedByTag = { key: "ManagedBy", value: "SpotOptimizer" } as const;
export const evaluationTag = "spot-optimizer:evaluation";
export const targetTag = "spot-optimizer:target";

export const ourTags = (
  evaluation: Pick<Evaluation, "evaluationId" | "targetId">,
): Readonly<Record<string, string>> => ({
  [managedByTag.key]: managedByTag.value,
  [evaluationTag]: evaluation.evaluationId,
  [targetTag]: evaluation.targetId,
});

/** On a stopped original: when the janitor terminates it. ISO 8601. */
export const retireAfterTag = "spot-optimizer:retire-after";
