/** What a switch cost in downtime. What it saves is reckoned where it is chosen (offer-cost.ts). */
import type { SwitchProgress } from "../model/evaluation.ts";

/**
 * From the last instant at which the original was known to serve to the first at which the replacement was proved to.
 * Undefined when nothing was frozen, or nothing serves yet; 0 when the replacement served before the freeze.
 */
export const downtimeSeconds = (
  progress: Pick<SwitchProgress, "frozenAt" | "servingAt">,
): number | undefined => {
  const { frozenAt, servingAt } = progress;
  if (frozenAt === undefined || servingAt === undefined) return undefined;
  return Math.max(0, (Date.parse(servingAt) - Date.parse(frozenAt)) / 1000);
};
