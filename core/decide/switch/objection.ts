/** What stands against a switch, whatever is switched, and the verdict that says so. */
import { SpotOptimizerError } from "../../errors.ts";
import type { Account } from "../../model/account.ts";
import type { EvaluationKind } from "../../model/evaluation-kind.ts";
import { judgementMark, type JudgementVersion } from "../../model/judgement-version.ts";
import type { ModelStanding } from "../../model/risk-model.ts";
import type { Target } from "../../model/target.ts";
import type { IneligibilityCode, Verdict } from "../../model/verdict.ts";
import type { Policy } from "../../policy/policy.ts";

export interface Objection {
  readonly code: IneligibilityCode;
  /** Names the value found and what the operator can do. */
  readonly sentence: string;
  /** It stands already where it is to stand: nothing is refused. */
  readonly isThereAlready?: true;
}

/** What was registered: judged even when there is no subject. */
export interface RegistrationFacts {
  readonly account: Account;
  readonly target: Target;
  readonly policy: Policy;
  /** The assigned risk model; absent where that is not the question. */
  readonly riskModel?: ModelStanding;
  /** What it is judged for. Absent: a switch to Spot. */
  readonly kind?: EvaluationKind;
}

export type RegistrationRule = (facts: RegistrationFacts) => Objection | undefined;

/** `a, b and c`, for sentences. */
export const listed = (names: readonly string[]): string =>
  names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${String(names.at(-1))}`;

/** By what a verdict was given. */
export interface JudgedBy {
  readonly modelVersion: string;
  readonly judgementVersion: JudgementVersion;
  readonly policyVersion: string;
  /** ISO 8601 */
  readonly judgedAt: string;
}

/** The part that every verdict has. */
export const markOf = ({ modelVersion, judgementVersion, policyVersion, judgedAt }: JudgedBy) => ({
  modelVersion,
  ...judgementMark(judgementVersion),
  policyVersion,
  judgedAt,
});

/**
 * REFUSE for the first objection, STAY where that says that it stands there already; the sentence names the codes of the others too, so that the owner need not find
 * them one evaluation at a time. Throws BrokenInput without any objection.
 */
export const refusal = (
  input: JudgedBy & { readonly objections: readonly Objection[] },
): Verdict => {
  const [first, ...others] = input.objections;
  if (first === undefined) {
    throw new SpotOptimizerError("BrokenInput", "A refusal needs at least one objection.");
  }
  const also =
    others.length === 0 ? "" : ` Also: ${others.map((objection) => objection.code).join(", ")}.`;
  return {
    kind: first.isThereAlready === true ? "STAY" : "REFUSE",
    reason: first.code,
    sentence: first.sentence + also,
    offers: [],
    ...markOf(input),
  };
};
