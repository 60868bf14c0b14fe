/**
 * CLUSTER: an Auto Scaling group moved to Spot, batch by batch, without its capacity ever dropping. Reads top to bottom in the
 * order of execution, room by room as the strategy attach furnishes them. Any failure goes to roll-back, which works from the
 * intents and the world as found, and then to the record.
 */
import type { StateMachine } from "./asl.ts";
import { ending, firstState, judging, onFailure, type States } from "./chapters.ts";
import { batchIn, type Exits, type Strategy } from "./cluster-rooms.ts";
import { route, step, waitAsTold } from "./policies.ts";

const plan: Strategy["plan"] = {
  entrance: "Plan batch",
  states: ({ BATCH, DONE }) => ({
    "Plan batch": step({
      comment:
        "Reads the group anew; picks the next originals and the pools that their replacements come from. Claims the group.",
      stage: "PREPARE",
      function: "ClusterPlanBatch",
      result: "plan",
      tellsWait: true,
      next: "What is next?",
      onFailure,
    }),
    "What is next?": route("A group that is busy is left in peace until it is not.", "plan", {
      BATCH,
      DONE,
      WAITING: "Wait for group",
    }),
    "Wait for group": waitAsTold("plan", "Nothing of the batch exists yet.", "Plan batch"),
  }),
};

const launching = ({ NONE }: Exits<"NONE">): States => ({
  "Launch replacements": step({
    comment:
      "One for each original, in its zone; what the group would launch itself. A pool without capacity is not asked again.",
    stage: "PREPARE",
    function: "ClusterLaunch",
    result: "launch",
    next: "Launched?",
    onFailure,
  }),
  "Launched?": route("Each pair succeeds, or is undone, on its own.", "launch", {
    LAUNCHED: "Replacements healthy?",
    MORE: "Place the rest",
    NONE,
  }),
  "Place the rest": step({
    comment:
      "A pool has refused, or EC2 takes another member: those of the batch that have no replacement yet are placed again, beside those that have.",
    stage: "PREPARE",
    function: "ClusterPlaceRest",
    result: "rest",
    next: "Launch replacements",
    onFailure,
  }),
});

const proving = ({ NONE }: Exits<"NONE">): States => ({
  "Replacements healthy?": step({
    comment:
      "System, instance and EBS checks passed, no interruption notice; the application's proofs hold.",
    stage: "PREPARE",
    function: "ClusterAwaitHealthy",
    result: "health",
    tellsWait: true,
    next: "Have they proved themselves?",
    onFailure,
  }),
  "Have they proved themselves?": route(
    "A pair that has not is undone alone. Who is announced in the first two minutes of a response joins its batch.",
    "health",
    { HEALTHY: "Register replacements", WAITING: "Wait for health", MORE: "Place the rest", NONE },
  ),
  "Wait for health": waitAsTold(
    "health",
    "Two and a half minutes at first: EC2 refreshes its checks about once a minute.",
    "Replacements healthy?",
  ),
});

const registering = ({ NONE }: Exits<"NONE">): States => ({
  "Register replacements": step({
    comment:
      "In each target group of the group, before they are members: healthy there before any original is touched.",
    stage: "HAND_OVER",
    function: "ClusterRegister",
    result: "register",
    tellsWait: true,
    next: "Healthy in every target group?",
    onFailure,
  }),
  "Healthy in every target group?": route(
    "A group without a target group goes straight on.",
    "register",
    { READY: "Attach replacements", WAITING: "Wait for targets", MORE: "Place the rest", NONE },
  ),
  "Wait for targets": waitAsTold(
    "register",
    "As often as the load balancer checks.",
    "Register replacements",
  ),
});

