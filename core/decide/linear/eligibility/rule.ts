/** What a rule of eligibility is: it looks at one thing and finds nothing, or one reason against. */
import type { Account } from "../../../model/account.ts";
import type { CommandFacts } from "../../../model/command.ts";
import type { Placement } from "../../../model/evaluation.ts";
import type { EvaluationKind } from "../../../model/evaluation-kind.ts";
import type { DeploymentId } from "../../../model/ids.ts";
import type { InstanceFacts } from "../../../model/instance.ts";
import type { InstanceTypeFacts } from "../../../model/market.ts";
import type { LaunchFacts } from "../../../model/launch-check.ts";
import type { ModelStanding } from "../../../model/risk-model.ts";
import type { Target } from "../../../model/target.ts";
import type { IneligibilityCode } from "../../../model/verdict.ts";
import type { Policy } from "../../../policy/policy.ts";

export interface Objection {
  readonly code: IneligibilityCode;
  /** Names the value found and what the operator can do. */
  readonly sentence: string;
  /** It stands already where it is to stand: nothing is refused. */
  readonly isThereAlready?: true;
}

/** What was registered: judged even when there is no instance. */
export interface RegistrationFacts {
  readonly account: Account;
  readonly target: Target;
  readonly policy: Policy;
  /** The assigned risk model; absent where that is not the question. */
  readonly riskModel?: ModelStanding;
  /** What it is judged for. Absent: a switch to Spot. */
  readonly kind?: EvaluationKind;
}

export interface OriginalFacts extends RegistrationFacts {
  /** Absent: no switch of its target has launched it. */
  readonly placedBy?: Placement;
  readonly instance: InstanceFacts;
  /** Whose claims are our own; absent in records made before there were claims. */
  readonly deploymentId?: DeploymentId;
  /** Absent: the policy names no document, or the record is from before there were any. */
  readonly commands?: CommandFacts;
  /** Absent in records made before it was looked for. */
  readonly launch?: LaunchFacts;
  /** Absent: the region's catalogue does not have the instance's type. */
  readonly type: InstanceTypeFacts | undefined;
}

export type RegistrationRule = (facts: RegistrationFacts) => Objection | undefined;
export type OriginalRule = (facts: OriginalFacts) => Objection | undefined;

/** `a, b and c`, for sentences. */
export const listed = (names: readonly string[]): string =>
  names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${String(names.at(-1))}`;
