/** What a finding costs in a month, by the price list. What the list does not say is absent, never guessed. */
import type { WastePrices } from "../model/waste/price.ts";
import type { Charge } from "./judgement.ts";

export interface MonthlyCost {
  readonly monthlyUsd: number;
  /** Of the list, ISO 8601. */
  readonly pricedAt: string;
}

/** In cents. Undefined where one of its charges has no price. */
export const monthlyCost = (
  charges: readonly Charge[],
  prices: WastePrices | undefined,
): MonthlyCost | undefined => {
  if (prices === undefined) return undefined;
  const parts = charges.map(({ times, price }) => {
    const row = price(prices);
    return row === undefined ? undefined : times * row.usd;
  });
  const known = parts.filter((part) => part !== undefined);
  if (known.length === 0 || known.length < parts.length) return undefined;
  const sum = known.reduce((total, part) => total + part, 0);
  return { monthlyUsd: Number(sum.toFixed(2)), pricedAt: prices.publishedAt };
};
