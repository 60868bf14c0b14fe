/** How an evaluation ended: from the verdict, the intents, what the mode says of its switch, and what went wrong, if anything did. */
import type { Evaluation, Failure, Outcome, Resolution } from "../../model/evaluation.ts";
import { isRecovery, kindOf } from "../../model/evaluation-kind.ts";
import { replacementServes, type HeldReason } from "../../model/held-reason.ts";
import type { Intent } from "../../model/intent.ts";
import type { LeftThing } from "../../model/left-thing.ts";
import { lastResolution } from "../../model/resolution.ts";
import { callsForAction, type Verdict } from "../../model/verdict.ts";
import { sentenceOnLeft } from "./left.ts";

/** What a mode says of a switch that was to be carried out and did not fail. */
export type SwitchEnding =
  /** `isOfPairs`: of a group, each pair that is done stands, also where the rest is rolled back. */
  | {
      readonly kind: "DONE";
      readonly sentence: string;
      readonly isOfPairs?: true;
      /** Of a recovery that went to On-Demand because no Spot pool gave an instance. */
      readonly isOnDemand?: true;
    }
  /** Of a group: some swaps were made, the others undone. */
  | {
      readonly kind: "PARTLY_DONE";
      readonly sentence: string;
      /** Replacements that had taken over, and have ended since. Absent: none has. */
      readonly lost?: readonly string[];
    }
  /** No offer gave capacity, and what was begun is undone. `wasDown`: the load was down meanwhile. */
  | { readonly kind: "NOTHING_LAUNCHED"; readonly sentence: string; readonly wasDown: boolean }
  /** Of a group: each swap was undone or absorbed by itself, and all is as it was. */
  | { readonly kind: "ALL_UNDONE"; readonly sentence: string }
  /** What serves by now could not be read again, so that nobody knows: a person must look. */
  | { readonly kind: "UNCONFIRMED"; readonly sentence: string }
  | { readonly kind: "HALF_WAY"; readonly sentence: string };

export interface OutcomeInput {
  readonly evaluation: Pick<
    Evaluation,
    | "authorization"
    | "kind"
    | "mode"
    | "postponed"
    | "resolutions"
    | "settlements"
    | "supersededBy"
    | "verdict"
  >;
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
  /** Absent: it serves. */
  readonly heldBecause?: HeldReason;
  /** What the roll-back named and did not touch. */
  readonly leftBehind?: readonly LeftThing[];
}

/** Written or acted, and neither undone nor committed. */
export const isOpenIntent = ({ status }: Intent): boolean =>
  status === "PLANNED" || status === "ACTED";

/** Of a group: what is done stays done when the rest is rolled back, and the record must not say that all is as it was. */
const ofPartlyUndone = (
  { ending, subjectName }: OutcomeInput,
  { reason, cause }: { readonly reason: string; readonly cause: string },
): Outcome | undefined => {
  const isStanding =
    ending.kind === "PARTLY_DONE" || (ending.kind === "DONE" && ending.isOfPairs === true);
  return isStanding
    ? {
        status: "PARTLY_SWITCHED",
        reason,
        sentence: `${cause} What was open at ${subjectName} is rolled back, and what was done stays: ${ending.sentence}`,
      }
    : undefined;
};

const undoneSentence = (input: OutcomeInput): string => {
  const { evaluation, subjectName, ending } = input;
  const { supersededBy } = evaluation;
  if (supersededBy !== undefined) {
    return `Rolled back: what it had made is taken away. Evaluation ${supersededBy} was begun at ${subjectName} since.`;
  }
  if (waitingIn(input).length > 0) {
    return `Rolled back: what it had made at ${subjectName} is taken away.`;
  }
  if (isRecovery(evaluation) && evaluation.mode === "LINEAR") {
    return `Rolled back: what it had launched is given up, and ${subjectName} is still to be recovered.`;
  }
  if (kindOf(evaluation) === "RESPOND") {
    return `Rolled back: ${subjectName} takes pods again, unless EC2 has taken it.`;
  }
  // A pair that was absorbed stays.
  if (ending.kind === "ALL_UNDONE") return `Rolled back. ${ending.sentence}`;
  // EC2 may have taken it meanwhile.
  return kindOf(evaluation) === "FALL_BACK" || kindOf(evaluation) === "MOVE"
    ? `Rolled back: what it had made is taken away, and nothing of ${subjectName} is changed.`
    : `Rolled back: ${subjectName} is as it was.`;
};

/** Neither done nor undone on purpose: what was made serves. */
const ofHeld = ({ heldBecause }: OutcomeInput, sentence: string): Outcome => ({
  status: "NEEDS_OPERATOR",
  isHeld: true,
  reason: heldBecause ?? replacementServes,
  sentence,
});

/** AWS's words, and those of a cluster, mostly end without one. */
const withFullStop = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);

const ofFailure = (input: OutcomeInput, { error, cause: words }: Failure): Outcome => {
  const cause = withFullStop(words);
  const { intents, rollbackProblem, isHeld } = input;
  if (isHeld === true) return ofHeld(input, `${cause} ${rollbackProblem ?? ""}`.trimEnd());
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
  return (
    ofPartlyUndone(input, { reason: error, cause }) ?? {
      status: "ROLLED_BACK",
      reason: error,
      sentence: `${cause} ${undoneSentence(input)}`,
    }
  );
};

