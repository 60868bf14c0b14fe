/** How figures are written in the sentences that people read. One locale, so that a replay gives the same bytes. */
import { type Pool } from "../../model/market.ts";

/** Binary fractions aside: 66.99999999 is 67. */
const settled = (value: number): number => Number(value.toFixed(6));

/** `$0.0312/h`; five figures after the point would be more than AWS bills by. */
export const usdPerHour = (hourlyUsd: number): string => `$${hourlyUsd.toFixed(4)}/h`;

/** `$46.21` */
export const usd = (amountUsd: number): string => `$${amountUsd.toFixed(2)}`;

/**
 * `67 %`, `14.9 %`. `down` for what must reach a limit and `up` for what must not pass one, so that no sentence
 * reads "15 %, but at least 15 % are asked for".
 */
export const percent = (value: number, rounding: "down" | "up" = "down"): string => {
  const tenths = settled(value * 10);
  return `${String((rounding === "down" ? Math.floor(tenths) : Math.ceil(tenths)) / 10)} %`;
};

/** `3.5 h` */
export const hours = (value: number): string => `${String(Math.round(value * 10) / 10)} h`;

/** `90 min` */
export const minutes = (value: number): string => `${String(Math.round(value))} min`;

/** `1 pool`, `3 pools` */
export const counted = (count: number, noun: string): string =>
  `${String(count)} ${noun}${count === 1 ? "" : "s"}`;

/** `r5.large in use1-az4` */
export const poolName = (pool: Pool): string => `${pool.instanceType} in ${pool.zoneId}`;
