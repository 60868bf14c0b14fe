/** The record of one evaluation: one workflow execution, one audit story. */
import type { RootTransfer } from "../policy/linear.ts";
import type { Policy } from "../policy/policy.ts";
import type { Caller } from "./approval.ts";
import type { EvaluationKind } from "./evaluation-kind.ts";
import type { CommandFacts, HookRun } from "./command.ts";
import type {
  AccountId,
  ApprovalId,
  DeploymentId,
  EvaluationId,
  InstanceId,
  ResolutionId,
  TargetId,
} from "./ids.ts";
import { ownStarters } from "./starter.ts";
import type { GroupFacts } from "./group.ts";
import type { HeldReason } from "./held-reason.ts";
import type { InstanceFacts } from "./instance.ts";
import type { LeftThing } from "./left-thing.ts";
import type { Loss } from "./loss.ts";
import type { KubernetesFacts } from "./kubernetes/facts.ts";
import type { KubernetesProgress } from "./kubernetes/progress.ts";
import type { LaunchFacts } from "./launch-check.ts";
import type { InstanceTypeFacts, MarketFacts, MarketReference, MarketView } from "./market.ts";
import type { Move } from "./move.ts";
import type { Offer } from "./offer.ts";
import type { ResolutionWish } from "./resolution.ts";
import type { ReturnCapacity } from "./return-capacity.ts";
import type { ModelStanding } from "./risk-model.ts";
import type { GroupSubject, InstanceSubject, NodeGroupSubject } from "./subject.ts";
import type { FactsBesideSpot } from "./spot-backoff.ts";
import type { FailedOffer } from "./swap.ts";
import type { PipelineMode } from "./pipeline-mode.ts";
import type { ProofReading } from "./proof.ts";
import type { Settlement } from "./settlement.ts";
import type { Target } from "./target.ts";
import type { TargetGroupFacts } from "./target-group.ts";
import type { Account, Environment } from "./account.ts";
import type { Authorization, Postponement, Savings, Verdict } from "./verdict.ts";

/** How an evaluation can end. */
export const endStatuses = [
  "STAYED",
  "REFUSED",
  /** Shadow mode: verdict recorded, nothing touched. */
  "SHADOWED",
  /** A person must agree first: the record has what is asked for. */
  "AWAITING_APPROVAL",
  "SWITCHED",
  /** Of a group: some of its swaps were made, the others undone. */
  "PARTLY_SWITCHED",
  /** The way back was carried out: the load stands on On-Demand again. */
  "FELL_BACK",
  /** A switch was begun and undone: what stood before serves as before. */
  "ROLLED_BACK",
  /** Neither done nor undone: a person must look. The record says at what. */
  "NEEDS_OPERATOR",
  /** Neither done nor undone, and a person has named the instance that serves: the rest stays as it was left. */
  "ADOPTED",
  /** AWS could not be reached or refused us before anything was touched. */
  "DEGRADED",
] as const;
type EndStatus = (typeof endStatuses)[number];

export const evaluationStatuses = [
  /** Created by the API; the workflow has not begun. */
  "PENDING",
  "RUNNING",
  ...endStatuses,
] as const;
export type EvaluationStatus = (typeof evaluationStatuses)[number];

/** A verdict and nothing else. */
const untouched: ReadonlySet<EvaluationStatus> = new Set(["SHADOWED", "AWAITING_APPROVAL"]);

/** May have begun something. */
export const mayHaveActed = ({ status }: { readonly status: EvaluationStatus }): boolean =>
  !untouched.has(status);

export interface Failure {
  /** Stable error name, see core/errors. */
  readonly error: string;
  readonly cause: string;
}

export interface Phase {
  /** Name of the workflow state's step: `scrape`, `launch` … */
  readonly name: string;
  /** From 1, where a workflow goes through the same states for each batch. */
  readonly round?: number;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly summary?: string;
}

/** How the evaluation ended. The verdict stays as it was judged; this says what came of it. */
export interface Outcome {
  readonly status: EndStatus;
  /**
   * NEEDS_OPERATOR with the reason REPLACEMENT_SERVES: the replacement serves and holds the newer writes, so nothing is rolled
   * back and nothing deleted until a person decides. With the reason ONLY_FORWARD: what was given up can't be started again.
   */
  readonly isHeld?: true;
  /** A verdict's reason, or the name of the error that ended it. */
  readonly reason: string;
  readonly sentence: string;
}

