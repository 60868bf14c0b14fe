/** What a mode adds to a judgement in place: the facts on its subject, and what the lists leave open of it. */
import type { Account } from "../../model/account.ts";
import type { CloseLook } from "../../model/close-look.ts";
import type { Failure, FactsOn, Placement } from "../../model/evaluation.ts";
import type { GroupFacts } from "../../model/group.ts";
import type { DeploymentId } from "../../model/ids.ts";
import type { InstanceTypeFacts } from "../../model/market.ts";
import type { PipelineMode } from "../../model/pipeline-mode.ts";
import type { PlaceReading } from "../../model/place-reading.ts";
import type { ModelStanding } from "../../model/risk-model.ts";
import type { SpotBackoff } from "../../model/spot-backoff.ts";
import type { TargetOf } from "../../model/target.ts";
import type { UncheckedCode } from "../../model/verdict.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Whereabouts } from "../offers/judge.ts";

/** What is known of every subject before it is looked for. */
interface KnownBefore {
  /** ISO 8601: the time of the reading. */
  readonly observedAt: string;
  readonly riskModel: ModelStanding;
  readonly deploymentId: DeploymentId;
}

export interface SubjectInput<Mode extends PipelineMode> {
  readonly reading: PlaceReading;
  readonly target: TargetOf<Mode>;
  /** The effective one, of the target. */
  readonly policy: Policy;
  /** What was read of the subject alone, lately. */
  readonly closeLook?: CloseLook<Mode>;
  /** Targets of their own among the instances of the place. */
  readonly linearTargets: GroupFacts["linearTargets"];
  /** Of a Spot Instance of the target: the switch that launched it, by our own records. */
  readonly placedBy?: Placement;
  /** Of a group: its Spot members that its evaluations have put in, by our own records. Absent: none was looked for. */
  readonly placed?: GroupFacts["placed"];
  /** What is remembered of Spot Instances of the target that EC2 has taken. */
  readonly backoff?: SpotBackoff;
}

export interface SideInput<Mode extends PipelineMode> extends SubjectInput<Mode> {
  readonly account: Account;
  readonly known: KnownBefore;
  /** Undefined: the region's catalogue does not have it. */
  readonly typeNamed: (instanceType: string) => InstanceTypeFacts | undefined;
}

export type SubjectInPlace<Mode extends PipelineMode> =
  | {
      readonly kind: "READ";
      readonly facts: FactsOn<Mode>;
      readonly unchecked: readonly UncheckedCode[];
      /** Absent: the lists do not show it, or not what it would launch, so that the market does not matter. */
      readonly whereabouts?: Whereabouts;
      /**
       * Too little is known for a verdict that the subject stays: MARKET, where none of the reasons known so far stands against it;
       * ALL, whatever is said. Then it is to be looked at closely. Absent: what stays by this, stays.
       */
      readonly leavesOpen?: "MARKET" | "ALL";
    }
  /** The list that would show it could not be read, or what it shows of it can't be understood. */
  | { readonly kind: "NOT_READ"; readonly failure: Failure };

export type Side<Mode extends PipelineMode> = (input: SideInput<Mode>) => SubjectInPlace<Mode>;
