/**
 * LINEAR: one instance moved from On-Demand to Spot, and back where somebody asks for it. Reads top to bottom in the order of execution. Any failure
 * goes to roll-back, which works from the intents and the world as found, and then to the record.
 */
import type { StateMachine } from "./asl.ts";
import { ending, firstState, judging, onFailure } from "./chapters.ts";
import { route, step, waitAsTold } from "./policies.ts";

/**
 * The data of a Spot Instance that can't be stopped are taken from it after its end, whoever ends it: what follows is what follows the stop of an
 * original whose root volume moves.
 */
const takingOver: StateMachine["States"] = {
  "End Spot Instance": step({
    comment:
      "A load with data that goes back can't be stopped: terminated once nothing goes with it and what takes its place is proved; its volumes come free. One that EC2 takes is waited for.",
    stage: "HAND_OVER",
    function: "LinearEndSpot",
    result: "end",
    tellsWait: true,
    next: "Spot Instance ended?",
    onFailure,
  }),
  "Spot Instance ended?": route("From here on there is no way but forward.", "end", {
    ENDED: "Move root volume",
    WAITING: "Wait for end of Spot Instance",
  }),
  "Wait for end of Spot Instance": waitAsTold(
    "end",
    "Seconds: this is downtime.",
    "End Spot Instance",
  ),
};

