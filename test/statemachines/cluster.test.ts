import { describe, expect, it } from "@jest/globals";
import { paces } from "../../core/decide/cluster/paces.ts";
import { looksWithin } from "../../core/decide/switch/pace.ts";
import type { Pace } from "../../core/model/evaluation.ts";
import { effectivePolicy } from "../../core/policy/policy.ts";
import { clusterWorkflow } from "../../statemachines/cluster.ts";
import { placeholderIn, reachable, routesOf, stateOf, tasksOf, walk } from "./workflow-graph.ts";
import { changesSomething, functionOf } from "./workflow-functions.ts";

const tasks = tasksOf(clusterWorkflow).map(([name, task]) => ({ name, task }));

const changing = (names: ReadonlySet<string>): readonly string[] =>
  tasks
    .filter(
      ({ name, task }) => names.has(name) && changesSomething(functionOf(placeholderIn(task))),
    )
    .map(({ name }) => name);

describe("functions", () => {
  it("that change something run after the decision only, but for the roll-back", () => {
    const before = reachable(clusterWorkflow, "Check eligibility", ["What was decided?"]);
    // The launch that "Check eligibility" asks for is a dry run.
    expect(changing(before)).toEqual(["Check eligibility", "Roll back"]);
  });

  it("go on for a person where a decision to PROCEED begins, go back, or adopt and no more", () => {
    const asked = stateOf(clusterWorkflow, "What is asked?");
    expect(asked.Type === "Choice" ? routesOf(asked) : []).toEqual([
      { kind: "EVALUATE", next: "Check eligibility" },
      // Nobody starts one of this mode.
      { kind: "RESPOND", next: "Roll back" },
      { kind: "RESUME", next: "Plan batch" },
      { kind: "ROLL_BACK", next: "Roll back" },
      { kind: "ADOPT", next: "Adopt what serves" },
    ]);
    expect(changing(reachable(clusterWorkflow, "Adopt what serves"))).toEqual([
      "Roll back",
      "Adopt what serves",
    ]);
  });

  it("take an original away nowhere but after its replacement was found in service", () => {
    const removing = tasks.filter(({ task }) => placeholderIn(task) === "ClusterRemoveOriginals");
    expect(removing.map(({ name }) => name)).toEqual(["Remove originals"]);
    const without = reachable(clusterWorkflow, clusterWorkflow.StartAt, ["Do they serve?"]);
    expect(without.has("Remove originals")).toBe(false);
  });

  it("begin no other batch before the group was restored", () => {
    const without = reachable(clusterWorkflow, "Launch replacements", ["Restored?"]);
    expect(without.has("Plan batch")).toBe(false);
  });

  it.each([
    ["Launched?", "NONE"],
    ["Have they proved themselves?", "NONE"],
    ["Healthy in every target group?", "NONE"],
    ["Attached?", "NONE"],
    ["Do they serve?", "NONE"],
    ["Removed?", "REMOVED"],
  ])("restore the group when %s answers %s", (name, kind) => {
    const state = stateOf(clusterWorkflow, name);
    const route = (state.Type === "Choice" ? routesOf(state) : []).find(
      (found) => found.kind === kind,
    );
    expect(route?.next).toBe("Restore group");
  });
});

const switched = {
  "What is asked?": "EVALUATE",
  "Eligible?": "ELIGIBLE",
  "What was decided?": "PROCEED",
  "What is next?": "BATCH",
  "Launched?": "LAUNCHED",
  "Have they proved themselves?": "HEALTHY",
  "Healthy in every target group?": "READY",
  "Attached?": "ATTACHED",
  "Do they serve?": "IN_SERVICE",
  "Removed?": "REMOVED",
  "Restored?": "NEEDS_OPERATOR",
  "How did it end?": "NEEDS_OPERATOR",
};

describe("length", () => {
  it("of STAY is at most 12 states", () => {
    const path = walk(clusterWorkflow, {
      ...switched,
      "What was decided?": "STAY",
      "How did it end?": "STAYED",
    });
    expect(path.at(-1)).toBe("Done");
    expect(path.length).toBeLessThanOrEqual(12);
  });

  it("of one batch is at most 35 states", () => {
    const path = walk(clusterWorkflow, switched);
    expect(path).toContain("Restore group");
    expect(path.length).toBeLessThanOrEqual(35);
  });

  /** Task: entered, scheduled, started, succeeded, exited; Choice and Wait: entered, exited. */
  const eventsPerPoll = 5 + 2 + 2;
  const { healthyDeadlineMinutes, proofDeadlineMinutes } = effectivePolicy("CLUSTER");
  /** Of an undo that waits for seconds: lambdas/evaluation/undo-wait.ts. */
  const undoPace: Pace = { firstSeconds: 5, everySeconds: 5, mostSeconds: 60 };
  const waits: readonly { readonly pace: Pace; readonly minutes: number }[] = [
    { pace: paces.group, minutes: 30 },
    { pace: paces.checks, minutes: healthyDeadlineMinutes },
    { pace: paces.proof, minutes: proofDeadlineMinutes },
    { pace: paces.targets, minutes: healthyDeadlineMinutes },
    { pace: paces.attach, minutes: 20 },
    // Alarms are to be OK for an hour at most.
    { pace: paces.service, minutes: 15 + 30 + proofDeadlineMinutes + 60 },
    { pace: paces.removal, minutes: 150 },
  ];

  it("of a batch that uses each deadline to the full takes less than a quarter of an execution's history", () => {
    const polls = [...waits, { pace: undoPace, minutes: 90 }].reduce(
      (sum, { pace, minutes }) => sum + looksWithin(pace, minutes * 60, Infinity),
      0,
    );
    const states = tasks.length * (eventsPerPoll - 2);
    expect(eventsPerPoll * polls + states).toBeLessThan(25_000 / 4);
  });
});