const attaching = ({ MADE, NONE }: Exits<"MADE" | "NONE">): States => ({
  "Attach replacements": step({
    comment:
      "Compares the group with the plan, suspends AZRebalance, makes room below the maximum, holds the members in service, attaches: desired N becomes N+k.",
    stage: "HAND_OVER",
    function: "ClusterAttach",
    result: "attach",
    tellsWait: true,
    next: "Attached?",
    onFailure,
  }),
  "Attached?": route("What the group refuses is undone.", "attach", {
    ATTACHED: MADE,
    WAITING: "Wait for attachment",
    NONE,
  }),
  "Wait for attachment": waitAsTold("attach", "The group is busy.", "Attach replacements"),
});

const surplus: Strategy["surplus"] = {
  entrance: "Launch replacements",
  states: (exits) => ({
    ...launching(exits),
    ...proving(exits),
    ...registering(exits),
    ...attaching(exits),
  }),
};

const verify: Strategy["verify"] = {
  entrance: "In service?",
  states: ({ SERVING, NONE }) => ({
    "In service?": step({
      comment:
        "InService, Healthy, healthy in every target group, warmed up; protected from scale-in from then on, and who was held is released.",
      stage: "HAND_OVER",
      function: "ClusterAwaitInService",
      result: "inService",
      tellsWait: true,
      next: "Do they serve?",
      onFailure,
    }),
    "Do they serve?": route("Nothing healthy is given up before.", "inService", {
      IN_SERVICE: SERVING,
      WAITING: "Wait for service",
      NONE,
    }),
    "Wait for service": waitAsTold("inService", "At least as long as the warm-up.", "In service?"),
  }),
};

const remove: Strategy["remove"] = {
  entrance: "Remove originals",
  states: ({ REMOVED }) => ({
    "Remove originals": step({
      comment:
        "Judges the group again; as many originals leave through it as the surplus allows: desired N+k becomes N.",
      stage: "HAND_OVER",
      function: "ClusterRemoveOriginals",
      result: "remove",
      tellsWait: true,
      next: "Removed?",
      onFailure,
    }),
    "Removed?": route("Deregistration and terminating hooks take their time.", "remove", {
      REMOVED,
      WAITING: "Wait for removal",
    }),
    "Wait for removal": waitAsTold("remove", "The originals drain.", "Remove originals"),
  }),
};

const restore: Strategy["restore"] = {
  entrance: "Restore group",
  states: ({ NEXT, NEEDS_OPERATOR }) => ({
    "Restore group": step({
      comment:
        "Undoes the pairs that failed; gives back maximum, protection and AZRebalance as they were, and nothing that others changed.",
      stage: "CLOSE",
      function: "ClusterRestore",
      payload: { "state.$": "$" },
      result: "restore",
      tellsWait: true,
      remembersWait: true,
      next: "Restored?",
      onFailure,
      patience: "patient",
    }),
    "Restored?": route("The next batch begins on a group that is as it was.", "restore", {
      UNDONE: NEXT,
      WAITING: "Wait for restoration",
      NEEDS_OPERATOR,
    }),
    "Wait for restoration": waitAsTold("restore", "Seconds, then minutes.", "Restore group"),
  }),
};

/** Replacements are launched beside the group and attached; originals leave through it. */
const attach: Strategy = { plan, surplus, verify, remove, restore };

export const clusterWorkflow: StateMachine = {
  Comment: "Moves the members of one Auto Scaling group to Spot in batches, or says why not.",
  StartAt: firstState,
  States: {
    ...judging({
      gate: {
        comment:
          "Reads the group, its members, targets, hooks, policies and what it would launch, and judges whether it may be touched.",
        function: "ClusterCheckGroup",
        routeComment: "A group that can't be converted is refused before the market is looked at.",
      },
      proceed: attach.plan.entrance,
    }),

    ...batchIn(attach),

    ...ending({
      rollBack: { function: "ClusterRollBack" },
      adopt: { function: "ClusterAdopt" },
      rolledBack:
        "The group is as it was but for what others changed; nothing that we created is left.",
    }),
  },
};
