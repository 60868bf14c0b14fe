/** How figures are written in texts for people. Absent ones are empty. */

export const clockTime = (atMs: number): string => new Date(atMs).toISOString().slice(11, 19);

export const dayAndTime = (atMs: number): string =>
  `${new Date(atMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** `$52.20`, `-$52.20`. What rounds to nothing has no sign. */
export const usd = (amount: number | undefined, digits = 2): string => {
  if (amount === undefined) return "";
  const text = Math.abs(amount).toFixed(digits);
  return `${amount < 0 && Number(text) > 0 ? "-" : ""}$${text}`;
};

/** `$0.0245` */
export const hourlyUsd = (amount: number | undefined): string => usd(amount, 4);

/** Of a share of 1: `41.2 %` */
export const percent = (share: number, digits = 1): string => `${(share * 100).toFixed(digits)} %`;

/** Of a probability, rounded up: what is more than nothing never reads as 0. */
export const riskPercent = (probability: number | undefined): string =>
  probability === undefined ? "" : percent(Math.ceil(probability * 1000 - 1e-9) / 1000);

/** Of a percentage, rounded down: no more is promised than there is. */
export const savingPercent = (percentage: number | undefined): string =>
  percentage === undefined ? "" : percent(Math.floor(percentage * 10 + 1e-9) / 1000);

/** `12 s` */
export const seconds = (count: number | undefined, digits = 0): string =>
  count === undefined ? "" : `${count.toFixed(digits)} s`;

/** `0.8 s`, `4 min 59 s` */
export const duration = (count: number | undefined): string => {
  if (count === undefined || count < 60) return seconds(count, 1);
  const whole = Math.round(count);
  return `${String(Math.floor(whole / 60))} min ${String(whole % 60).padStart(2, "0")} s`;
};

/** `1,687` */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** `1,687 interruptions` */
export const counted = (count: number, noun: string): string =>
  `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;

/** `812 kB` */
export const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;
