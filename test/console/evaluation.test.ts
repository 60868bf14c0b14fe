/** What the page makes of one evaluation: its steps on an axis, who served, what happens if it fails, its pools, and another policy's limits. */
import { describe, expect, it } from "@jest/globals";
import { handover } from "../../console/evaluation/handover.ts";
import { limits, overridesOf } from "../../console/evaluation/limits.ts";
import {
  accepted,
  offerOf,
  rejectedByReason,
  type Candidate,
} from "../../console/evaluation/pools.ts";
import { downtimeOf, ifItFails, type EvaluationRecord } from "../../console/evaluation/story.ts";
import {
  placeOn,
  roundShown,
  roundsOf,
  ticksOf,
  timeLine,
  type WorkflowNode,
} from "../../console/evaluation/time-line.ts";
import { nodesOf, workflowNodes } from "../../local/console/workflow-nodes.ts";
import type { State, StateMachine } from "../../statemachines/asl.ts";
import { step } from "../../statemachines/policies.ts";
import { workflows } from "../../statemachines/workflows.ts";
import { at, ms, pool, recordOf } from "./records.ts";

describe("the nodes that the page draws", () => {
  const nodes = workflowNodes();

  it.each(["LINEAR", "CLUSTER", "KUBERNETES"] as const)(
    "of %s are the Tasks of its workflow, each with the phase of its step and a way on",
    (mode) => {
      const tasks = Object.entries(workflows[mode].States)
        .filter(([, { Type }]) => Type === "Task")
        .map(([name]) => name);
      expect(nodes[mode].map(({ name }) => name)).toEqual(tasks);
      expect(nodes[mode][0]).toMatchObject({ phase: "open-evaluation", stage: "Judge" });
      expect(nodes[mode].filter(({ phase }) => !/^[a-z-]+$/.test(phase))).toEqual([]);
      expect(new Set(nodes[mode].map(({ phase }) => phase)).size).toBe(tasks.length);
      const ends = nodes[mode].filter(({ next }) => next.length === 0).map(({ name }) => name);
      expect(ends).toEqual([]);
    },
  );

  it("tell the ways past others, and the one for failures", () => {
    const lanes = new Map(nodes.LINEAR.map(({ name, lane }) => [name, lane]));
    expect(lanes.get("Decide")).toBe("WAY");
    expect(lanes.get("Relaunch from final image")).toBe("DETOUR");
    expect(lanes.get("Roll back")).toBe("ROLL_BACK");
    for (const mode of ["LINEAR", "CLUSTER", "KUBERNETES"] as const) {
      expect(nodes[mode].at(-1)).toMatchObject({ name: "Record outcome", lane: "WAY" });
    }
  });
});

describe("a state that is added to a workflow", () => {
  const {
    "Replacement healthy?": healthy,
    "Launch replacement": launch,
    ...others
  } = workflows.LINEAR.States;
  const warmUp = step({
    comment: "Warms caches up.",
    stage: "PREPARE",
    function: "LinearWarmUp",
    result: "warm",
    next: "Replacement healthy?",
  });
  const copy: StateMachine = {
    ...workflows.LINEAR,
    States: {
      ...others,
      "Launch replacement": { ...launch, Next: "Warm up" } as State,
      "Warm up": warmUp,
      "Replacement healthy?": healthy as State,
    },
  };
  const nodes = nodesOf("LINEAR", copy);

  it("is drawn on the way, with its stage and what follows it, without a change of the page", () => {
    expect(nodes.find(({ name }) => name === "Launch replacement")?.next).toEqual(["Warm up"]);
    expect(nodes.find(({ name }) => name === "Warm up")).toMatchObject({
      lane: "WAY",
      next: ["Replacement healthy?"],
    });
    const rows = timeLine({ nodes, phases: [], expected: [], isOver: false, nowMs: ms(5) });
    expect(rows.map(({ name }) => name)).toContain("Warm up");
  });

  it("stands under the stage that it says", () => {
    const stages = nodes.flatMap(({ name, stage }) => (stage === undefined ? [] : [[name, stage]]));
    expect(stages).toContainEqual(["Launch replacement", "Prepare, while the original serves"]);
  });
});

