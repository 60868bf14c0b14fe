/** The rooms of a batch hold the same, whatever strategy furnishes them: attach, and one that lowers the On-Demand base of a mixed-instances policy. */
import { describe, expect, it } from "@jest/globals";
import type { StateMachine } from "../../statemachines/asl.ts";
import { ending, firstState, judging, onFailure } from "../../statemachines/chapters.ts";
import { batchIn, type Strategy } from "../../statemachines/cluster-rooms.ts";
import { clusterWorkflow } from "../../statemachines/cluster.ts";
import { route, step, waitAsTold } from "../../statemachines/policies.ts";
import { placeholderIn, reachable, stateOf, tasksOf, walk } from "./workflow-graph.ts";

/** What stands between a task and the next but one: its question, and its wait. */
const asking = (
  task: string,
  { result, exits }: { readonly result: string; readonly exits: Readonly<Record<string, string>> },
) => ({
  [task]: step({
    comment: `${task}.`,
    stage: "PREPARE",
    function: `Cluster${task.replaceAll(" ", "")}`,
    result,
    tellsWait: true,
    next: `${task}: what came of it?`,
    onFailure,
  }),
  [`${task}: what came of it?`]: route(`Asks what came of ${task}.`, result, {
    ...exits,
    WAITING: `Wait for ${task}`,
  }),
  [`Wait for ${task}`]: waitAsTold(result, "It lasts.", task),
});

const native: Strategy = {
  plan: {
    entrance: "Plan batch",
    states: (exits) => asking("Plan batch", { result: "plan", exits }),
  },
  surplus: {
    entrance: "Lower base",
    states: (exits) => asking("Lower base", { result: "base", exits }),
  },
  verify: {
    entrance: "New members serve",
    states: (exits) => asking("New members serve", { result: "service", exits }),
  },
  remove: {
    entrance: "Originals gone",
    states: (exits) => asking("Originals gone", { result: "gone", exits }),
  },
  restore: {
    entrance: "Raise base again",
    states: (exits) => asking("Raise base again", { result: "restore", exits }),
  },
};

const workflowOf = (strategy: Strategy): StateMachine => ({
  Comment: "Moves a group to Spot.",
  StartAt: firstState,
  States: {
    ...judging({
      gate: { comment: "Reads it.", function: "ClusterCheckGroup", routeComment: "May it?" },
      proceed: strategy.plan.entrance,
    }),
    ...batchIn(strategy),
    ...ending({
      rollBack: { function: "ClusterRollBack" },
      adopt: { function: "ClusterAdopt" },
      rolledBack: "As it was.",
    }),
  },
});

interface Furnished {
  readonly workflow: StateMachine;
  readonly verified: string;
  readonly remove: string;
  readonly surplus: string;
  readonly restored: string;
}

const strategies: readonly (readonly [string, Furnished])[] = [
  [
    "attach",
    {
      workflow: clusterWorkflow,
      surplus: "Launch replacements",
      verified: "Do they serve?",
      remove: "Remove originals",
      restored: "Restored?",
    },
  ],
  [
    "native",
    {
      workflow: workflowOf(native),
      surplus: "Lower base",
      verified: "New members serve: what came of it?",
      remove: "Originals gone",
      restored: "Raise base again: what came of it?",
    },
  ],
];

describe.each(strategies)("the strategy %s", (_, { workflow, ...rooms }) => {
  it("leaves no state out, and names none that there is not", () => {
    expect([...reachable(workflow, workflow.StartAt)].toSorted()).toEqual(
      Object.keys(workflow.States).toSorted(),
    );
  });

  it("removes nothing before what takes over was verified", () => {
    const without = reachable(workflow, workflow.StartAt, [rooms.verified]);
    expect(without.has(rooms.surplus)).toBe(true);
    expect(without.has(rooms.remove)).toBe(false);
  });

  it("begins no other batch before the group was restored", () => {
    expect(reachable(workflow, rooms.surplus, [rooms.restored]).has("Plan batch")).toBe(false);
  });

  it("rolls back where any of its rooms fails", () => {
    const ofBatch = reachable(workflow, "Plan batch", ["Record outcome", onFailure]);
    const own = tasksOf(workflow).filter(
      ([name]) => ofBatch.has(name) && name !== "Record outcome" && name !== onFailure,
    );
    expect(own.length).toBeGreaterThanOrEqual(5);
    for (const [, task] of own) {
      expect((task.Catch ?? []).map(({ Next: next }) => next)).toContain(onFailure);
    }
  });
});

it("the rooms of native are walked in their order", () => {
  const workflow = workflowOf(native);
  const path = walk(workflow, {
    "What is asked?": "EVALUATE",
    "Eligible?": "ELIGIBLE",
    "What was decided?": "PROCEED",
    "Plan batch: what came of it?": "BATCH",
    "Lower base: what came of it?": "MADE",
    "New members serve: what came of it?": "SERVING",
    "Originals gone: what came of it?": "REMOVED",
    "Raise base again: what came of it?": "NEEDS_OPERATOR",
    "How did it end?": "NEEDS_OPERATOR",
  });
  const tasks = path.flatMap((name) => {
    const state = stateOf(workflow, name);
    return state.Type === "Task" ? [placeholderIn(state)] : [];
  });
  expect(tasks.slice(6)).toEqual([
    "ClusterPlanbatch",
    "ClusterLowerbase",
    "ClusterNewmembersserve",
    "ClusterOriginalsgone",
    "ClusterRaisebaseagain",
    expect.any(String),
  ]);
});