export const linearWorkflow: StateMachine = {
  Comment: "Moves one EC2 instance from On-Demand to Spot, or back, or says why not.",
  StartAt: firstState,
  States: {
    ...judging({
      gate: {
        comment:
          "Reads the instance from the customer's account and judges whether it may be switched.",
        function: "LinearCheckEligibility",
        routeComment: "An ineligible instance is refused before the market is looked at.",
      },
      proceed: "Prepare image",
    }),

    "Prepare image": step({
      comment:
        "The application's proofs hold now; claims the original; image of it while it runs, without a reboot: nothing is interrupted. A recovery makes none.",
      stage: "PREPARE",
      function: "LinearPrepareImage",
      payload: { purpose: "warm" },
      result: "image",
      tellsWait: true,
      next: "Image ready?",
      onFailure,
    }),
    "Image ready?": route("EC2 makes images in minutes to hours.", "image", {
      READY: "Launch replacement",
      POSTPONED: "Roll back",
      WAITING: "Wait for image",
    }),
    "Wait for image": waitAsTold(
      "image",
      "A minute and a half at first: nobody is waiting.",
      "Prepare image",
    ),

    "Launch replacement": step({
      comment:
        "On Spot, or On-Demand for the way back; one offer per invocation, in order: capacity is held before anything is given up. With data: isolated. A recovery without data starts the kept original first.",
      stage: "PREPARE",
      function: "LinearLaunch",
      payload: { purpose: "warm" },
      result: "launch",
      tellsWait: true,
      next: "Launched?",
      onFailure,
    }),
    "Launched?": route("A pool without capacity leads to the next offer.", "launch", {
      LAUNCHED: "Replacement healthy?",
      NEXT_OFFER: "Launch replacement",
      NO_CAPACITY: "Roll back",
      WAITING: "Wait for turn to launch",
    }),
    "Wait for turn to launch": waitAsTold(
      "launch",
      "Of a recovery, where EC2 takes many instances at once: seconds.",
      "Launch replacement",
    ),

    "Replacement healthy?": step({
      comment:
        "System, instance and EBS checks passed, no interruption notice. Unknown is not healthy. A stateless one proves itself; in a recovery that may do.",
      stage: "PREPARE",
      function: "LinearAwaitHealthy",
      payload: { purpose: "warm" },
      result: "health",
      tellsWait: true,
      next: "Has it proved itself?",
      onFailure,
    }),
    "Has it proved itself?": route(
      "Nothing healthy is given up before. Lost when the Spot Instance has ended, or will: an image of its root is launched. A kept original that is not proved is given up.",
      "health",
      {
        HEALTHY: "Freeze original",
        LOST: "End Spot Instance",
        GIVEN_UP: "Launch replacement",
        WAITING: "Wait for health",
      },
    ),
    "Wait for health": waitAsTold(
      "health",
      "Two and a half minutes at first: EC2 refreshes its checks about once a minute.",
      "Replacement healthy?",
    ),

    "Freeze original": step({
      comment:
        "Looks again whether this is the time; holds capacity for the way back; runs the owner's hook; stops the original, so that no write is lost; stateless loads keep serving.",
      stage: "HAND_OVER",
      function: "LinearFreezeOriginal",
      result: "freeze",
      tellsWait: true,
      next: "Frozen?",
      onFailure,
    }),
    "Frozen?": route("Downtime runs from here for stateful loads.", "freeze", {
      MOVE_ROOT: "Move root volume",
      TRANSFER_ROOT: "Image stopped original",
      MOVE_IDENTITY: "Move identity",
      END_SPOT: "End Spot Instance",
      POSTPONED: "Roll back",
      WAITING: "Wait for stop",
    }),
    "Wait for stop": waitAsTold("freeze", "Seconds: this is downtime.", "Freeze original"),

    ...takingOver,

    "Move root volume": step({
      comment:
        "The original's own root becomes the replacement's, which reboots on it. No image, no block from a snapshot. Of an ended one too, data volumes first.",
      stage: "HAND_OVER",
      function: "LinearMoveRoot",
      result: "movedRoot",
      tellsWait: true,
      next: "Root moved?",
      onFailure,
    }),
    "Root moved?": route(
      "Where EC2 refuses it, the root is back and an image carries it; of an ended Spot Instance also where the host is lost.",
      "movedRoot",
      {
        READY: "Move identity",
        IMAGE: "Image stopped original",
        WAITING: "Wait for moved root",
      },
    ),
    "Wait for moved root": waitAsTold(
      "movedRoot",
      "Seconds: this is downtime.",
      "Move root volume",
    ),

    "Image stopped original": step({
      comment:
        "Final image with every acknowledged write; a small delta on the first one. Of an ended Spot Instance: of its root volume.",
      stage: "HAND_OVER",
      function: "LinearPrepareImage",
      payload: { purpose: "final" },
      result: "finalImage",
      tellsWait: true,
      next: "Final image ready?",
      onFailure,
    }),
    "Final image ready?": route("The deadline of images applies.", "finalImage", {
      READY: "Replace root volume",
      POSTPONED: "Roll back",
      WAITING: "Wait for final image",
    }),
    "Wait for final image": waitAsTold(
      "finalImage",
      "Seconds: this is downtime.",
      "Image stopped original",
    ),

    "Replace root volume": step({
      comment: "The replacement reboots on the final root volume and keeps its Spot capacity.",
      stage: "HAND_OVER",
      function: "LinearReplaceRoot",
      result: "root",
      tellsWait: true,
      next: "Root replaced?",
      onFailure,
    }),
    "Root replaced?": route("Replaced, and healthy again.", "root", {
      READY: "Move identity",
      RELAUNCH: "Relaunch from final image",
      WAITING: "Wait for root volume",
    }),
    "Wait for root volume": waitAsTold("root", "Seconds: this is downtime.", "Replace root volume"),

    "Relaunch from final image": step({
      comment: "The pool in which we hold capacity first; the first replacement is kept meanwhile.",
      stage: "HAND_OVER",
      function: "LinearLaunch",
      payload: { purpose: "final" },
      result: "relaunch",
      tellsWait: true,
      next: "Relaunched?",
      onFailure,
    }),
    "Relaunched?": route("Without capacity anywhere the original is started again.", "relaunch", {
      LAUNCHED: "Relaunched replacement healthy?",
      NEXT_OFFER: "Relaunch from final image",
      NO_CAPACITY: "Roll back",
      WAITING: "Wait for turn to relaunch",
    }),
    "Wait for turn to relaunch": waitAsTold("relaunch", "The same.", "Relaunch from final image"),
    "Relaunched replacement healthy?": step({
      comment: "The same checks as for the first one.",
      stage: "HAND_OVER",
      function: "LinearAwaitHealthy",
      payload: { purpose: "final" },
      result: "relaunchHealth",
      tellsWait: true,
      next: "Has it proved itself too?",
      onFailure,
    }),
    "Has it proved itself too?": route(
      "Identity moves to nothing less. Lost, of a load with data that goes back: the next offer.",
      "relaunchHealth",
      {
        HEALTHY: "Move identity",
        LOST: "Relaunch from final image",
        GIVEN_UP: "Launch replacement",
        WAITING: "Wait for relaunched replacement",
      },
    ),
    "Wait for relaunched replacement": waitAsTold(
      "relaunchHealth",
      "Seconds: this is downtime.",
      "Relaunched replacement healthy?",
    ),

    "Move identity": step({
      comment:
        "With data: isolation ends, then data volumes, then the replacement proves itself; network interfaces, private addresses, target groups, Elastic IPs last.",
      stage: "HAND_OVER",
      function: "LinearMoveIdentity",
      result: "identity",
      tellsWait: true,
      next: "Identity moved?",
      onFailure,
    }),
    "Identity moved?": route("Detaching and attaching takes seconds.", "identity", {
      MOVED: "Verify replacement",
      GIVEN_UP: "Launch replacement",
      WAITING: "Wait for identity",
    }),
    "Wait for identity": waitAsTold("identity", "Seconds: this is downtime.", "Move identity"),

    "Verify replacement": step({
      comment:
        "Healthy, the whole identity is there, and what was launched is like the original, read anew from AWS; the application's proofs hold, and others are told.",
      stage: "HAND_OVER",
      function: "LinearVerify",
      result: "verify",
      tellsWait: true,
      next: "Verified?",
      onFailure,
    }),
    "Verified?": route("Downtime ends here. A part that is gone is moved again.", "verify", {
      VERIFIED: "Retire original",
      MOVE_AGAIN: "Move identity",
      GIVEN_UP: "Launch replacement",
      WAITING: "Wait for verification",
    }),
    "Wait for verification": waitAsTold(
      "verify",
      "Seconds: this is downtime.",
      "Verify replacement",
    ),

    "Retire original": step({
      comment:
        "Stopped once it has drained, kept for the cool-off, then terminated by the janitor. A Spot Instance that goes back is ended here.",
      stage: "CLOSE",
      function: "LinearRetireOriginal",
      result: "retire",
      tellsWait: true,
      next: "Retired?",
      onFailure,
    }),
    "Retired?": route("A stateless original is stopped only now.", "retire", {
      RETIRED: "Record outcome",
      MOVE_AGAIN: "Move identity",
      GIVEN_UP: "Launch replacement",
      WAITING: "Wait for retirement",
    }),
    "Wait for retirement": waitAsTold(
      "retire",
      "Half a minute at first: nobody is waiting.",
      "Retire original",
    ),

    ...ending({
      rollBack: { function: "LinearRollBack" },
      adopt: { function: "LinearAdopt" },
      rolledBack: "The original runs with its identity; nothing that we created is left.",
    }),
  },
};