/** A person asked for it, and nothing had failed. */
const ofRollBack = (input: OutcomeInput, { by, reason: why }: Resolution): Outcome => {
  const asked = `${by} asked for the roll-back (${why}).`;
  const isOpen = input.rollbackProblem !== undefined || input.intents.some(isOpenIntent);
  const reason = "BrokenNeedsOperator";
  if (isOpen) {
    const problem = input.rollbackProblem ?? "intents are open";
    const sentence = `${asked} It did not come to its end: ${problem}`;
    return { status: "NEEDS_OPERATOR", reason, sentence };
  }
  return (
    ofPartlyUndone(input, { reason, cause: asked }) ?? {
      status: "ROLLED_BACK",
      reason,
      sentence: `${asked} ${undoneSentence(input)}`,
    }
  );
};

/** What went wrong before stays the reason: adopting does not make it right. */
const ofAdoption = (
  { failure, rollbackProblem, subjectName }: OutcomeInput,
  { by, reason, serving, doneAt }: Extract<Resolution, { readonly kind: "ADOPT" }>,
): Outcome => {
  const name = failure?.error ?? "BrokenNeedsOperator";
  return doneAt === undefined
    ? {
        status: "NEEDS_OPERATOR",
        reason: name,
        sentence: `${serving ?? subjectName} was not adopted: ${rollbackProblem ?? "the step gave no cause"}`,
      }
    : {
        status: "ADOPTED",
        reason: name,
        sentence: `${by} decided that ${serving === undefined ? `${subjectName} stands as it is` : `${serving} serves`} (${reason}). Nothing was undone; what else is left belongs to the account's owner.`,
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

const ofDone = (
  { kind, reason }: Verdict,
  { sentence, isOnDemand }: Extract<SwitchEnding, { readonly kind: "DONE" }>,
): Outcome => ({
  status: kind === "SWITCH" && isOnDemand !== true ? "SWITCHED" : "FELL_BACK",
  reason,
  sentence,
});

/** All that was begun is undone, and nothing failed as a whole. */
const ofNoneMade = ({ ending, intents, rollbackProblem }: OutcomeInput): Outcome | undefined => {
  if (rollbackProblem !== undefined || intents.some(isOpenIntent)) return undefined;
  const { sentence } = ending;
  if (ending.kind === "ALL_UNDONE") {
    return { status: "ROLLED_BACK", reason: "BrokenReplacement", sentence };
  }
  if (ending.kind !== "NOTHING_LAUNCHED") return undefined;
  return {
    // A load that was down meanwhile has not simply stayed.
    status: ending.wasDown ? "ROLLED_BACK" : "STAYED",
    reason: "NO_CAPACITY_IN_ANY_OFFER",
    sentence,
  };
};

const ofEnding = (input: OutcomeInput, verdict: Verdict): Outcome => {
  const { ending, rollbackProblem } = input;
  const { sentence } = ending;
  const postponed = ofPostponed(input);
  if (postponed !== undefined) return postponed;
  if (ending.kind === "DONE") return ofDone(verdict, ending);
  if (ending.kind === "PARTLY_DONE") {
    return { status: "PARTLY_SWITCHED", reason: verdict.reason, sentence };
  }
  return (
    ofNoneMade(input) ?? {
      status: "NEEDS_OPERATOR",
      reason: "BrokenNeedsOperator",
      sentence: rollbackProblem ?? sentence,
    }
  );
};

const ofProceeding = (input: OutcomeInput, verdict: Verdict): Outcome =>
  input.isHeld === true
    ? ofHeld(input, input.rollbackProblem ?? input.ending.sentence)
    : ofEnding(input, verdict);

const ofVerdict = (verdict: Verdict): Outcome => ({
  status: verdict.kind === "REFUSE" ? "REFUSED" : "STAYED",
  reason: verdict.reason,
  sentence: verdict.sentence,
});

/** What became of what a person decided, or of a failure, if there was either. */
const ofTrouble = (input: OutcomeInput): Outcome | undefined => {
  const resolution = lastResolution(input.evaluation);
  if (resolution?.kind === "ADOPT") return ofAdoption(input, resolution);
  if (input.failure !== undefined) return ofFailure(input, input.failure);
  return resolution?.kind === "ROLL_BACK" ? ofRollBack(input, resolution) : undefined;
};

/** Unknown is never success: whatever is neither done nor undone needs an operator. */
const judgeEnd = (input: OutcomeInput): Outcome => {
  const { verdict, authorization } = input.evaluation;
  const trouble = ofTrouble(input);
  if (trouble !== undefined) return trouble;
  if (verdict === undefined) {
    return {
      status: "NEEDS_OPERATOR",
      reason: "BrokenNeedsOperator",
      sentence: "The evaluation ended without a verdict and without a failure.",
    };
  }
  if (!callsForAction(verdict)) return ofVerdict(verdict);
  switch (authorization?.kind) {
    case "SHADOW":
      return { status: "SHADOWED", reason: verdict.reason, sentence: verdict.sentence };
    case "APPROVAL_REQUIRED":
      return {
        status: "AWAITING_APPROVAL",
        reason: verdict.reason,
        sentence: `${verdict.sentence} ${authorization.sentence}`,
      };
    case "PROCEED":
    case undefined:
      return ofProceeding(input, verdict);
  }
};

/** What the janitor has to put back yet. */
const waitingIn = ({ evaluation: { settlements = [] } }: OutcomeInput): readonly string[] =>
  settlements.flatMap(({ kind, sentence }) => (kind === "WAITING" ? [sentence] : []));

/** With what the roll-back left, and what the janitor has to do yet, so that whoever reads how it ended knows. */
export const judgeOutcome = (input: OutcomeInput): Outcome => {
  const outcome = judgeEnd(input);
  const { leftBehind = [] } = input;
  const told = [
    ...(leftBehind.length === 0 ? [] : [sentenceOnLeft(leftBehind)]),
    ...waitingIn(input),
  ];
  return told.length === 0
    ? outcome
    : { ...outcome, sentence: [outcome.sentence, ...told].join(" ") };
};
