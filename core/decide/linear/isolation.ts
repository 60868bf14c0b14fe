/**
 * Whether a replacement must not reach anybody at first. Booted from an image of an original that runs it is a second worker: it would
 * take the same jobs from the same queue. Until it has its last root, and the original rests, it stands in a security group without
 * rules. That keeps packets from it; EC2's status checks ask by ARP and don't need one (EC2 user guide, "Status checks").
 */
import type { LinearEvaluation } from "../../model/evaluation.ts";
import type { ChangeOf } from "../../model/intent.ts";

/** One that is launched from the final image starts when the original rests already. */
export const startsIsolated = (
  { policy }: Pick<LinearEvaluation, "policy">,
  purpose: "warm" | "final",
): boolean => purpose === "warm" && policy.consistency !== "stateless";

/** One for each evaluation, in the original's VPC. */
export const isolationGroupName = ({
  evaluationId,
}: Pick<LinearEvaluation, "evaluationId">): string => `spot-optimizer-isolation-${evaluationId}`;

/** It is to be deleted right away: the switch is made. */
export const isolationDueNow = (change: ChangeOf<"ISOLATE">, now: Date): ChangeOf<"ISOLATE"> => ({
  ...change,
  dueAt: now.toISOString(),
});
