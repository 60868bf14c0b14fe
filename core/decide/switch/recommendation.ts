/** What a rebalance recommendation is worth, and when it is heeded: a warning ahead of the warning, which comes for nothing more often than not. */
import { hoursBetween } from "../../hours.ts";
import type { RiskEstimate } from "../../model/offer.ts";
import type { Policy } from "../../policy/policy.ts";

/** Chosen on the recorded traces (docs/backtest.md, "Losses announced ahead"). */
const heardForMs = 15 * 60_000;

/** Those before it are not heeded any longer. @param at ISO 8601 */
export const heardSince = (at: string): string =>
  new Date(Date.parse(at) - heardForMs).toISOString();

/** New instances get one within minutes of their launch. Source: aws-node-termination-handler, issue 141. */
const youngHours = 0.5;

/** Between two voluntary moves of what moves at recommendations. Measured there, too. */
export const restHours = 6;

/**
 * Losses among what is recommended to be left: 9 of 30 in the one public count (17 hours of one fleet; aws-node-termination-handler, issue 141).
 */
const trueShare = 0.3;

/** The recorded risk of staying, or what a recommendation foretells where that is more. */
export const foretoldRisk = (staying: RiskEstimate): RiskEstimate => ({
  ...staying,
  probability: Math.max(staying.probability, trueShare),
});

export type Heeding =
  | "HEEDED"
  /** Its policy says that nobody moves because of one. */
  | "IGNORED"
  /** Launched a moment ago. */
  | "TOO_YOUNG"
  /** A move, or a switch, has brought it hours ago. */
  | "RESTS";

export interface Recommended {
  readonly policy: Pick<Policy, "onRebalanceRecommendation">;
  /** ISO 8601 */
  readonly launchedAt: string;
  /** When our switch brought it, ISO 8601. Absent: none did. */
  readonly broughtAt?: string;
  /** ISO 8601 */
  readonly at: string;
}

export const judgeRecommendation = ({
  policy,
  launchedAt,
  broughtAt,
  at,
}: Recommended): Heeding => {
  if (policy.onRebalanceRecommendation === "ignore") return "IGNORED";
  if (hoursBetween(launchedAt, at) < youngHours) return "TOO_YOUNG";
  return broughtAt !== undefined && hoursBetween(broughtAt, at) < restHours ? "RESTS" : "HEEDED";
};
