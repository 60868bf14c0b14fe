/** How an evaluation ended: from the verdict, the intents, and what went wrong, if anything did. */
import type { Evaluation, Failure, Outcome } from "../../model/evaluation.ts";
import type { Intent } from "../../model/intent.ts";
import type { Verdict } from "../../model/verdict.ts";

export interface OutcomeInput {
  readonly evaluation: Pick<
    Evaluation,
    "instanceId" | "verdict" | "authorization" | "progress" | "launchExhausted"
  >;
  readonly intents: readonly Intent[];
  /** What sent the workflow to its roll-back, if anything did. */
  readonly failure?: Failure;
  /** What kept the roll-back from its end, if anything did. */
  readonly rollbackProblem?: string;
}

const isOpen = ({ status }: Intent): boolean => status === "PLANNED" || status === "ACTED";

const ofFailure = (
  { evaluation, intents, rollbackProblem }: OutcomeInput,
  { error, cause }: Failure,
): Outcome => {
  if (rollbackProblem !== undefined || intents.some(isOpen)) {
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
    sentence: `${cause} Rolled back: ${evaluation.instanceId} is as it was.`,
  };
};

const ofProceeding = (
  { evaluation, intents, rollbackProblem }: OutcomeInput,
  verdict: Verdict,
): Outcome => {
  const { progress, launchExhausted, instanceId } = evaluation;
  // SETTLED: this record is written anew after the janitor came.
  const retired = intents.some(
    ({ change, status }) =>
      change.kind === "RETIRE_ORIGINAL" && status !== "PLANNED" && status !== "UNDONE",
  );
  if (progress.servingAt !== undefined && retired) {
    return {
      status: "SWITCHED",
      reason: verdict.reason,
      sentence: `${progress.replacementId ?? "The replacement"} has taken over from ${instanceId}.`,
    };
  }
  if (launchExhausted !== undefined && rollbackProblem === undefined && !intents.some(isOpen)) {
    return {
      // Once the original was frozen, it has been down: that is no mere staying.
      status: progress.frozenAt === undefined ? "STAYED" : "ROLLED_BACK",
      reason: "NO_CAPACITY_IN_ANY_OFFER",
      sentence: launchExhausted,
    };
  }
  return {
    status: "NEEDS_OPERATOR",
    reason: "BrokenNeedsOperator",
    sentence:
      rollbackProblem ??
      `The switch of ${instanceId} ended half-way without a failure. Next: look at its intents and effects.`,
  };
};

const ofVerdict = (verdict: Verdict): Outcome => ({
  status: verdict.kind === "REFUSE" ? "REFUSED" : "STAYED",
  reason: verdict.reason,
  sentence: verdict.sentence,
});

/** Unknown is never success: whatever is neither done nor undone needs an operator. */
export const judgeOutcome = (input: OutcomeInput): Outcome => {
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
