/** How an evaluation ended: from the verdict, the intents, what the mode says of its switch, and what went wrong, if anything did. */
import type { Evaluation, Failure, Outcome } from "../../model/evaluation.ts";
import type { Intent } from "../../model/intent.ts";
import type { LeftThing } from "../../model/left-thing.ts";
import type { Verdict } from "../../model/verdict.ts";
import { sentenceOnLeft } from "./left.ts";

/** What a mode says of a switch that was to be carried out and did not fail. */
export type SwitchEnding =
  | { readonly kind: "DONE"; readonly sentence: string }
  /** Of a group: some swaps were made, the others undone. */
  | { readonly kind: "PARTLY_DONE"; readonly sentence: string }
  /** No offer gave capacity, and what was begun is undone. `wasDown`: the load was down meanwhile. */
  | { readonly kind: "NOTHING_LAUNCHED"; readonly sentence: string; readonly wasDown: boolean }
  /** What serves by now could not be read again, so that nobody knows: a person must look. */
  | { readonly kind: "UNCONFIRMED"; readonly sentence: string }
  | { readonly kind: "HALF_WAY"; readonly sentence: string };

export interface OutcomeInput {
  readonly evaluation: Pick<Evaluation, "verdict" | "authorization" | "postponed">;
  /** For sentences. */
  readonly subjectName: string;
  readonly ending: SwitchEnding;
  readonly intents: readonly Intent[];
  /** What sent the workflow to its roll-back, if anything did. */
  readonly failure?: Failure;
  /** What stopped the roll-back before its end, if anything did. */
  readonly rollbackProblem?: string;
  /** That is because the replacement serves and holds the newer writes. */
  readonly isHeld?: true;
  /** What the roll-back named and did not touch. */
  readonly leftBehind?: readonly LeftThing[];
}

/** Written or acted, and neither undone nor committed. */
export const isOpenIntent = ({ status }: Intent): boolean =>
  status === "PLANNED" || status === "ACTED";

/** Neither done nor undone on purpose: what was made serves. */
const ofHeld = (sentence: string): Outcome => ({
  status: "NEEDS_OPERATOR",
  isHeld: true,
  reason: "REPLACEMENT_SERVES",
  sentence,
});

const ofFailure = (
  { subjectName, intents, rollbackProblem, isHeld }: OutcomeInput,
  { error, cause }: Failure,
): Outcome => {
  if (isHeld === true) return ofHeld(`${cause} ${rollbackProblem ?? ""}`.trimEnd());
  if (rollbackProblem !== undefined || intents.some(isOpenIntent)) {
    return {
      status: "NEEDS_OPERATOR",
      reason: error,
      sentence: `${cause} The roll-back did not come to its end: ${rollbackProblem ?? "intents are open"}`,
    };
  }
  if (intents.length === 0) {
    return { status: "DEGRADED", reason: error, sentence: `${cause} Nothing was touched.` };
  }
  return {
    status: "ROLLED_BACK",
    reason: error,
    sentence: `${cause} Rolled back: ${subjectName} is as it was.`,
  };
};

/** Nothing was given up, and what was begun is undone: it has stayed. */
const ofPostponed = ({
  evaluation: { postponed },
  intents,
  rollbackProblem,
}: OutcomeInput): Outcome | undefined =>
  postponed === undefined || rollbackProblem !== undefined || intents.some(isOpenIntent)
    ? undefined
    : { status: "STAYED", reason: postponed.reason, sentence: postponed.sentence };

const ofProceeding = (input: OutcomeInput, verdict: Verdict): Outcome => {
  const { ending, intents, rollbackProblem } = input;
  const { sentence } = ending;
  const postponed = ofPostponed(input);
  if (postponed !== undefined) return postponed;
  if (ending.kind === "DONE") return { status: "SWITCHED", reason: verdict.reason, sentence };
  if (ending.kind === "PARTLY_DONE") {
    return { status: "PARTLY_SWITCHED", reason: verdict.reason, sentence };
  }
  if (
    ending.kind === "NOTHING_LAUNCHED" &&
    rollbackProblem === undefined &&
    !intents.some(isOpenIntent)
  ) {
    return {
      // A load that was down meanwhile has not simply stayed.
      status: ending.wasDown ? "ROLLED_BACK" : "STAYED",
      reason: "NO_CAPACITY_IN_ANY_OFFER",
      sentence,
    };
  }
  return {
    status: "NEEDS_OPERATOR",
    reason: "BrokenNeedsOperator",
    sentence: rollbackProblem ?? sentence,
  };
};

const ofVerdict = (verdict: Verdict): Outcome => ({
  status: verdict.kind === "REFUSE" ? "REFUSED" : "STAYED",
  reason: verdict.reason,
  sentence: verdict.sentence,
});

/** Unknown is never success: whatever is neither done nor undone needs an operator. */
const judgeEnd = (input: OutcomeInput): Outcome => {
  const { verdict, authorization } = input.evaluation;
  if (input.failure !== undefined) return ofFailure(input, input.failure);
  if (verdict === undefined) {
    return {
      status: "NEEDS_OPERATOR",
      reason: "BrokenNeedsOperator",
      sentence: "The evaluation ended without a verdict and without a failure.",
    };
  }
  if (verdict.kind !== "SWITCH") return ofVerdict(verdict);
  switch (authorization?.kind) {
    case "SHADOW":
      return { status: "SHADOWED", reason: verdict.reason, sentence: verdict.sentence };
    case "APPROVAL_REQUIRED":
      return { status: "APPROVAL_REQUIRED", reason: verdict.reason, sentence: verdict.sentence };
    case "PROCEED":
    case undefined:
      return ofProceeding(input, verdict);
  }
};

/** With what the roll-back left, so that whoever reads how it ended knows. */
export const judgeOutcome = (input: OutcomeInput): Outcome => {
  const outcome = judgeEnd(input);
  const { leftBehind = [] } = input;
  return leftBehind.length === 0
    ? outcome
    : { ...outcome, sentence: `${outcome.sentence} ${sentenceOnLeft(leftBehind)}` };
};
