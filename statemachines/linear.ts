/**
 * LINEAR: one instance moved from On-Demand to Spot. Reads top to bottom in the order of execution. Any failure
 * goes to roll-back, which works from the intents and the world as found, and then to the record.
 */
import type { StateMachine } from "./asl.ts";
import { route, step, wait } from "./policies.ts";

const onFailure = "Roll back";

export const linearWorkflow: StateMachine = {
  Comment: "Moves one EC2 instance from On-Demand to Spot, or says why not.",
  StartAt: "Open evaluation",
  States: {
    "Open evaluation": step({
      comment: "The lease is ours, the kill switch is off, the record says RUNNING.",
      function: "JudgeOpenEvaluation",
      result: "open",
      next: "Check eligibility",
      onFailure,
    }),
    "Check eligibility": step({
      comment:
        "Reads the instance from the customer's account and judges whether it may be switched.",
      function: "LinearCheckEligibility",
      result: "eligibility",
      next: "Eligible?",
      onFailure,
    }),
    "Eligible?": route(
      "An ineligible instance is refused before the market is looked at.",
      "eligibility",
      {
        ELIGIBLE: "Scrape Spot market",
        REFUSE: "Record outcome",
      },
    ),
    "Scrape Spot market": step({
      comment:
        "Types, offerings, Spot and On-Demand prices, interruption bands, placement scores, subnets.",
      function: "JudgeScrape",
      result: "scrape",
      next: "Filter offers",
      onFailure,
    }),
    "Filter offers": step({
      comment:
        "Keeps the pools that are at least as good as the original, and why the others are not.",
      function: "JudgeFilter",
      result: "filter",
      next: "Predict interruption risk",
      onFailure,
    }),
    "Predict interruption risk": step({
      comment: "Probability of losing each pool within the horizon, by the assigned model version.",
      function: "JudgePredict",
      result: "predict",
      next: "Decide",
      onFailure,
    }),
    Decide: step({
      comment:
        "Expected cost of each offer; the verdict with its reason; whether it may be carried out.",
      function: "JudgeDecide",
      result: "decide",
      next: "What was decided?",
      onFailure,
    }),
    "What was decided?": route("Only PROCEED goes on to change anything.", "decide", {
      PROCEED: "Prepare image",
      STAY: "Record outcome",
      REFUSE: "Record outcome",
      SHADOW: "Record outcome",
      APPROVAL_REQUIRED: "Record outcome",
      FALLBACK_ON_DEMAND: "Record outcome",
    }),

    "Prepare image": step({
      comment: "Image of the running original, without a reboot: nothing is interrupted.",
      function: "LinearPrepareImage",
      payload: { purpose: "warm" },
      result: "image",
      next: "Image ready?",
      onFailure,
    }),
    "Image ready?": route("EC2 makes images in minutes to hours.", "image", {
      READY: "Launch Spot replacement",
      WAITING: "Wait for image",
    }),
    "Wait for image": wait(
      30,
      "30 s: 240 polls of 3 transitions within the default deadline of 2 h.",
      "Prepare image",
    ),

    "Launch Spot replacement": step({
      comment:
        "One offer per invocation, in order; Spot capacity is held before anything is given up.",
      function: "LinearLaunch",
      payload: { purpose: "warm" },
      result: "launch",
      next: "Launched?",
      onFailure,
    }),
    "Launched?": route("A pool without capacity leads to the next offer.", "launch", {
      LAUNCHED: "Replacement healthy?",
      NEXT_OFFER: "Launch Spot replacement",
      NO_CAPACITY: "Roll back",
    }),

    "Replacement healthy?": step({
      comment:
        "System, instance and EBS checks passed, no interruption notice. Unknown is not healthy.",
      function: "LinearAwaitHealthy",
      payload: { purpose: "warm" },
      result: "health",
      next: "Has it proved itself?",
      onFailure,
    }),
    "Has it proved itself?": route("Nothing healthy is given up before.", "health", {
      HEALTHY: "Freeze original",
      WAITING: "Wait for health",
    }),
    "Wait for health": wait(
      15,
      "15 s: EC2 refreshes its checks about once a minute.",
      "Replacement healthy?",
    ),

    "Freeze original": step({
      comment: "Stops the original, so that no write is lost; stateless loads keep serving.",
      function: "LinearFreezeOriginal",
      result: "freeze",
      next: "Frozen?",
      onFailure,
    }),
    "Frozen?": route("Downtime runs from here for stateful loads.", "freeze", {
      TRANSFER_ROOT: "Image stopped original",
      MOVE_IDENTITY: "Move identity",
      WAITING: "Wait for stop",
    }),
    "Wait for stop": wait(5, "5 s: this is downtime.", "Freeze original"),

    "Image stopped original": step({
      comment: "Final image with every acknowledged write; a small delta on the first one.",
      function: "LinearPrepareImage",
      payload: { purpose: "final" },
      result: "finalImage",
      next: "Final image ready?",
      onFailure,
    }),
    "Final image ready?": route("The deadline of images applies.", "finalImage", {
      READY: "Replace root volume",
      WAITING: "Wait for final image",
    }),
    "Wait for final image": wait(10, "10 s: this is downtime.", "Image stopped original"),

    "Replace root volume": step({
      comment: "The replacement reboots on the final root volume and keeps its Spot capacity.",
      function: "LinearReplaceRoot",
      result: "root",
      next: "Root replaced?",
      onFailure,
    }),
    "Root replaced?": route("Replaced, and healthy again.", "root", {
      READY: "Move identity",
      RELAUNCH: "Relaunch from final image",
      WAITING: "Wait for root volume",
    }),
    "Wait for root volume": wait(10, "10 s: this is downtime.", "Replace root volume"),

    "Relaunch from final image": step({
      comment: "The pool in which we hold capacity first; the first replacement is kept meanwhile.",
      function: "LinearLaunch",
      payload: { purpose: "final" },
      result: "relaunch",
      next: "Relaunched?",
      onFailure,
    }),
    "Relaunched?": route("Without capacity anywhere the original is started again.", "relaunch", {
      LAUNCHED: "Relaunched replacement healthy?",
      NEXT_OFFER: "Relaunch from final image",
      NO_CAPACITY: "Roll back",
    }),
    "Relaunched replacement healthy?": step({
      comment: "The same checks as for the first one.",
      function: "LinearAwaitHealthy",
      payload: { purpose: "final" },
      result: "relaunchHealth",
      next: "Has it proved itself too?",
      onFailure,
    }),
    "Has it proved itself too?": route("Identity moves to nothing less.", "relaunchHealth", {
      HEALTHY: "Move identity",
      WAITING: "Wait for relaunched replacement",
    }),
    "Wait for relaunched replacement": wait(
      10,
      "10 s: this is downtime.",
      "Relaunched replacement healthy?",
    ),

    "Move identity": step({
      comment:
        "Data volumes, network interfaces, private addresses, target groups, Elastic IPs last.",
      function: "LinearMoveIdentity",
      result: "identity",
      next: "Identity moved?",
      onFailure,
    }),
    "Identity moved?": route("Detaching and attaching takes seconds.", "identity", {
      MOVED: "Verify replacement",
      WAITING: "Wait for identity",
    }),
    "Wait for identity": wait(5, "5 s: this is downtime.", "Move identity"),

    "Verify replacement": step({
      comment: "Healthy, and everything that makes the identity is there, read anew from AWS.",
      function: "LinearVerify",
      result: "verify",
      next: "Verified?",
      onFailure,
    }),
    "Verified?": route("Downtime ends here.", "verify", {
      VERIFIED: "Retire original",
      WAITING: "Wait for verification",
    }),
    "Wait for verification": wait(5, "5 s: this is downtime.", "Verify replacement"),

    "Retire original": step({
      comment: "Stopped and kept for the cool-off, then terminated by the janitor.",
      function: "LinearRetireOriginal",
      result: "retire",
      next: "Retired?",
      onFailure,
    }),
    "Retired?": route("A stateless original is stopped only now.", "retire", {
      RETIRED: "Record outcome",
      WAITING: "Wait for retirement",
    }),
    "Wait for retirement": wait(10, "10 s: nobody is waiting.", "Retire original"),

    "Roll back": step({
      comment: "Undoes what the intents say and the world shows; works from every state.",
      function: "LinearRollBack",
      payload: { "state.$": "$" },
      result: "rollback",
      next: "Undone?",
      onFailure: "Record outcome",
      failureAt: "rollbackFailure",
      patient: true,
    }),
    "Undone?": route("A roll-back that needs a person is recorded as such.", "rollback", {
      UNDONE: "Record outcome",
      NEEDS_OPERATOR: "Record outcome",
      WAITING: "Wait for roll-back",
    }),
    "Wait for roll-back": wait(10, "10 s: the original may be down.", "Roll back"),

    "Record outcome": step({
      comment:
        "Status, downtime, saving; the target follows the switch. If even this fails, redrive: it is repeated.",
      function: "JudgeRecord",
      payload: { "state.$": "$" },
      result: "record",
      next: "How did it end?",
      patient: true,
    }),
    "How did it end?": route(
      "What was not carried out as decided fails the execution, for the console.",
      "record",
      {
        SWITCHED: "Done",
        STAYED: "Done",
        REFUSED: "Done",
        SHADOWED: "Done",
        APPROVAL_REQUIRED: "Done",
        ROLLED_BACK: "Rolled back",
        DEGRADED: "Degraded",
        NEEDS_OPERATOR: "Needs operator",
      },
    ),
    Done: { Type: "Succeed", Comment: "The record holds the whole story." },
    "Rolled back": {
      Type: "Fail",
      Comment: "The original runs with its identity; nothing of ours is left.",
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
  },
};
