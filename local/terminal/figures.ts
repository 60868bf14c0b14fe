/** How figures are written in the demo's output. Absent ones are empty. */

export const clockTime = (atMs: number): string => new Date(atMs).toISOString().slice(11, 19);

export const dayAndTime = (atMs: number): string =>
  `${new Date(atMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** `$0.0245` */
export const hourlyUsd = (usd: number | undefined): string =>
  usd === undefined ? "" : `$${usd.toFixed(4)}`;

/** `$52.20` */
export const monthlyUsd = (usd: number | undefined): string =>
  usd === undefined ? "" : `$${usd.toFixed(2)}`;

/** Of a share of 1: `0.1 %`; what is more than nothing never reads as 0. */
export const shareAsPercent = (share: number | undefined): string =>
  share === undefined ? "" : `${(Math.ceil(share * 1000 - 1e-9) / 10).toFixed(1)} %`;

/** Of a percentage, rounded down: `74.4 %`. */
export const percent = (value: number | undefined): string =>
  value === undefined ? "" : `${(Math.floor(value * 10 + 1e-9) / 10).toFixed(1)} %`;

/** `0.8 s`, `4 min 59 s` */
export const duration = (seconds: number | undefined): string => {
  if (seconds === undefined) return "";
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${String(Math.floor(whole / 60))} min ${String(whole % 60).padStart(2, "0")} s`;
};
