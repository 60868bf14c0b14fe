/** The tags on everything that we create in a customer's account. */
import type { Evaluation } from "../../core/model/evaluation.ts";
import { deploymentTag, evaluationTag, managedByTag, targetTag } from "../../core/model/tags.ts";

export const ourTags = (
  evaluation: Pick<Evaluation, "evaluationId" | "targetId" | "deploymentId">,
): Readonly<Record<string, string>> => ({
  [managedByTag.key]: managedByTag.value,
  [evaluationTag]: evaluation.evaluationId,
  [targetTag]: evaluation.targetId,
  [deploymentTag]: evaluation.deploymentId,
});