describe("the list of steps", () => {
  const nodes: readonly WorkflowNode[] = [
    { name: "Decide", phase: "decide", stage: "Judge", lane: "WAY", next: ["Launch"] },
    { name: "Launch", phase: "launch", stage: "Prepare", lane: "WAY", next: ["Relaunch"] },
    { name: "Relaunch", phase: "relaunch", lane: "DETOUR", next: ["Launch"] },
  ];
  const phases = [
    { name: "decide", started_at: at(0), ended_at: at(1), summary: "Switch." },
    { name: "launch", round: 2, started_at: at(2) },
    { name: "forgotten", started_at: at(3), ended_at: at(4) },
  ];
  const rows = (isOver: boolean, round = 2) =>
    timeLine({ nodes, phases, round, expected: [], isOver, nowMs: ms(5) });

  it("has a row for each node, one that runs until now, and a phase that no node has by its name", () => {
    expect(rows(false)).toEqual([
      {
        ...{ name: "Decide", stage: "Judge", lane: "WAY", state: "DONE", summary: "Switch." },
        span: { from: ms(0), to: ms(1) },
      },
      {
        ...{ name: "Launch", stage: "Prepare", lane: "WAY", state: "RUNNING" },
        span: { from: ms(2), to: ms(5) },
      },
      { name: "Relaunch", lane: "DETOUR", state: "AHEAD" },
      { name: "forgotten", lane: "WAY", state: "DONE", span: { from: ms(3), to: ms(4) } },
    ]);
  });

  it("tells what is still to come from now on, one after the other, as long as it usually takes", () => {
    const took = (minutes: number) => ({ expected_seconds: minutes * 60 });
    const running = phases.map((phase) =>
      phase.name === "launch" ? { ...phase, ...took(9) } : phase,
    );
    const expected = [{ name: "relaunch", ...took(4) }, { name: "close" }];
    const input = { nodes, phases: running, round: 2, expected, nowMs: ms(5) };
    const told = timeLine({ ...input, isOver: false }).map(({ expected: span }) => span);
    expect(told).toEqual([
      undefined,
      { from: ms(5), to: ms(11) },
      { from: ms(11), to: ms(15) },
      undefined,
    ]);
    expect(timeLine({ ...input, isOver: true }).some((row) => row.expected)).toBe(false);
  });

  it("leaves out what was not needed once it is over, and shows one batch", () => {
    expect(rows(true).map(({ name }) => name)).toEqual(["Decide", "Launch", "forgotten"]);
    expect(rows(true, 1).map(({ name }) => name)).toEqual(["Decide", "forgotten"]);
    expect(roundsOf([...phases, { name: "x", round: 1, started_at: at(0) }])).toEqual([1, 2]);
  });

  it("shows the last batch in which something was done, until another is asked for", () => {
    const round = (name: string, number: number) => ({ name, round: number, started_at: at(0) });
    const planned = [round("plan-batch", 1), round("launch", 1), round("plan-batch", 2)];
    expect(roundShown(planned)).toBe(1);
    expect(roundShown(planned.slice(0, 1))).toBe(1);
    expect(roundShown(phases.slice(0, 1))).toBeUndefined();
  });

  it("stands on one axis with instants on round steps", () => {
    const axis = { from: ms(0), to: ms(10) };
    expect(placeOn(axis, { from: ms(5), to: ms(20) })).toEqual({ left: 50, width: 50 });
    expect(placeOn({ from: 5, to: 5 }, { from: 5, to: 5 })).toEqual({ left: 0, width: 0 });
    expect(ticksOf(axis)).toEqual([0, 2, 4, 6, 8, 10].map(ms));
  });
});

