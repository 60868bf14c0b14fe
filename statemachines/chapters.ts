/**
 * Chapters that every workflow has: from the opened evaluation to the decision, and from the roll-back to the end. A workflow
 * spreads them into its `States` in reading order and says what is its own.
 */
import type { State } from "./asl.ts";
import { route, step, waitAsTold } from "./policies.ts";

export type States = Readonly<Record<string, State>>;

/** Where any failure of a forward step goes. */
export const onFailure = "Roll back";

export interface JudgingOptions {
  /** The mode's own look at its subject, before the market is read. */
  readonly gate: {
    readonly comment: string;
    /** Placeholder of a function that answers ELIGIBLE, STAY or REFUSE. */
    readonly function: string;
    /** Of the question after it. */
    readonly routeComment: string;
  };
  /** First state of what a decision to PROCEED carries out; a resumed switch begins there too. */
  readonly proceed: string;
  /** First state of the answer to a notice of EC2's. Absent: the mode has none, and nobody starts one. */
  readonly respond?: string;
}

export const firstState = "Open evaluation";

const opening = ({
  proceed,
  respond = onFailure,
}: Pick<JudgingOptions, "proceed" | "respond">): States => ({
  [firstState]: step({
    comment: "The lease is ours, the kill switch is off, the record says RUNNING.",
    stage: "JUDGE",
    function: "JudgeOpenEvaluation",
    result: "open",
    next: "What is asked?",
    onFailure,
  }),
  "What is asked?": route(
    "A new evaluation, or what a person has decided about one that was left open.",
    "open",
    {
      EVALUATE: "Check eligibility",
      RESPOND: respond,
      RESUME: proceed,
      ROLL_BACK: onFailure,
      ADOPT: "Adopt what serves",
    },
  ),
});

/** What is on offer, and what each offer is worth. */
const weighing: States = {
  "Scrape Spot market": step({
    comment:
      "Types, offerings, Spot and On-Demand prices, interruption bands, placement scores, subnets.",
    stage: "JUDGE",
    function: "JudgeScrape",
    result: "scrape",
    patience: "judging",
    next: "Filter offers",
    onFailure,
  }),
  "Filter offers": step({
    comment:
      "Keeps the pools that are at least as good as the original, and why the others are not.",
    stage: "JUDGE",
    function: "JudgeFilter",
    result: "filter",
    patience: "judging",
    next: "Predict interruption risk",
    onFailure,
  }),
  "Predict interruption risk": step({
    comment: "Probability of losing each pool within the horizon, by the assigned model version.",
    stage: "JUDGE",
    function: "JudgePredict",
    result: "predict",
    patience: "judging",
    next: "Decide",
    onFailure,
  }),
};

export const judging = ({ gate, proceed, respond }: JudgingOptions): States => ({
  ...opening({ proceed, ...(respond === undefined ? {} : { respond }) }),
  "Check eligibility": step({
    comment: gate.comment,
    stage: "JUDGE",
    function: gate.function,
    result: "eligibility",
    patience: "judging",
    next: "Eligible?",
    onFailure,
  }),
  "Eligible?": route(gate.routeComment, "eligibility", {
    ELIGIBLE: "Scrape Spot market",
    STAY: "Record outcome",
    REFUSE: "Record outcome",
  }),
  ...weighing,
  Decide: step({
    comment:
      "Expected cost of each offer; the verdict with its reason; whether it may be carried out.",
    stage: "JUDGE",
    function: "JudgeDecide",
    result: "decide",
    patience: "judging",
    next: "What was decided?",
    onFailure,
  }),
  "What was decided?": route("Only PROCEED goes on to change anything.", "decide", {
    PROCEED: proceed,
    STAY: "Record outcome",
    REFUSE: "Record outcome",
    SHADOW: "Record outcome",
    APPROVAL_REQUIRED: "Record outcome",
    FALLBACK_ON_DEMAND: "Record outcome",
  }),
});

const recording = (rolledBack: string): States => ({
  "Record outcome": step({
    comment:
      "Status, downtime, saving; the target follows the switch. If even this fails, redrive: it is repeated.",
    stage: "CLOSE",
    function: "JudgeRecord",
    payload: { "state.$": "$" },
    result: "record",
    next: "How did it end?",
    patience: "patient",
  }),
  "How did it end?": route(
    "What was not carried out as decided fails the execution, for the console.",
    "record",
    {
      SWITCHED: "Done",
      PARTLY_SWITCHED: "Done",
      FELL_BACK: "Done",
      STAYED: "Done",
      REFUSED: "Done",
      SHADOWED: "Done",
      AWAITING_APPROVAL: "Done",
      ROLLED_BACK: "Rolled back",
      DEGRADED: "Degraded",
      NEEDS_OPERATOR: "Needs operator",
      // Found at the last look: what was declared done is undone while it can be.
      LOST: "Roll back",
      ADOPTED: "Done",
    },
  ),
  Done: { Type: "Succeed", Comment: "The record holds the whole story." },
  "Rolled back": {
    Type: "Fail",
    Comment: rolledBack,
    Error: "RolledBack",
    CausePath: "$.record.summary",
  },
  Degraded: {
    Type: "Fail",
    Comment: "Plan only: AWS could not be reached or refused us, and nothing was touched.",
    Error: "Degraded",
    CausePath: "$.record.summary",
  },
  "Needs operator": {
    Type: "Fail",
    Comment: "Neither done nor undone: the cause names the resource and the next step.",
    Error: "NeedsOperator",
    CausePath: "$.record.summary",
  },
});

export interface EndingOptions {
  readonly rollBack: {
    /** Placeholder of a function that answers UNDONE, NEEDS_OPERATOR or WAITING. */
    readonly function: string;
  };
  readonly adopt: {
    /** Placeholder of a function that answers ADOPTED. */
    readonly function: string;
  };
  /** What is true of the subject when all was undone. */
  readonly rolledBack: string;
}

export const ending = ({ rollBack, adopt, rolledBack }: EndingOptions): States => ({
  "Roll back": step({
    comment: "Undoes what the intents say and the world shows; works from every state.",
    stage: "CLOSE",
    function: rollBack.function,
    payload: { "state.$": "$" },
    result: "rollback",
    tellsWait: true,
    remembersWait: true,
    next: "Undone?",
    onFailure: "Record outcome",
    failureAt: "rollbackFailure",
    patience: "patient",
  }),
  "Undone?": route("A roll-back that needs a person is recorded as such.", "rollback", {
    UNDONE: "Record outcome",
    NEEDS_OPERATOR: "Record outcome",
    WAITING: "Wait for roll-back",
  }),
  "Wait for roll-back": waitAsTold(
    "rollback",
    "5 s at first, for the original may be down; the longer a wait lasts, the more, up to 60 s.",
    "Roll back",
  ),

  "Adopt what serves": step({
    comment:
      "As a person decided: the target follows to what serves, and the rest loses our tags and stays.",
    stage: "CLOSE",
    function: adopt.function,
    result: "adopt",
    next: "Record outcome",
    onFailure: "Record outcome",
    failureAt: "rollbackFailure",
  }),

  ...recording(rolledBack),
});
