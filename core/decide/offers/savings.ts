/** What a switch saves. */
import { hoursPerMonth } from "../../hours.ts";
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
