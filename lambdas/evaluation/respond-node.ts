/** Starts the response to the notice that EC2 takes a node back: called by whoever is told of it. */
import { noticeMs } from "../../core/model/spot-status.ts";
import type { Target } from "../../core/model/target.ts";
import type { LossFinding } from "./recover.ts";
import { startOnce } from "./start-once.ts";
import type { StartContext, StartResult } from "./start.ts";

/**
 * Called again for one instance it goes on where it was cut off, and starts nothing twice. Of one that has ended nothing is left to be done: its group launches another. Throws as
 * `startEvaluation`.
 */
export const startNodeResponse = async (
  context: StartContext,
  target: Target,
  { instanceId, announcedAt, startedBy }: LossFinding,
): Promise<StartResult | { readonly kind: "NOT_ANSWERED" }> => {
  if (target.pipelineMode !== "KUBERNETES" || announcedAt === undefined) {
    return { kind: "NOT_ANSWERED" };
  }
  // The target is of one other node.
  if (target.node.scope === "ONE" && target.instanceId !== instanceId) {
    return { kind: "NOT_ANSWERED" };
  }
  const endsAt = new Date(Date.parse(announcedAt) + noticeMs).toISOString();
  const warned = { instanceId, endsAt };
  // An instance is taken once in its life: told twice, or by two regions, it has one response.
  return startOnce(context, { target, kind: "RESPOND", startedBy, warned }, { instanceId });
};
