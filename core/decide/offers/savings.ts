/** What a switch saves, and what it cost in downtime. */
import { hoursPerMonth } from "../../hours.ts";
import type { SwitchProgress } from "../../model/evaluation.ts";
import type { Savings } from "../../model/verdict.ts";

/** To a millionth: the noise of binary fractions must neither be shown nor tip a comparison with a limit. */
const settled = (figure: number): number => Number(figure.toFixed(6));

/**
 * `coveredHourlyUsd` is what a Savings Plan pays of the original already: it is lost to Spot, hence deducted.
 * Negative when Spot costs more. `percent` is of the On-Demand price, and 0 where that is 0.
 */
export const estimateSavings = (prices: {
  readonly onDemandHourlyUsd: number;
  readonly spotHourlyUsd: number;
  readonly coveredHourlyUsd: number;
}): Savings => {
  const { onDemandHourlyUsd, spotHourlyUsd, coveredHourlyUsd } = prices;
  const hourlyUsd = onDemandHourlyUsd - coveredHourlyUsd - spotHourlyUsd;
  return {
    hourlyUsd: settled(hourlyUsd),
    monthlyUsd: settled(hourlyUsd * hoursPerMonth),
    percent: onDemandHourlyUsd === 0 ? 0 : settled((hourlyUsd / onDemandHourlyUsd) * 100),
  };
};

/**
 * From the last instant at which the original was known to serve to the first at which the replacement was proved to,
 * or, after a roll-back, the original again.
 * Undefined when nothing was frozen, or nothing serves yet; 0 when the replacement served before the freeze.
 */
export const downtimeSeconds = (
  progress: Pick<SwitchProgress, "frozenAt" | "servingAt" | "restoredAt">,
): number | undefined => {
  const { frozenAt } = progress;
  const endedAt = progress.restoredAt ?? progress.servingAt;
  if (frozenAt === undefined || endedAt === undefined) return undefined;
  return Math.max(0, (Date.parse(endedAt) - Date.parse(frozenAt)) / 1000);
};
