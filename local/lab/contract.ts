/** The words of the laboratory: what is watched, how an evaluation ended, and what a test or a bad day holds in hand. */
import type { LinearEvaluation, ToldEffect } from "../../core/model/evaluation.ts";
import type { EvaluationId } from "../../core/model/ids.ts";
import type { Intent } from "../../core/model/intent.ts";
import type { Swap } from "../../core/model/swap.ts";
import type { Table } from "../../adapters/store/table.ts";
import type { InstanceSummary, ManagedResource } from "../cloud/ec2/control-reads.ts";
import type { FaultCall } from "../cloud/faults.ts";
import type { JournalEntry } from "../cloud/journal.ts";
import type { Platform } from "../platform/platform.ts";
import type { LabAccount } from "./account.ts";
import type { Secrets } from "./secrets.ts";
import type { UnservedWatch } from "./unserved.ts";

export interface Subject {
  readonly accountId: string;
  readonly originalId: string;
  /** Two where one is held while another is launched from the final image. */
  readonly maxReplacements: number;
  /** Its connections must not be cut: it has no downtime in which they could be. */
  readonly isStateless: boolean;
  /** Where the judge looks up intents. */
  readonly table: Table;
  /** Its way back is to be held while it is stopped, and nothing else was agreed to. */
  readonly isReturnHeld: boolean;
  /** It is a Spot Instance, and leaves that: with what its owner had deleted with the instance before. Absent: it stands On-Demand, and goes to Spot. */
  readonly goesBack?: {
    readonly deletedWithOwners: readonly string[];
    /** A move goes to another Spot pool. */
    readonly to: "ON_DEMAND" | "SPOT";
  };
  /** EC2 has taken that Spot Instance, and it is launched anew. Absent: it lives. */
  readonly recovers?: true;
}

/** What there is right after a call. */
export interface Moment {
  readonly atMs: number;
  readonly operation: string;
  /** State of the original. */
  readonly original: string;
  readonly replacements: readonly InstanceSummary[];
  /**
   * Of the replacements that are about to run or do: those with an interface in a security group that has a rule. None once
   * the original's owner has started it.
   */
  readonly reaching: readonly string[];
  /** Instance that holds each Elastic IP of the original; "nobody" otherwise. */
  readonly holders: Readonly<Record<string, string>>;
  /** Elastic IPs and target groups of a stateless original that no instance with passed checks serves. */
  readonly unserved: readonly string[];
}

/** What the original has when the watch begins, that must not be lost. */
export interface Belongings {
  /** Root volume of the original. */
  readonly rootVolumeId: string;
  readonly dataVolumeIds: readonly string[];
  readonly allocationIds: readonly string[];
  /** Those that sent traffic to the original when the watch began. */
  readonly targetGroupArns: readonly string[];
  readonly secondaryInterfaceIds: readonly string[];
  /** All but the primary one: those of the primary interface and of the others. */
  readonly secondaryPrivateIps: readonly string[];
  /** Volumes and interfaces that its owner has deleted together with it. */
  readonly deletedWithOriginal: readonly string[];
}

export interface Watch extends Belongings {
  readonly moments: readonly Moment[];
  /** Sentences: what did not hold, and when. Empty is well. */
  readonly broken: readonly string[];
  /** Writes that were acknowledged, by volume id. */
  readonly acknowledged: ReadonlyMap<string, number>;
  /** When nobody served at the original's first Elastic IP. */
  readonly unserved: UnservedWatch;
  /** Of the original when the watch began. */
  readonly tagsBefore: Readonly<Record<string, string>>;
  /** Ids of all that was in the account when the watch began. */
  readonly resourcesBefore: ReadonlySet<string>;
  /** Mutating calls in the customer's account since the watch began, dry runs aside. */
  mutations(): readonly JournalEntry[];
  /** It looks at nothing any longer. */
  end(): void;
  /** The rule about a call that is not allowed from now on; returns its end. */
  forbid(rule: (call: FaultCall) => string | undefined): () => void;
  /** Somebody else ends it, or changes it, in this test: the rules about it end too. */
  excuse(what: "original" | "replacement" | "load balancer"): void;
  readonly excused: ReadonlySet<string>;
  /** Its owner deletes the target: what a switch keeps for it becomes as its owner has it. False: he was refused. */
  forget(isForgotten: boolean): void;
}

/** How an evaluation ended, and what is left behind. */
export interface Ending {
  readonly evaluationId: EvaluationId;
  readonly status: LinearEvaluation["status"];
  readonly evaluation: LinearEvaluation;
  readonly swap: Swap | undefined;
  /** As GET /evaluations/{id} answers. */
  readonly answer: Readonly<Record<string, unknown>>;
  readonly intents: readonly Intent[];
  readonly effects: readonly ToldEffect[];
  readonly original: InstanceSummary | undefined;
  /** All that ever carried the evaluation's tag, the original aside; and the kept original that a recovery has started. */
  readonly replacements: readonly InstanceSummary[];
  /** Mutating calls in the customer's account since the evaluation began; dry runs do not count. */
  readonly mutations: readonly JournalEntry[];
  /**
   * What was not there before and is there now, tagged or not, belongs neither to the original nor to a switch that was made,
   * and is not named in the record.
   */
  readonly orphans: readonly ManagedResource[];
  readonly executionStatus: string;
  readonly isLeaseHeld: boolean;
  /** Places in which a credential, the ExternalId or user data can be read. */
  readonly leaks: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Lab {
  readonly account: LabAccount;
  readonly goesBack: Subject["goesBack"];
  readonly recovers: Subject["recovers"];
  readonly platform: Platform;
  readonly clock: LabAccount["clock"];
  readonly table: Table;
  readonly control: Platform["ec2"]["control"];
  readonly originalId: string;
  readonly targetId: string;
  readonly targetGroupArn: string | undefined;
  /** The one that forwards to the target group. */
  readonly loadBalancerArn: string | undefined;
  readonly secrets: Secrets;
  readonly watch: Watch;
  /** Everything that the functions logged. */
  readonly logged: readonly string[];
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  evaluate(headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Runs the clock until the execution has ended, or a day has passed. */
  finish(evaluationId: EvaluationId): Promise<Ending>;
  /** Evaluates, and runs to the end. */
  run(): Promise<Ending>;
  replacement(): InstanceSummary | undefined;
  /** Instances that the target group sends traffic to, or soon will; draining ones aside. */
  membersOf(targetGroupArn: string): Promise<readonly string[]>;
  /** As the original's target group shows it; undefined when the instance is not in it. */
  healthOf(instanceId: string): Promise<string | undefined>;
}
