/** What becomes of a finding that a person exempts. */
import type { Finding } from "../model/enforcer.ts";

/** An exemption is looked at again by somebody: none is for ever. */
const longestExemptionDays = 90;

const dayMs = 24 * 3_600_000;

/** Undefined: it may. */
export const refusedUntil = (until: string, now: Date): string | undefined => {
  const ms = Date.parse(until) - now.getTime();
  if (ms <= 0) return "must be in the future";
  return ms > longestExemptionDays * dayMs
    ? `must be at most ${String(longestExemptionDays)} days from now`
    : undefined;
};

/** Undefined: what is being done to it can no longer be held up. */
export const exempted = (
  finding: Finding,
  exemption: NonNullable<Finding["exemption"]>,
): Finding | undefined => {
  if (finding.status === "FLAGGED" || finding.status === "EXEMPT") {
    return { ...finding, status: "EXEMPT", exemption };
  }
  // Once its owner starts it again it is not stopped.
  return finding.status === "STOPPED" ? { ...finding, exemption } : undefined;
};
