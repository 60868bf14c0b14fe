/** How long the load was down during a switch or a roll-back. */
import type { LinearProgress } from "../../model/evaluation.ts";

/**
 * From the last instant at which the original was known to serve to the first at which the replacement was proved to,
 * or, after a roll-back, the original again.
 * Undefined when nothing was frozen, or nothing serves yet; 0 when the replacement served before the freeze.
 */
export const downtimeSeconds = (
  progress: Pick<LinearProgress, "frozenAt" | "servingAt" | "restoredAt">,
): number | undefined => {
  const { frozenAt } = progress;
  const endedAt = progress.restoredAt ?? progress.servingAt;
  if (frozenAt === undefined || endedAt === undefined) return undefined;
  return Math.max(0, (Date.parse(endedAt) - Date.parse(frozenAt)) / 1000);
};
