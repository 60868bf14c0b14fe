/** What an evaluation concludes, always with a code and a sentence. */
import type { ApprovalBounds } from "./approval.ts";
import type { ApprovalId } from "./ids.ts";
import type { JudgementVersion } from "./judgement-version.ts";
import type { Pool } from "./market.ts";
import { groupDeferrals, groupReasons } from "./reasons/group.ts";
import { instanceReasons } from "./reasons/instance.ts";
import { nodeDeferrals, nodeReasons } from "./reasons/node.ts";
import { registrationReasons } from "./reasons/registration.ts";
import { sharedReasons } from "./reasons/shared.ts";

export const verdictKinds = ["STAY", "SWITCH", "FALLBACK_ON_DEMAND", "REFUSE"] as const;
export type VerdictKind = (typeof verdictKinds)[number];

/** Why a subject may not be switched at all. Each mode has a list of its own. */
const ineligibilityCodes = [
  ...registrationReasons,
  ...sharedReasons,
  ...instanceReasons,
  ...groupReasons,
  ...nodeReasons,
] as const;
export type IneligibilityCode = (typeof ineligibilityCodes)[number];

/** Why a switch that is worth it is not made now. */
export const postponements = [
  "OUTSIDE_WINDOW",
  "FROZEN",
  "DOWNTIME_BUDGET",
  /** A proof of the application does not hold of what serves now: it would prove nothing of a replacement. */
  "PROOF_FAILS",
  /** EC2 does not reserve capacity by which the original could start again, and its owner has not accepted that. */
  "WAY_BACK_UNSECURED",
  /** As many switches go on in the account as may, or they cost as much meanwhile as they may. */
  "PACE",
  /** Switches of the account were rolled back: a person must look before others are begun. */
  "ACCOUNT_HALTED",
  /** A person has rejected this very move, and that holds still. */
  "REJECTED",
  /** Of a group: what acts on it, or ails it, passes by itself. */
  ...groupDeferrals,
  /** Of nodes, in the same way. */
  ...nodeDeferrals,
  /** Of a group: as many batches were made as one execution can hold. */
  "BATCHES_USED_UP",
] as const;

/** Not now. */
export interface Postponement {
  readonly reason: (typeof postponements)[number];
  readonly sentence: string;
  /** When it is worth asking again, where that is known. ISO 8601 */
  readonly retryAt?: string;
}

export const verdictReasons = [
  ...ineligibilityCodes,
  "SAVINGS_WORTH_THE_RISK",
  "NO_CANDIDATE",
  "NO_CANDIDATE_UNDER_MAX_RISK",
  /** Of what the filter left, quarantine has kept out all. */
  "ALL_QUARANTINED",
  "SAVINGS_BELOW_MINIMUM",
  "WITHIN_DWELL_TIME",
  "WITHIN_HYSTERESIS",
  /** An earlier attempt failed, and its cause still stands. */
  "FAILED_BEFORE",
  /** Somebody asked that it stand on On-Demand, and has not asked for Spot since. */
  "ASKED_TO_STAY",
  /** EC2 has taken its Spot Instance lately: it goes back to Spot once the back-off is over. */
  "WITHIN_BACK_OFF",
  /** Another Spot pool would be worth it, and its owner has not allowed such moves. */
  "MOVES_NOT_ALLOWED",
  /** What staying in its Spot pool costs is not known. */
  "STANDING_UNKNOWN",
  /** Of FALLBACK_ON_DEMAND: somebody asked for the way back. */
  "ASKED_FOR",
  "ON_DEMAND_IS_CHEAPER",
  "COVERED_BY_RESERVATION",
  "PRICES_TOO_OLD",
  "NO_ON_DEMAND_PRICE_FOR_ORIGINAL",
  "NO_CAPACITY_IN_ANY_OFFER",
  /** Of a group: every member is on Spot, below the base, protected, or not to be touched. */
  "NOTHING_TO_CONVERT",
  /** Of FALLBACK_ON_DEMAND of a group: fewer members stand On-Demand than its owner wants. */
  "BELOW_ON_DEMAND_BASE",
  /** Of a response: EC2 takes the node back. */
  "TAKEN_BACK",
  ...postponements,
] as const;
export type VerdictReason = (typeof verdictReasons)[number];

/** What a bulk reading may leave open: a reason against, or one to wait for. */
export const uncheckedCodes = [...ineligibilityCodes, ...groupDeferrals, ...nodeDeferrals] as const;
export type UncheckedCode = (typeof uncheckedCodes)[number];

const passingReasons: ReadonlySet<VerdictReason> = new Set([...groupDeferrals, ...nodeDeferrals]);

/** It says what acts on a group or on nodes, or ails them, at this time. */
export const isPassing = (reason: VerdictReason): boolean => passingReasons.has(reason);

export interface Savings {
  /** What is paid where it stands, On-Demand or for its Spot pool, minus the price where it goes first. Negative: it costs more there. */
  readonly hourlyUsd: number;
  /** × 730 hours. */
  readonly monthlyUsd: number;
  /** Of what is paid where it stands. */
  readonly percent: number;
}

export interface Verdict {
  readonly kind: VerdictKind;
  readonly reason: VerdictReason;
  /** One sentence that a person understands, with the figures. */
  readonly sentence: string;
  /**
   * For SWITCH, and for FALLBACK_ON_DEMAND that is to be carried out: pools to try, best first, at most `policy.maxOffers`; of a group those
   * of all its members that are to go. Empty otherwise.
   */
  readonly offers: readonly Pool[];
  /** For SWITCH: of the first offer; of a group or of nodes, of all that are to go. */
  readonly savings?: Savings;
  /** Of a STAY that is a matter of time: when it is worth asking again. ISO 8601 */
  readonly retryAt?: string;
  /** Of a verdict from bulk readings: what was not looked at. SWITCH with any is not a ground to act until it was. */
  readonly unchecked?: readonly UncheckedCode[];
  readonly modelVersion: string;
  /** Of the rules of judging; absent in verdicts of the first. */
  readonly judgementVersion?: JudgementVersion;
  /** Hash of the policy that was applied. */
  readonly policyVersion: string;
  /** ISO 8601: the time of the facts. */
  readonly judgedAt: string;
}

/** Is something to be changed? FALLBACK_ON_DEMAND as an advice, where nothing can take it, names no pools. */
export const callsForAction = ({ kind, offers }: Pick<Verdict, "kind" | "offers">): boolean =>
  kind === "SWITCH" || (kind === "FALLBACK_ON_DEMAND" && offers.length > 0);

/** The approval by which it is carried out, or that is waited for. */
interface ApprovalReference {
  readonly approvalId: ApprovalId;
  readonly boundsHash: string;
}

/** May a SWITCH be carried out now? */
export type Authorization =
  | {
      readonly kind: "PROCEED";
      readonly sentence: string;
      readonly approval?: ApprovalReference & {
        /** Who has agreed. */
        readonly approvedBy: readonly string[];
        readonly bounds: ApprovalBounds;
        /** Those of the verdict's pools that are within them, at its prices. */
        readonly poolKeys: readonly string[];
      };
    }
  | { readonly kind: "SHADOW"; readonly sentence: string }
  | {
      readonly kind: "APPROVAL_REQUIRED";
      readonly sentence: string;
      /** Absent in records of before there were approvals. */
      readonly approval?: ApprovalReference;
      readonly bounds?: ApprovalBounds;
    };
