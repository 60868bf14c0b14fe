/** What an evaluation concludes, always with a code and a sentence. */
import type { Pool } from "./market.ts";

export const verdictKinds = ["STAY", "SWITCH", "FALLBACK_ON_DEMAND", "REFUSE"] as const;
export type VerdictKind = (typeof verdictKinds)[number];

/** The original can't be switched at all: one code for each reason. */
export const ineligibilityCodes = [
  "INSTANCE_NOT_FOUND",
  "INSTANCE_NOT_RUNNING",
  "INSTANCE_TYPE_UNKNOWN",
  "ALREADY_SPOT",
  "LIFECYCLE_NOT_ON_DEMAND",
  "OPERATOR_MANAGED",
  "ROOT_ON_INSTANCE_STORE",
  "INSTANCE_STORE_IN_USE",
  "TENANCY_NOT_SHARED",
  "TERMINATION_PROTECTED",
  "STOP_PROTECTED",
  "PRODUCT_CODES",
  "PLATFORM_WITHOUT_SPOT_PRODUCT",
  "HIBERNATION_CONFIGURED",
  "ENCLAVE_ENABLED",
  "DOMAIN_JOINED",
  "IN_AUTO_SCALING_GROUP",
  "EKS_NODE",
  "BEANSTALK_MANAGED",
  "EMR_MANAGED",
  "ECS_MANAGED",
  "BATCH_MANAGED",
  "FLEET_MANAGED",
  "MANAGED_BY_SPOT_OPTIMIZER",
  "TYPE_WITHOUT_SPOT",
  "SCHEDULED_EVENT_PENDING",
  "ROUTER_OR_NAT",
  "CAPACITY_RESERVATION",
  "PRIMARY_PRIVATE_IP_WOULD_CHANGE",
  "PUBLIC_IP_WOULD_CHANGE",
  "IPV6_WOULD_CHANGE",
  "MULTI_ATTACH_VOLUME",
  "MULTIPLE_NETWORK_CARDS",
  "EFA_INTERFACE",
  "INTERFACE_NOT_MOVABLE",
  "DATA_VOLUMES_WITH_STATELESS",
  "NO_IMAGE_FOR_STATELESS",
  "PROD_NOT_ALLOWED",
  "ACCOUNT_DISABLED",
  "MODE_NOT_LINEAR",
  "REGION_NOT_CONNECTED",
  "WRONG_INSTANCE_TYPE_REGISTERED",
  "MODEL_NOT_ALLOWED",
] as const;
export type IneligibilityCode = (typeof ineligibilityCodes)[number];

export const verdictReasons = [
  ...ineligibilityCodes,
  "SAVINGS_WORTH_THE_RISK",
  "NO_CANDIDATE",
  "NO_CANDIDATE_UNDER_MAX_RISK",
  "SAVINGS_BELOW_MINIMUM",
  "WITHIN_DWELL_TIME",
  "WITHIN_HYSTERESIS",
  "COVERED_BY_RESERVATION",
  "PRICES_TOO_OLD",
  "NO_ON_DEMAND_PRICE_FOR_ORIGINAL",
  "NO_CAPACITY_IN_ANY_OFFER",
] as const;
export type VerdictReason = (typeof verdictReasons)[number];

export interface Savings {
  /** On-Demand price of the original minus Spot price of the first offer. */
  readonly hourlyUsd: number;
  /** × 730 hours. */
  readonly monthlyUsd: number;
  readonly percent: number;
}

export interface Verdict {
  readonly kind: VerdictKind;
  readonly reason: VerdictReason;
  /** One sentence that a person understands, with the figures. */
  readonly sentence: string;
  /** For SWITCH: pools to try, best first, at most `policy.maxOffers`. Empty otherwise. */
  readonly offers: readonly Pool[];
  /** For SWITCH: against the first offer. */
  readonly savings?: Savings;
  readonly modelVersion: string;
  /** Hash of the policy that was applied. */
  readonly policyVersion: string;
  /** ISO 8601: the time of the facts. */
  readonly judgedAt: string;
}

/** May a SWITCH be carried out now? */
export type Authorization =
  | { readonly kind: "PROCEED"; readonly sentence: string }
  | { readonly kind: "SHADOW"; readonly sentence: string }
  | { readonly kind: "APPROVAL_REQUIRED"; readonly sentence: string };