/** What a person decided about what the evaluation had left open: who, why, and how it had ended before. */
export type Resolution = ResolutionWish & {
  readonly resolutionId: ResolutionId;
  /** ARN of the caller. */
  readonly by: string;
  readonly reason: string;
  /** ISO 8601 */
  readonly at: string;
  /** How the evaluation had ended; absent where its execution was cut off. */
  readonly outcomeBefore?: Outcome;
  /** Of the execution that carries it out; absent until that is started. */
  readonly executionArn?: string;
  /** When an adoption had come to its end. */
  readonly doneAt?: string;
  /** Why no execution was started for it: it is as if nobody had decided. */
  readonly notStarted?: string;
};

/**
 * One mutating call, as it was made. Written before the call, as one of which nothing is known; the answer takes its place.
 * UNKNOWN where no answer came, or none could be noted: the call may or may not have acted.
 */
export interface Effect {
  /** Absent for what concerns the subject as a whole. */
  readonly swapId?: string;
  /** `RunInstances`, `AssociateAddress` … */
  readonly action: string;
  readonly resource: string;
  /** When it was made, ISO 8601. */
  readonly at: string;
  /** AWS's id of its answer; `unknown` without one. */
  readonly requestId: string;
  readonly outcome: "DONE" | "REFUSED" | "UNKNOWN";
  /** AWS's words on a refusal, or what came instead of an answer. */
  readonly message?: string;
}

/** What was found out later of a call whose answer is not known, see `findOut`. */
export interface FoundOut {
  readonly kind:
    /** What it was to do was found done. */
    | "DONE"
    /** The same call was made again, and was carried out: which of the two did it makes no difference. */
    | "REPEATED"
    /** Whatever it did was undone: the roll-back came to its end. */
    | "UNDONE";
  readonly sentence: string;
}

/** An effect as it is told: with what was found out since. */
export type ToldEffect = Effect & { readonly found?: FoundOut };

/** A lease with the fencing number under which this evaluation has it. */
export interface HeldLease {
  readonly resource: string;
  readonly fence: number;
  /** Ours until then at least, ISO 8601. Only says when to renew it: whether it is ours before a change, the lease says. */
  readonly expiresAt?: string;
}

/** The number that intents carry: of the subject's own lease, the last in the order. */
export const fenceOf = ({ leases }: { readonly leases: readonly HeldLease[] }): number =>
  leases.at(-1)?.fence ?? 0;

/** How often something is looked at while it is waited for, in seconds. */
export interface Pace {
  /** From the beginning of the wait until the first look. */
  readonly firstSeconds: number;
  /** Between two looks after that, at least. */
  readonly everySeconds: number;
  /** Between two looks after that, at most. */
  readonly mostSeconds: number;
}

/** Waiting for something, from its first poll on. Polls follow from the time: a poll that sees nothing new writes nothing. */
export interface Wait {
  /** From 1, where a workflow waits for the same once in each batch. */
  readonly round?: number;
  /** ISO 8601 */
  readonly beganAt: string;
  /** Absolute, ISO 8601. */
  readonly deadline: string;
  readonly pace: Pace;
  /** The most that was reached of what comes in parts: its deadline counts from there. */
  readonly reached?: number;
}

/** Under which a wait stands in the record: one for each round, so that batch 2 has a deadline of its own. */
export const waitKey = (phase: string, round?: number): string =>
  round === undefined ? phase : `${phase}#${String(round)}`;

