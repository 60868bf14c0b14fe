/** What is saved, per hour and month, against what was paid before. */
import { hoursPerMonth } from "../../hours.ts";
import type { Savings } from "../../model/verdict.ts";

/** To a millionth: the noise of binary fractions must neither be shown nor tip a comparison with a limit. */
const settled = (figure: number): number => Number(figure.toFixed(6));

export interface Prices {
  /** USD per hour of where it ran before: On-Demand, or its Spot pool. */
  readonly beforeHourlyUsd: number;
  /** Of that, what a Savings Plan pays already: it is lost to Spot, hence deducted. 0 for what ran on Spot. */
  readonly coveredHourlyUsd: number;
  /** USD per hour of where it runs then. */
  readonly afterHourlyUsd: number;
}

/** Negative where it costs more than before. `percent` is of the price before, and 0 where that is 0. */
export const estimateSavings = ({
  beforeHourlyUsd,
  coveredHourlyUsd,
  afterHourlyUsd,
}: Prices): Savings => {
  const hourlyUsd = beforeHourlyUsd - coveredHourlyUsd - afterHourlyUsd;
  return {
    hourlyUsd: settled(hourlyUsd),
    monthlyUsd: settled(hourlyUsd * hoursPerMonth),
    percent: beforeHourlyUsd === 0 ? 0 : settled((hourlyUsd / beforeHourlyUsd) * 100),
  };
};

const sumOf = (prices: readonly Prices[], name: keyof Prices): number =>
  prices.reduce((sum, one) => sum + one[name], 0);

/** Of all together; undefined where there is none. */
export const savingsOfAll = (prices: readonly Prices[]): Savings | undefined =>
  prices.length === 0
    ? undefined
    : estimateSavings({
        beforeHourlyUsd: sumOf(prices, "beforeHourlyUsd"),
        coveredHourlyUsd: sumOf(prices, "coveredHourlyUsd"),
        afterHourlyUsd: sumOf(prices, "afterHourlyUsd"),
      });
