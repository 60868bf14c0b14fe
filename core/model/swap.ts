/**
 * One original and its one replacement: what every mode is made of. LINEAR has one, a batch of a group up to ten, a node one.
 * Each is an item of its own, so that swaps which go on side by side don't write the same record.
 */
import type { InstanceId } from "./ids.ts";
import type { Pool } from "./market.ts";

export const swapStages = [
  /** Decided; nothing was launched. */
  "PLANNED",
  "LAUNCHED",
  /** The replacement has proved itself as a machine. */
  "HEALTHY",
  /** It serves where the original served. */
  "JOINED",
  /** The original has left. */
  "DONE",
  /** Begun and undone: the original serves as before. */
  "UNDONE",
  /**
   * The group wanted more capacity meanwhile: original and replacement both serve, and stay. Or the replacement stays in the stead of one that the group
   * has launched meanwhile.
   */
  "ABSORBED",
  /** Neither done nor undone: left to a person. */
  "LEFT",
] as const;
export type SwapStage = (typeof swapStages)[number];

/** Why a pool gave no instance. The adapter knows AWS's codes, everyone else these. */
export const launchRefusals = [
  /** The pool has no room now. Remembered for the evaluations to come. */
  "NO_CAPACITY",
  /** It gave one, which has ended since: whether the pool took it is asked of EC2. */
  "ENDED",
  /** The pool can't serve this request; another one may. */
  "UNSUITABLE",
  /** The account's quota of the type's class is used up. */
  "QUOTA",
  /** None of the zone's subnets has a free address. */
  "NO_ADDRESSES",
] as const;
export type LaunchRefusal = (typeof launchRefusals)[number];

export const failedOfferKinds = [
  ...launchRefusals,
  /** It was not asked: a person has put it in quarantine since the verdict. */
  "QUARANTINED",
] as const;

/** A pool that gave no instance. */
export interface FailedOffer {
  readonly pool: Pool;
  readonly kind: (typeof failedOfferKinds)[number];
  /** AWS's error code, for those who read the record; of one that was not asked its kind. */
  readonly code: string;
  readonly at: string;
}

export interface Replacement {
  readonly instanceId: InstanceId;
  readonly pool: Pool;
  /** When its launch was answered, ISO 8601. Absent in swaps that were stored before this was. */
  readonly launchedAt?: string;
}

export interface Swap {
  /** Unique within the evaluation: `swap-1`. Intents and effects name it. */
  readonly swapId: string;
  readonly originalId: InstanceId;
  readonly stage: SwapStage;
  /** How it stands, for whoever reads the record. */
  readonly sentence: string;
  /** Offers that gave no capacity, in order. */
  readonly failed: readonly FailedOffer[];
  readonly replacement?: Replacement;
  /**
   * An earlier replacement, which holds Spot capacity until this one has proved itself. In the same item as the replacement:
   * written apart, a crash between the two would take the one for the other.
   */
  readonly heldId?: InstanceId;
  /** Of a group: the batch in which it is made, from 1. */
  readonly batch?: number;
  /** Of a group: how its replacement is bought. Absent: on Spot. */
  readonly purchase?: "ON_DEMAND";
  /** Of a group: the pools that its replacement may come from, best first. */
  readonly offers?: readonly Pool[];
  /** Of a group: when the replacement was first found to serve as a member. ISO 8601 */
  readonly joinedAt?: string;
  /** Why it is not gone on with: what was made for it is undone, and its original stays. */
  readonly givenUp?: string;
}

/** The one swap of an evaluation that has only one. */
export const onlySwapId = "swap-1";
