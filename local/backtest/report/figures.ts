/** How figures are written in the report. What is not a number is a dash. */
import * as figures from "../../terminal/figures.ts";
import type { Policy } from "./report-data.ts";

const absent = "–";

const fixed = (value: number, digits: number): string =>
  Number.isFinite(value) ? value.toFixed(digits) : absent;

/** `41.2 %` of a share of 1. */
export const percent = (share: number, digits = 1): string =>
  Number.isFinite(share) ? figures.percent(share, digits) : absent;

/** `1.26` */
export const ratio = (value: number): string => fixed(value, 2);

/** `0.412` */
export const jFigure = (value: number): string => fixed(value, 3);

/** `23.2`, `0.70`: two digits where one would hide the difference. */
export const rate = (value: number): string => fixed(value, Math.abs(value) < 10 ? 2 : 1);

/** A tick's number without digits that its step does not need: `0.25`, `10`. */
export const plainNumber = (value: number): string => String(Number(value.toPrecision(6)));

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** `27.0 days`, `5.4 hours`, `10 minutes` */
export const span = (seconds: number): string => {
  if (seconds >= 2 * day) return `${(seconds / day).toFixed(1)} days`;
  if (seconds >= 3 * hour) return `${(seconds / hour).toFixed(1)} hours`;
  if (seconds >= 2 * minute) return `${(seconds / minute).toFixed(0)} minutes`;
  return `${seconds.toFixed(0)} seconds`;
};

/** A star says that the policy probes; names that have one already keep it. */
export const policyName = ({ policy, isProbing }: Policy): string =>
  isProbing && !policy.includes("*") ? `${policy} *` : policy;
