/**
 * KUBERNETES: the On-Demand nodes of one node group replaced by Spot, one after the other, without hurting a pod. Reads top to bottom in the
 * order of execution: plan, launch, joined, cordon, drain, detached, terminate, gone, release. A node that does not succeed is undone alone, in
 * "Release node". Any failure goes to roll-back, which works from the intents and the world as found, and then to the record.
 */
import type { StateMachine } from "./asl.ts";
import { ending, firstState, judging, onFailure } from "./chapters.ts";
import { route, step, waitAsTold } from "./policies.ts";

export const kubernetesWorkflow: StateMachine = {
  Comment: "Moves the nodes of one EKS node group to Spot, one at a time, or says why not.",
  StartAt: firstState,
  States: {
    ...judging({
      gate: {
        comment:
          "Reads cluster, node group, nodes, pods and budgets, tries the evictions dry, and judges which node may be replaced.",
        function: "KubernetesCheckNode",
        routeComment: "A node that can't be drained is refused before the market is looked at.",
      },
      proceed: "Plan node",
      respond: "Answer warning",
    }),

    "Plan node": step({
      comment:
        "Reads group and cluster anew; picks the next node and the pools that its replacement comes from. Claims the group.",
      stage: "PREPARE",
      function: "KubernetesPlanNode",
      result: "plan",
      tellsWait: true,
      next: "Which node is next?",
      onFailure,
    }),
    "Which node is next?": route("A group that is busy is left in peace until it is not.", "plan", {
      NODE: "Launch node",
      DONE: "Record outcome",
      WAITING: "Wait for node group",
    }),
    "Wait for node group": waitAsTold(
      "plan",
      "Nothing of the node's swap exists yet.",
      "Plan node",
    ),

    "Launch node": step({
      comment:
        "Self-managed: a Spot clone of what the group would launch, attached to it: N becomes N+1. Managed: the Spot node group grows by one.",
      stage: "PREPARE",
      function: "KubernetesLaunch",
      result: "launch",
      tellsWait: true,
      next: "Launched?",
      onFailure,
    }),
    "Launched?": route("The old node is not touched before the new one has joined.", "launch", {
      LAUNCHED: "Node joined?",
      WAITING: "Wait for launch",
      NONE: "Release node",
    }),
    "Wait for launch": waitAsTold("launch", "EC2 launches, and the group attaches.", "Launch node"),

    "Node joined?": step({
      comment:
        "The same instance by provider id; Ready for 30 s, no start-up taint, its DaemonSets and CSI drivers up, room for what is to move.",
      stage: "PREPARE",
      function: "KubernetesAwaitJoined",
      result: "join",
      tellsWait: true,
      next: "Has it joined?",
      onFailure,
    }),
    "Has it joined?": route("One that does not join is ended; the old node is as it was.", "join", {
      JOINED: "Cordon node",
      WAITING: "Wait for node",
      NONE: "Release node",
    }),
    "Wait for node": waitAsTold("join", "A node boots for a minute or two.", "Node joined?"),

    "Cordon node": step({
      comment:
        "Judges the node again on the whole cluster; claims and cordons it by one patch, with what stood there written before.",
      stage: "HAND_OVER",
      function: "KubernetesCordon",
      result: "cordon",
      next: "Cordoned?",
      onFailure,
    }),
    "Cordoned?": route("A node that changed meanwhile is left as it is.", "cordon", {
      CORDONED: "Drain node",
      NONE: "Release node",
    }),

    "Drain node": step({
      comment:
        "Evicts what the budgets allow, in passes of two seconds, at most 40 s long; keeps no list of pods between two ticks.",
      stage: "HAND_OVER",
      function: "KubernetesDrainPoll",
      result: "drain",
      tellsWait: true,
      next: "Drained?",
      onFailure,
    }),
    "Drained?": route("Unknown is never drained.", "drain", {
      DRAINED: "Volumes detached?",
      DRAINING: "Wait for pods",
      NONE: "Release node",
    }),
    "Wait for pods": waitAsTold("drain", "A second while pods move, else up to 30.", "Drain node"),

    "Volumes detached?": step({
      comment:
        "No volume of a pod that was moved is attached to the old node; after six minutes it goes on and says so.",
      stage: "HAND_OVER",
      function: "KubernetesAwaitDetached",
      result: "detach",
      tellsWait: true,
      next: "Detached?",
      onFailure,
    }),
    "Detached?": route("Else its new pod would wait for six minutes.", "detach", {
      DETACHED: "Terminate node",
      WAITING: "Wait for volumes",
    }),
    "Wait for volumes": waitAsTold("detach", "Seconds each.", "Volumes detached?"),

    "Terminate node": step({
      comment:
        "A consistent list shows the node empty and the new one serves: it leaves through its group, the desired capacity lowered by one.",
      stage: "HAND_OVER",
      function: "KubernetesTerminate",
      result: "terminate",
      tellsWait: true,
      next: "Terminated?",
      onFailure,
    }),
    "Terminated?": route("Once it was asked to leave there is only the way forward.", "terminate", {
      TERMINATED: "Node gone?",
      FILLED: "Drain node",
      WAITING: "Wait for group",
      NONE: "Release node",
    }),
    "Wait for group": waitAsTold("terminate", "The group is busy.", "Terminate node"),

    "Node gone?": step({
      comment:
        "EC2 shows the instance terminated, and the cluster no longer has the node; terminating hooks take their time.",
      stage: "HAND_OVER",
      function: "KubernetesAwaitGone",
      result: "gone",
      tellsWait: true,
      next: "Gone?",
      onFailure,
    }),
    "Gone?": route("A managed group drains once more before it ends a node.", "gone", {
      GONE: "Release node",
      WAITING: "Wait for its end",
    }),
    "Wait for its end": waitAsTold("gone", "Minutes, with hooks.", "Node gone?"),

    "Release node": step({
      comment:
        "Undoes what was made for a node that did not succeed; takes our marks off the new node and our claim off the group.",
      stage: "CLOSE",
      function: "KubernetesRelease",
      payload: { "state.$": "$" },
      result: "release",
      tellsWait: true,
      remembersWait: true,
      next: "Released?",
      onFailure,
      patience: "patient",
    }),
    "Released?": route("The next node begins on a group that is as it was.", "release", {
      UNDONE: "Plan node",
      WAITING: "Wait for release",
      NEEDS_OPERATOR: "Record outcome",
    }),
    "Wait for release": waitAsTold("release", "Seconds, then minutes.", "Release node"),

    "Answer warning": step({
      comment:
        "EC2 shows that it takes the node back: its group launches another at once, and it takes no more pods.",
      stage: "PREPARE",
      function: "KubernetesAnswerWarning",
      result: "answer",
      tellsWait: true,
      next: "Answered?",
      onFailure,
    }),
    "Answered?": route("Nothing rests on the event alone.", "answer", {
      ANSWERED: "Empty node",
      WAITING: "Wait for notice",
      STAY: "Record outcome",
      SHADOW: "Record outcome",
    }),
    "Wait for notice": waitAsTold(
      "answer",
      "Seconds: EC2, the group or the cluster may say more.",
      "Answer warning",
    ),

    "Empty node": step({
      comment:
        "Evicts what the budgets allow until 20 s before the end; what could not be evicted is told.",
      stage: "HAND_OVER",
      function: "KubernetesEmptyNode",
      result: "empty",
      tellsWait: true,
      next: "Emptied?",
      onFailure,
    }),
    "Emptied?": route("What is left ends with the node.", "empty", {
      OVER: "Node taken?",
      WAITING: "Wait for evictions",
    }),
    "Wait for evictions": waitAsTold("empty", "A second.", "Empty node"),

    "Node taken?": step({
      comment:
        "EC2 has ended the instance. One that it has left to run, and that has left its group, is ended once it is empty.",
      stage: "HAND_OVER",
      function: "KubernetesAwaitTaken",
      result: "taken",
      tellsWait: true,
      next: "Taken?",
      onFailure,
    }),
    "Taken?": route("A notice is best effort.", "taken", {
      TAKEN: "Record outcome",
      LEFT: "Empty node",
      WAITING: "Wait for EC2",
    }),
    "Wait for EC2": waitAsTold("taken", "Seconds, then a minute.", "Node taken?"),

    ...ending({
      rollBack: { function: "KubernetesRollBack" },
      adopt: { function: "KubernetesAdopt" },
      rolledBack:
        "The nodes that were not done stand as they were; nothing that we created is left.",
    }),
  },
};