describe("who serves, and what happens if it fails", () => {
  const axis = { from: ms(0), to: ms(10) };
  const kinds = (record: EvaluationRecord) =>
    handover(record, axis).map(({ bars }) => bars.map(({ kind }) => kind).join(" "));

  it("before the freeze the original serves, untouched", () => {
    const record = recordOf({});
    expect(kinds(record)).toEqual(["SERVES", "SERVES", "RUNS"]);
    expect(downtimeOf(record, ms(10))).toBeUndefined();
    expect(ifItFails(record)).toContain("original untouched");
    expect(ifItFails(recordOf({}, { swaps: [] }))).toBe("Nothing to undo yet");
    expect(handover(recordOf({}, { swaps: [] }), axis)).toEqual([]);
  });

  it("while it moves nobody does, and a load with data is held once clients write to the replacement", () => {
    const record = recordOf({ frozen_at: at(4), final_image_id: "ami-1" });
    expect(kinds(record)).toEqual(["SERVES STOPPED", "SERVES DOWN", "RUNS"]);
    expect(downtimeOf(record, ms(10))).toEqual({ from: ms(4), to: ms(10) });
    expect(ifItFails(record)).toContain("original restarts");
    const moved = recordOf({ frozen_at: at(4), served_from: at(6), final_image_id: "ami-1" });
    expect(ifItFails(moved)).toContain("Held for you");
  });

  it("afterwards the replacement does, or the original again", () => {
    const over = { status: "SWITCHED", ended_at: at(10) };
    const switched = recordOf({ frozen_at: at(4), serving_at: at(7) }, over);
    expect(kinds(switched)).toEqual(["SERVES STOPPED", "SERVES DOWN SERVES", "RUNS SERVES"]);
    expect(downtimeOf(switched, ms(30))).toEqual({ from: ms(4), to: ms(7) });
    expect(ifItFails(switched)).toBe("It is over");
    expect(ifItFails(recordOf({}, { status: "NEEDS_OPERATOR" }))).toBe("It waits for you");
    const back = recordOf({ frozen_at: at(4), restored_at: at(7) }, over);
    expect(kinds(back)).toEqual(["SERVES STOPPED SERVES", "SERVES DOWN SERVES", "RUNS"]);
  });

  it("of a group what is done stays", () => {
    expect(ifItFails(recordOf({ mode: "CLUSTER" }))).toContain("what is done stays");
  });
});

describe("the pools", () => {
  const candidate = (type: string, rest: Partial<Candidate>): Candidate => ({
    pool: pool(type),
    ...rest,
  });
  const tooDear = { code: "PRICE_OVER_CAP", sentence: "c5.large costs too much." } as const;
  const all = [
    candidate("m5.large", { expected_hourly_usd: 0.04 }),
    candidate("m6a.large", { expected_hourly_usd: 0.02 }),
    candidate("c5.large", { rejection: tooDear }),
    candidate("c5.xlarge", { rejection: tooDear }),
  ];

  it("that may be used stand cheapest first, and the others by their reason", () => {
    expect(accepted(all).map(({ pool: { instance_type: type } }) => type)).toEqual([
      "m6a.large",
      "m5.large",
    ]);
    expect(rejectedByReason(all)).toMatchObject([
      { code: "PRICE_OVER_CAP", count: 2, example: tooDear.sentence },
    ]);
  });

  it("bear their place among the offers", () => {
    const offers = [pool("m6a.large"), pool("m5.large")];
    expect(all.map((each) => offerOf(each, offers))).toEqual([2, 1, undefined, undefined]);
  });
});

describe("another policy", () => {
  const policy = {
    min_savings_percent: 15,
    max_risk: 0.3,
    horizon_hours: 24,
    max_band_percent: 20,
  } as unknown as EvaluationRecord["policy"];

  it("is typed in percent, and sent as the API has it: what was changed alone", () => {
    expect(limits.map(({ shown }) => shown(policy))).toEqual(["15", "30", "24", "20"]);
    expect(
      overridesOf(policy, { max_risk: "0", min_savings_percent: "15", horizon_hours: "" }),
    ).toEqual({
      max_risk: 0,
    });
    expect(overridesOf(policy, { max_risk: "0.05" })).toEqual({ max_risk: 0.0005 });
  });
});