export const phaseOfWait = (key: string): string => key.replace(/#\d+$/, "");

/** What a switch of one instance has reached so far, beside its swap; each step adds to it and none takes away. */
export interface LinearProgress {
  readonly warmImageId?: string;
  readonly finalImageId?: string;
  /** How the root's last state reaches the replacement: the policy's way, or what was left when EC2 refused it. */
  readonly rootTransfer?: RootTransfer;
  /** The original's own root volume, on which the replacement runs: without it the stopped original can't be started. */
  readonly movedRootVolumeId?: string;
  /** Offers that gave no capacity for a launch from the final image. */
  readonly failedRelaunches?: readonly FailedOffer[];
  /** Who sends traffic to the original's target groups, and into which zones, as read right before the freeze. */
  readonly trafficBeforeFreeze?: {
    /** ISO 8601 */
    readonly readAt: string;
    readonly targetGroups: readonly TargetGroupFacts[];
  };
  /** No capacity is held for the original's way back, with EC2's reason; its owner has accepted that. */
  readonly unsecuredReturn?: string;
  /** Of a recovery: the stopped original, which was kept for its cool-off and is started instead of a launch. */
  readonly keptOriginal?: {
    readonly instanceId: InstanceId;
    /** Why it does not take over. Absent: it does, or may yet. */
    readonly refusal?: string;
    /** It was passed over, and nothing else could be launched: it is waited for as the last. */
    readonly isLast?: true;
  };
  /** Of a recovery: what each Spot offer answered. From then on it is launched On-Demand. */
  readonly spotExhausted?: string;
  /** Of a recovery: On-Demand offers that gave no capacity. */
  readonly failedOnDemand?: readonly FailedOffer[];
  /** Last instant at which the original was known to serve, ISO 8601. */
  readonly frozenAt?: string;
  /** EC2 has ended the Spot Instance before we did, and since then the load may have been down. ISO 8601 */
  readonly takenAt?: string;
  /** EC2's tasks that did not make the root volume of the ended Spot Instance that of its successor: another one is begun. */
  readonly failedRootTasks?: readonly string[];
  /**
   * Volumes that a way back with data has left: the root of the ended Spot Instance, where an image of it serves, and one with which
   * what was to take its place has ended. They are their owner's to delete.
   */
  readonly leftVolumes?: readonly string[];
  /**
   * Right before the first part of the identity through which clients come was brought to the replacement: from here on it
   * may hold newer writes. ISO 8601
   */
  readonly servedFrom?: string;
  /** First instant at which the replacement was proved to serve with the identity, ISO 8601. */
  readonly servingAt?: string;
  /** How often parts of the identity were found gone from the replacement, and moved again. */
  readonly movedAgain?: number;
  /** What is otherwise at the replacement than the verdict saw it at the original, and was left so. */
  readonly differences?: readonly string[];
  /** What names the original or an address of it and does not follow, read once it was verified: its owner sees to it. */
  readonly followUps?: readonly string[];
  /** After a way back: why the owner's deletion flags are not at the instance that serves. Absent: they are. */
  readonly flagsNotReturned?: string;
  /** When a replacement that had part of the identity was found to have ended by itself, ISO 8601. */
  readonly replacementLostAt?: string;
  /** First instant at which a roll-back found the original serving with its whole identity again, ISO 8601. */
  readonly restoredAt?: string;
  /** The original was stopped by its owner, his software or EC2 meanwhile, and was left so. */
  readonly ownersStop?: {
    /** As EC2 gives it, ISO 8601; absent where it gives none. */
    readonly at?: string;
    readonly sentence: string;
  };
  /** What a roll-back could not bring back: writes since then are on this volume, which is kept. */
  readonly writesNotReturned?: {
    readonly since: string;
    /** Absent: the volume went with the replacement, and so did they. */
    readonly volumeId?: string;
  };
}

/** Account and target as they were when the evaluation was started, so that a replay doesn't depend on later changes. */
export interface Registered {
  readonly account: Omit<Account, "externalId">;
  readonly target: Target;
}

/** What evaluations of all modes have. */
export interface EvaluationHead {
  readonly evaluationId: EvaluationId;
  /** Which deployment began it: stands in the tags of what it makes. */
  readonly deploymentId: DeploymentId;
  readonly targetId: TargetId;
  readonly accountId: AccountId;
  readonly environment: Environment;
  readonly region: string;
  readonly isShadowMode: boolean;
  readonly status: EvaluationStatus;
  /** What it is to bring about. Absent: a switch to Spot. */
  readonly kind?: EvaluationKind;
  /** Who asked: `api`, `sweep`. */
  readonly startedBy: string;
  /** The person who asked through the API, or before whom the approval was asked for that began it. Absent: nobody did. */
  readonly requestedBy?: Caller;
  /** The approval that began it: it judges within its bounds. */
  readonly approvalId?: ApprovalId;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly executionArn?: string;
  /** It began while EC2 took many instances of its account and region: what such recoveries read of EC2 they share. */
  readonly sharesReadings?: true;
  /** Those of the subject, in the order in which they were taken. */
  readonly leases: readonly [HeldLease, ...HeldLease[]];
  readonly policy: Policy;
  readonly policyVersion: string;
  readonly modelVersion: string;
  readonly registered?: Registered;
  readonly lastSwitchAt?: string;
  readonly phases: readonly Phase[];
  /** By phase and round, see `waitKey`. */
  readonly waits: Readonly<Record<string, Wait>>;
  readonly verdict?: Verdict;
  readonly authorization?: Authorization;
  /** Why a SWITCH became a STAY after all: what each offer answered. */
  readonly launchExhausted?: string;
  /** Why a SWITCH was not begun or, before anything was given up, not gone on with. */
  readonly postponed?: Postponement;
  /** What was found of the application's proofs, the last readings of each stage. */
  readonly proofs?: readonly ProofReading[];
  /** The owner's hooks as they ran, once it has ended. */
  readonly hooks?: readonly HookRun[];
  readonly failure?: Failure;
  /** Why the roll-back could not come to its end. */
  readonly rollbackProblem?: string;
  /** That is because the replacement serves and holds the newer writes: see `Outcome.isHeld`. */
  readonly isHeld?: true;
  /** Absent: it serves. */
  readonly heldBecause?: HeldReason;
  /** What carried our tags when the roll-back had come to its end, and was not touched. */
  readonly leftBehind?: readonly LeftThing[];
  readonly outcome?: Outcome;
  /** What became of what was due after it: its original, its images. The last word on each. */
  readonly settlements?: readonly Settlement[];
  /** What persons decided about what it left open, in order. */
  readonly resolutions?: readonly Resolution[];
  /** Begun at the subject since: a roll-back took away only what was this evaluation's own. */
  readonly supersededBy?: EvaluationId;
  /** For a SWITCH: against the pool that was really taken, else against the first offer. An estimate. */
  readonly estimatedSavings?: Savings;
  /**
   * From the last instant at which the load was known to serve to the first at which it did again; absent when it never stopped,
   * and while nobody is known to serve.
   */
  readonly downtimeSeconds?: number;
  /** On-Demand capacity that was held for the way back, and what it cost. Absent where none was. */
  readonly returnCapacity?: ReturnCapacity;
  /** For the optimistic write: raised by each write. */
  readonly version: number;
}

/** A switch of one instance. */
export interface LinearEvaluation extends EvaluationHead {
  readonly mode: "LINEAR";
  readonly subject: InstanceSubject;
  readonly progress: LinearProgress;
}

/** What a conversion of a group has reached so far, beside its swaps. */
export interface ClusterProgress {
  /** The batch that is under way, or was the last; from 1. */
  readonly batch?: number;
  /** What the group's owner asks for, as reckoned at the last look. */
  readonly ledger?: {
    readonly asked: number;
    readonly absorbed: number;
    /** Of our last call that lowered the desired capacity and met another than was seen, ISO 8601: what it met is reckoned with. Absent: none has. */
    readonly reckonedTo?: string;
  };
  /** Members that were to be replaced too, when no further batch could be planned. */
  readonly untried?: number;
  /** Why no other batch is begun, although there is more to replace. */
  readonly ended?: Postponement;
  /** Of a response: announced members that it has decided about, those that it can't replace too. */
  readonly decided?: readonly InstanceId[];
}

export interface ClusterEvaluation extends EvaluationHead {
  readonly mode: "CLUSTER";
  readonly subject: GroupSubject;
  readonly progress: ClusterProgress;
}

export interface KubernetesEvaluation extends EvaluationHead {
  readonly mode: "KUBERNETES";
  readonly subject: NodeGroupSubject;
  readonly progress: KubernetesProgress;
}

interface EvaluationByMode {
  readonly LINEAR: LinearEvaluation;
  readonly CLUSTER: ClusterEvaluation;
  readonly KUBERNETES: KubernetesEvaluation;
}

/** Somebody asked for it: a person, or what works for one. */
export const isAskedFor = ({ startedBy }: Pick<EvaluationHead, "startedBy">): boolean =>
  !ownStarters.includes(startedBy);

/** A common head, and a body by mode. */
export type EvaluationOf<Mode extends PipelineMode> = EvaluationByMode[Mode];
export type Evaluation = EvaluationOf<PipelineMode>;

/** What is known of every subject when it is judged. */
interface FactsHead extends FactsBesideSpot {
  /** ISO 8601: the "now" of verdicts that were given without market facts. */
  readonly observedAt: string;
  /** The assigned risk model as it stood then; absent in records made before there was a registry. */
  readonly riskModel?: ModelStanding;
}

/** The switch that brought a Spot Instance about: that evaluation launched it, for this very target. */
export interface Placement {
  readonly evaluationId: EvaluationId;
  /** What it replaced, and the type that it had: what its owner has paid for. */
  readonly originalId: InstanceId;
  readonly originalType: string;
}

/** What was found out about one instance: the original. */
export interface LinearFacts {
  /** What it is judged for. Absent: a switch to Spot. */
  readonly kind?: EvaluationKind;
  /** Absent: it is not a Spot Instance, or none that a switch of its target has launched. */
  readonly placedBy?: Placement;
  /** Absent: EC2 does not show the instance. */
  readonly instance?: InstanceFacts;
  /** Whose claims on the instance are our own; absent in records made before there were claims. */
  readonly deploymentId?: DeploymentId;
  /** What Systems Manager knows of it and of the documents that the policy names; absent where it names none. */
  readonly commands?: CommandFacts;
  /** The type of the original. */
  readonly originalType?: InstanceTypeFacts;
  /** Whether a clone can be launched at all; absent in records made before it was looked for. */
  readonly launch?: LaunchFacts;
  /** Of a recovery: what became of the Spot Instance. Absent: nothing, or it is not a recovery. */
  readonly lost?: Loss;
}

/** What was found out about one Auto Scaling group. */
export interface ClusterFacts {
  /** What it is judged for. Absent: a switch to Spot. */
  readonly kind?: EvaluationKind;
  /** Absent: Auto Scaling does not show the group. */
  readonly group?: GroupFacts;
  /** Members that leave because EC2 recommends it, and policy heeds that. Absent: none. */
  readonly recommended?: readonly InstanceId[];
  /** What an earlier evaluation has raised its maximum to, and could not hand back. Absent: nothing. */
  readonly standing?: { readonly maxOriginal: number; readonly maxRaised: number };
  /** Whose claims on the group are our own. */
  readonly deploymentId?: DeploymentId;
  /** The type of its template. Absent: the region's catalogue does not have it. */
  readonly templateType?: InstanceTypeFacts;
  /** Whether a clone can be launched at all. Absent: it was not asked. */
  readonly launch?: LaunchFacts;
}

/** What was found out about the subject, by mode. */
interface SubjectFacts {
  readonly LINEAR: LinearFacts;
  readonly CLUSTER: ClusterFacts;
  readonly KUBERNETES: KubernetesFacts;
}

/** Facts on a subject, before the market. */
export type FactsOn<Mode extends PipelineMode> = FactsHead &
  (Mode extends keyof SubjectFacts ? SubjectFacts[Mode] : unknown);

/** From these the verdict is recomputed. Without a mode: what the facts of all have. */
export type EvaluationFacts<Mode extends PipelineMode = PipelineMode> = FactsOn<Mode> & {
  /** Absent when the verdict was given before the market was looked at. */
  readonly market?: MarketFacts;
};

/** Those of an evaluation that has come as far as the market. */
export type MarketedFacts<Mode extends PipelineMode = PipelineMode> = FactsOn<Mode> & {
  readonly market: MarketFacts;
};

/** As they are stored, apart from the record because they are large; the region's market is stored once for many. */
export type StoredFacts<Mode extends PipelineMode = PipelineMode> = FactsOn<Mode> & {
  readonly market?: MarketView & { readonly stored: MarketReference };
};

export interface EvaluationOffers {
  readonly offers: readonly Offer[];
  /** Of a group or of nodes: all that were to go. Absent: none was, or the verdict is on one instance. */
  readonly moves?: readonly Move[];
}
