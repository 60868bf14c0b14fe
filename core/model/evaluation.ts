/** The record of one evaluation: one workflow execution, one audit story. */
import type { Policy, RootTransfer } from "../policy/policy.ts";
import type { AccountId, EvaluationId, InstanceId, TargetId } from "./ids.ts";
import type { InstanceFacts } from "./instance.ts";
import type { InstanceTypeFacts, MarketFacts, Pool } from "./market.ts";
import type { Offer } from "./offer.ts";
import type { ModelStanding } from "./risk-model.ts";
import type { PipelineMode, Target } from "./target.ts";
import type { Account, Environment } from "./account.ts";
import type { Authorization, Savings, Verdict } from "./verdict.ts";

/** How an evaluation can end. */
export const endStatuses = [
  "STAYED",
  "REFUSED",
  /** Shadow mode: verdict recorded, nothing touched. */
  "SHADOWED",
  "APPROVAL_REQUIRED",
  "SWITCHED",
  /** A switch was begun and undone: the original runs with its identity. */
  "ROLLED_BACK",
  /** Neither done nor undone: a person must look. The record says at what. */
  "NEEDS_OPERATOR",
  /** AWS could not be reached or refused us before anything was touched. */
  "DEGRADED",
] as const;
export type EndStatus = (typeof endStatuses)[number];

/** Endings in which something serves again that was frozen: these have a downtime to record. */
export const statusesWithDowntime: readonly EndStatus[] = ["SWITCHED", "ROLLED_BACK"];

export const evaluationStatuses = [
  /** Created by the API; the workflow has not begun. */
  "PENDING",
  "RUNNING",
  ...endStatuses,
] as const;
export type EvaluationStatus = (typeof evaluationStatuses)[number];

export interface Failure {
  /** Stable error name, see core/errors. */
  readonly error: string;
  readonly cause: string;
}

export interface Phase {
  /** Name of the workflow state's step: `scrape`, `launch` … */
  readonly name: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly summary?: string;
}

/** How the evaluation ended. The verdict stays as it was judged; this says what came of it. */
export interface Outcome {
  readonly status: EndStatus;
  /** A verdict's reason, or the name of the error that ended it. */
  readonly reason: string;
  readonly sentence: string;
}

/** One mutating call, as it was made. */
export interface Effect {
  /** `RunInstances`, `AssociateAddress` … */
  readonly action: string;
  readonly resource: string;
  readonly at: string;
  readonly requestId: string;
  readonly outcome: "DONE" | "REFUSED";
  readonly message?: string;
}

/** Why a pool gave no instance. The adapter knows AWS's codes, everyone else these. */
export const launchRefusals = [
  /** The pool has no room now. Remembered for the evaluations to come. */
  "NO_CAPACITY",
  /** The pool can't serve this request; another one may. */
  "UNSUITABLE",
  /** The account's quota of the type's class is used up. */
  "QUOTA",
  /** None of the zone's subnets has a free address. */
  "NO_ADDRESSES",
] as const;
export type LaunchRefusal = (typeof launchRefusals)[number];

/** A pool that gave no instance. */
export interface FailedOffer {
  readonly pool: Pool;
  readonly kind: LaunchRefusal;
  /** AWS's error code, for those who read the record. */
  readonly code: string;
  readonly at: string;
}

/** What the switch has reached so far; each step adds to it and none takes away. */
export interface SwitchProgress {
  /** Absolute deadlines by phase name, ISO 8601. */
  readonly deadlines?: Readonly<Record<string, string>>;
  /** How often a step has answered WAITING, in all: an execution's history is limited. */
  readonly polls?: number;
  readonly warmImageId?: string;
  readonly finalImageId?: string;
  /** How the root's last state reaches the replacement: the policy's way, or what was left when EC2 refused it. */
  readonly rootTransfer?: RootTransfer;
  /** Offers that gave no capacity, in order. */
  readonly failedOffers?: readonly FailedOffer[];
  /** The same for launches from the final image. */
  readonly failedRelaunches?: readonly FailedOffer[];
  /** The first replacement, which holds Spot capacity until the one from the final image has proved itself. */
  readonly heldId?: InstanceId;
  readonly replacementId?: InstanceId;
  readonly replacementPool?: Pool;
  /** Last instant at which the original was known to serve, ISO 8601. */
  readonly frozenAt?: string;
  /** First instant at which the replacement was proved to serve with the identity, ISO 8601. */
  readonly servingAt?: string;
  /** First instant at which a roll-back found the original serving again, ISO 8601. */
  readonly restoredAt?: string;
}

/** Account and target as they were when the evaluation was started, so that a replay doesn't depend on later changes. */
export interface EvaluationSubject {
  readonly account: Omit<Account, "externalId">;
  readonly target: Target;
}

export interface Evaluation {
  readonly evaluationId: EvaluationId;
  readonly targetId: TargetId;
  readonly accountId: AccountId;
  readonly environment: Environment;
  readonly region: string;
  readonly instanceId: InstanceId;
  readonly mode: PipelineMode;
  readonly isShadowMode: boolean;
  readonly status: EvaluationStatus;
  /** Who asked: `api`, `sweep`. */
  readonly startedBy: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly executionArn?: string;
  /** Fencing number of the lease. */
  readonly fence: number;
  readonly policy: Policy;
  readonly policyVersion: string;
  readonly modelVersion: string;
  readonly subject?: EvaluationSubject;
  readonly lastSwitchAt?: string;
  readonly phases: readonly Phase[];
  readonly verdict?: Verdict;
  readonly authorization?: Authorization;
  readonly progress: SwitchProgress;
  /** Why a SWITCH became a STAY after all: what each offer answered. */
  readonly launchExhausted?: string;
  readonly failure?: Failure;
  /** Why the roll-back could not come to its end. */
  readonly rollbackProblem?: string;
  readonly outcome?: Outcome;
  /** For a SWITCH: against the pool that was really taken, else against the first offer. An estimate. */
  readonly estimatedSavings?: Savings;
  /**
   * From frozenAt to servingAt, or to restoredAt after a roll-back. Absent when nothing was interrupted, and for every
   * ending but `statusesWithDowntime`.
   */
  readonly downtimeSeconds?: number;
  /** For the optimistic write: raised by each write. */
  readonly version: number;
}

/** Kept apart from the record because they are large. From these the verdict is recomputed. */
export interface EvaluationFacts {
  /** ISO 8601: the "now" of verdicts that were given without market facts. */
  readonly observedAt: string;
  /** Absent: EC2 does not show the instance. */
  readonly instance?: InstanceFacts;
  /** The type of the original. */
  readonly originalType?: InstanceTypeFacts;
  /** The assigned risk model as it stood then; absent in records made before there was a registry. */
  readonly riskModel?: ModelStanding;
  /** Absent when the verdict was given before the market was looked at. */
  readonly market?: MarketFacts;
}

export interface EvaluationOffers {
  readonly offers: readonly Offer[];
}
