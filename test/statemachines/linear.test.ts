import { describe, expect, it } from "@jest/globals";
import { finalChecks, paces } from "../../core/decide/linear/paces.ts";
import { looksWithin } from "../../core/decide/switch/pace.ts";
import type { Pace } from "../../core/model/evaluation.ts";
import { effectivePolicy } from "../../core/policy/policy.ts";
import { linearWorkflow } from "../../statemachines/linear.ts";
import {
  entriesOf,
  placeholderIn,
  reachable,
  routesOf,
  stateOf,
  tasksOf,
  walk,
} from "./workflow-graph.ts";
import { changesSomething, functionOf } from "./workflow-functions.ts";

const tasks = tasksOf(linearWorkflow).map(([name, task]) => ({ name, task }));

describe("functions", () => {
  it("that change something run after the decision only, but for the roll-back", () => {
    const before = reachable(linearWorkflow, "Check eligibility", ["What was decided?"]);
    const effects = tasks.filter(
      ({ name, task }) => before.has(name) && changesSomething(functionOf(placeholderIn(task))),
    );
    // The launch that "Check eligibility" asks for is a dry run: local/lab/promises/verdicts-touch-nothing.ts.
    expect(effects.map(({ name }) => name)).toEqual(["Check eligibility", "Roll back"]);
  });

  it("go on for a person where a decision to PROCEED begins, go back, or adopt and no more", () => {
    const asked = stateOf(linearWorkflow, "What is asked?");
    const routes = asked.Type === "Choice" ? routesOf(asked) : [];
    expect(routes).toEqual([
      { kind: "EVALUATE", next: "Check eligibility" },
      // Nobody starts one of this mode.
      { kind: "RESPOND", next: "Roll back" },
      { kind: "RESUME", next: "Prepare image" },
      { kind: "ROLL_BACK", next: "Roll back" },
      { kind: "ADOPT", next: "Adopt what serves" },
    ]);
    const adopting = reachable(linearWorkflow, "Adopt what serves");
    const effects = tasks.filter(
      ({ name, task }) => adopting.has(name) && changesSomething(functionOf(placeholderIn(task))),
    );
    // A record that finds its replacement lost goes there, which no adoption has, and which would leave it alone.
    expect(effects.map(({ name }) => name)).toEqual(["Roll back", "Adopt what serves"]);
  });

  it("that change something run on PROCEED only", () => {
    const decision = stateOf(linearWorkflow, "What was decided?");
    const routes = decision.Type === "Choice" ? routesOf(decision) : [];
    expect(routes.filter(({ next }) => next !== "Record outcome")).toEqual([
      { kind: "PROCEED", next: "Prepare image" },
    ]);
  });
});

describe("length", () => {
  const decided = { "What is asked?": "EVALUATE", "Eligible?": "ELIGIBLE" };

  it("of STAY is at most 12 states", () => {
    const path = walk(linearWorkflow, {
      ...decided,
      "What was decided?": "STAY",
      "How did it end?": "STAYED",
    });
    expect(path.at(-1)).toBe("Done");
    expect(path.length).toBeLessThanOrEqual(12);
  });

  it.each([
    { frozen: "MOVE_IDENTITY", root: "READY" },
    { frozen: "TRANSFER_ROOT", root: "READY" },
    { frozen: "TRANSFER_ROOT", root: "RELAUNCH" },
  ])("of a switch by $frozen, root $root, is at most 45 states", ({ frozen, root }) => {
    const path = walk(linearWorkflow, {
      ...decided,
      "What was decided?": "PROCEED",
      "Image ready?": "READY",
      "Launched?": "LAUNCHED",
      "Has it proved itself?": "HEALTHY",
      "Frozen?": frozen,
      "Final image ready?": "READY",
      "Root replaced?": root,
      "Relaunched?": "LAUNCHED",
      "Has it proved itself too?": "HEALTHY",
      "Identity moved?": "MOVED",
      "Verified?": "VERIFIED",
      "Retired?": "RETIRED",
      "How did it end?": "SWITCHED",
    });
    expect(path.at(-1)).toBe("Done");
    expect(path.length).toBeLessThanOrEqual(45);
  });

  it("of a switch that uses each default deadline to the full fits into an execution's history", () => {
    const {
      imageDeadlineMinutes,
      healthyDeadlineMinutes,
      stopDeadlineMinutes,
      moveDeadlineMinutes,
    } = effectivePolicy("LINEAR");
    const rollBackMinutes = 60;
    const waits: readonly { readonly pace: Pace; readonly minutes: number }[] = [
      { pace: paces.warmImage, minutes: imageDeadlineMinutes },
      { pace: paces.warmChecks, minutes: healthyDeadlineMinutes },
      { pace: paces.verify, minutes: healthyDeadlineMinutes },
      { pace: paces.stop, minutes: stopDeadlineMinutes },
      { pace: paces.finalImage, minutes: imageDeadlineMinutes },
      { pace: paces.rootTask, minutes: healthyDeadlineMinutes },
      { pace: finalChecks({ waits: {}, progress: {} }), minutes: healthyDeadlineMinutes },
      { pace: paces.move, minutes: moveDeadlineMinutes },
      { pace: paces.verify, minutes: moveDeadlineMinutes },
      { pace: paces.retire, minutes: stopDeadlineMinutes },
    ];
    const polls = waits.map(({ pace, minutes }) => looksWithin(pace, minutes * 60, Infinity));
    const rollBackPolls = entriesOf(linearWorkflow).map(([, state]) =>
      state.Type === "Wait" && "Seconds" in state ? (rollBackMinutes * 60) / state.Seconds : 0,
    );
    /** Task: entered, scheduled, started, succeeded, exited; Choice and Wait: entered, exited. */
    const eventsPerPoll = 5 + 2 + 2;
    const events =
      eventsPerPoll * [...polls, ...rollBackPolls].reduce((sum, count) => sum + count, 0);
    expect(events).toBeLessThan(25_000 * 0.9);
  });
});
