/** A pool with its prices, band, placement score, risk, and the reason if it was rejected. */
import type { Pool } from "./market.ts";

export const rejectionCodes = [
  "TYPE_OF_ORIGINAL_UNKNOWN",
  "TYPE_NOT_SPOT",
  "TYPE_UNLIKE_VCPU",
  "TYPE_UNLIKE_MEMORY",
  "TYPE_UNLIKE_ARCHITECTURE",
  "TYPE_UNLIKE_GPU",
  "TYPE_UNLIKE_ACCELERATOR",
  "TYPE_UNLIKE_NETWORK",
  "TYPE_UNLIKE_EBS",
  "TYPE_UNLIKE_INSTANCE_STORE",
  "TYPE_UNLIKE_INTERFACES",
  "TYPE_UNLIKE_ADDRESSES",
  "TYPE_UNLIKE_HYPERVISOR",
  "TYPE_UNLIKE_BOOT_MODE",
  "TYPE_UNLIKE_ATTACHMENTS",
  "TYPE_UNLIKE_CPU_OPTIONS",
  "TYPE_UNLIKE_PLACEMENT",
  "TYPE_UNLIKE_TPM",
  "TYPE_WITHOUT_ROOM",
  "TYPE_NOT_OF_NODE_GROUP",
  "TYPE_BARE_METAL",
  "TYPE_BURSTABLE",
  "TYPE_PREVIOUS_GENERATION",
  "TYPE_OVERSIZED",
  "TYPE_EXCLUDED_BY_POLICY",
  "NO_SUBNET_IN_ZONE",
  "NO_LIKE_SUBNET_IN_ZONE",
  "ADDRESS_CANNOT_FOLLOW",
  "NO_FREE_ADDRESS",
  "ZONE_PINNED",
  "ZONE_NOT_SERVED",
  "NO_SPOT_PRICE",
  "NO_ON_DEMAND_PRICE",
  "NO_INTERRUPTION_BAND",
  "BAND_OVER_LIMIT",
  "QUARANTINED",
  "STANDS_THERE",
  "PRICE_OVER_CAP",
  "SAVES_TOO_LITTLE",
  "RISK_OVER_LIMIT",
] as const;
export type RejectionCode = (typeof rejectionCodes)[number];

export interface Rejection {
  readonly code: RejectionCode;
  /** What is said of the pool, with the figures and without the full stop: `has 2 vCPU, the original has 4`. */
  readonly sentence: string;
}

/** After the filter: a pool with its market facts; `rejection` says why it is out. */
export interface Candidate {
  readonly pool: Pool;
  /** How it would be bought. Absent: Spot. */
  readonly purchase?: "ON_DEMAND";
  /** Absent when no price is known (then it is rejected). */
  readonly spotHourlyUsd?: number;
  readonly onDemandHourlyUsd?: number;
  readonly band?: number;
  readonly bandLabel?: string;
  readonly placementScore?: number;
  readonly rejection?: Rejection;
}

/** After the prediction: calibrated probability of losing the pool within the horizon. */
export interface RiskEstimate {
  /** 0…1 */
  readonly probability: number;
  readonly horizonHours: number;
  readonly modelVersion: string;
}

/** After the decision: what one hour there is expected to cost. */
export interface Offer extends Candidate {
  readonly risk?: RiskEstimate;
  /**
   * The same probability for the second, third … of a batch that goes there together: the pool has to hold one more for each.
   * Absent: it is that of the first, as it is wherever the target's own instances have told nothing of the pool.
   */
  readonly laterProbabilities?: readonly number[];
  /** Of a pool in which the target's own instances stand: how likely it does not go on holding them all. */
  readonly staying?: RiskEstimate;
  /** Spot price + interruptions per hour × cost of an interruption + amortised switching cost, USD per hour. */
  readonly expectedHourlyUsd?: number;
  readonly savingsPercent?: number;
}
