/** What a mode's judgement is: from the facts on its subject to a need, and from all that is recorded to a choice. */
import type { Incarnation } from "../../approval/bounds.ts";
import type { Account } from "../../model/account.ts";
import type { Offer } from "../../model/offer.ts";
import type { EvaluationFacts, FactsOn, MarketedFacts } from "../../model/evaluation.ts";
import type { JudgementVersion } from "../../model/judgement-version.ts";
import type { PipelineMode } from "../../model/pipeline-mode.ts";
import type { Target, TargetOf } from "../../model/target.ts";
import type { Policy } from "../../policy/policy.ts";
import type { RiskModel } from "../../risk/model.ts";
import type { CauseReader } from "../../model/cause-reader.ts";
import type { Choice } from "./choice.ts";
import type { Need } from "./need.ts";
import type { OffersOn } from "./offers-on.ts";

export interface JudgeInput<Mode extends PipelineMode> {
  readonly account: Account;
  readonly target: TargetOf<Mode>;
  readonly facts: EvaluationFacts<Mode>;
  readonly policy: Policy;
  readonly policyVersion: string;
  readonly model: RiskModel;
  /** The current one for a new verdict, that of the record in a replay. */
  readonly judgementVersion: JudgementVersion;
  /** A person asked for the evaluation; else the sweep did. */
  readonly isAskedFor: boolean;
  /** ISO 8601; absent when the target was never switched. */
  readonly lastSwitchAt?: string;
  /** Where many are judged at once: the same answers, worked out once for all that ask alike. */
  readonly offersOn?: OffersOn;
}

/** What a subject runs and where it stands: which market, and which part of the customer's account, a judgement looks at. */
export interface Whereabouts {
  /** Spot product description. */
  readonly product: string;
  readonly vpcId: string;
  readonly instanceType: string;
  /** Of members of a group that have another. Absent: none has. */
  readonly otherTypes?: readonly string[];
}

/** The last part of a judgement: what is on offer is known, with its risks. */
export interface ChooseInput<Mode extends PipelineMode> {
  readonly facts: MarketedFacts<Mode>;
  readonly policy: Policy;
  readonly policyVersion: string;
  /** From estimateRisks: every candidate, those not rejected with a risk. */
  readonly offers: readonly Offer[];
  readonly modelVersion: string;
  readonly judgementVersion: JudgementVersion;
  readonly lastSwitchAt?: string;
}

export interface Judge<Mode extends PipelineMode> {
  /** For the steps, which judge piece by piece. These throw BrokenFacts when the facts do not hold the subject. */
  readonly whereaboutsOf: (facts: FactsOn<Mode>) => Whereabouts;
  /** What applies to the subject: what its owner set at the subject itself wins over what is registered. */
  readonly policyFor: (facts: FactsOn<Mode>, policy: Policy) => Policy;
  readonly needOf: (facts: MarketedFacts<Mode>, policy: Policy) => Need;
  readonly choose: (input: ChooseInput<Mode>) => Choice;
  /** For what is remembered of a failed attempt. */
  readonly causesIn: (facts: FactsOn<Mode>) => CauseReader;
  /** What is told with a verdict to act, as sentences: what could not be read beforehand, and what its owner should know. Undefined: nothing. */
  readonly notesOn: (facts: MarketedFacts<Mode>, policy: Policy) => string | undefined;
  /** Seconds for which the load is likely to be down during a switch; 0 where it serves throughout. */
  readonly downtimeOf: (policy: Policy, target: Target) => number;
  /** For what is agreed to: which of those that bore its name the subject is. */
  readonly incarnationOf: (facts: FactsOn<Mode>) => Incarnation;
  /** What will be another after a switch, or is done meanwhile, in words that change with the policy alone. */
  readonly changesOf: (policy: Policy) => readonly string[];
  /** The whole at once: what the steps give together, byte for byte. */
  readonly judge: (input: JudgeInput<Mode>) => Choice;
}
