import { describe, expect, it } from "@jest/globals";
import { createLab, execute, failing, machine, startMs, task, typesOf } from "./lab.ts";

const branch = (states: Readonly<Record<string, object>>): object => machine(states);
const map = (fields: object, states: Readonly<Record<string, object>>): object => ({
  Type: "Map",
  ItemsPath: "$.items",
  ItemProcessor: { ...machine(states), ProcessorConfig: { Mode: "INLINE" } },
  ...("Next" in fields ? {} : { End: true }),
  ...fields,
});

describe("Parallel", () => {
  it("gives all results in the order of the branches, whichever ends first", async () => {
    const state = {
      Type: "Parallel",
      Branches: [
        branch({
          Slow: { Type: "Wait", Seconds: 10, Next: "A" },
          A: { Type: "Pass", Result: "a", End: true },
        }),
        branch({ B: { Type: "Pass", Result: "b", End: true } }),
      ],
      ResultPath: "$.both",
      End: true,
    };
    const outcome = await execute(createLab(), machine({ Both: state }), { id: 1 });
    expect(outcome.result).toEqual({ id: 1, both: ["a", "b"] });
  });

  it("interleaves the branches the same way in each run", async () => {
    const loop = (name: string): object =>
      branch({
        [`${name}1`]: task("f", { ResultPath: null, Next: `${name}2` }),
        [`${name}2`]: { Type: "Wait", Seconds: 1, Next: `${name}3` },
        [`${name}3`]: task("f", { ResultPath: null }),
      });
    const once = async () => {
      const lab = createLab({
        f: () => {
          lab.clock.elapse(100);
        },
      });
      const both = { Type: "Parallel", Branches: [loop("x"), loop("y"), loop("z")], End: true };
      const outcome = await execute(lab, machine({ Both: both }), { id: 1 });
      return { events: outcome.events, invoked: lab.invoked };
    };
    const first = await once();
    expect(first).toEqual(await once());
    expect(first.invoked.map(({ atMs }) => atMs - startMs)).toEqual([
      0, 100, 200, 1300, 1400, 1500,
    ]);
  });

  it("stops the other branches when one fails, and their late work counts for nothing", async () => {
    const lab = createLab({ f: failing("Oops"), g: () => "never" });
    const state = {
      Type: "Parallel",
      Branches: [
        branch({ Bad: task("f") }),
        branch({ Slow: { Type: "Wait", Seconds: 60, Next: "Never" }, Never: task("g") }),
      ],
      Catch: [{ ErrorEquals: ["Oops"], ResultPath: "$.failure", Next: "Rescue" }],
      Next: "Rescue",
    };
    const outcome = await execute(lab, machine({ Both: state, Rescue: { Type: "Succeed" } }), {});
    expect(outcome.result).toMatchObject({ failure: { Error: "Oops" } });
    expect(lab.invoked.map(({ name }) => name)).toEqual(["f"]);
    expect(lab.clock.now()).toBe(startMs);
    expect(typesOf(outcome.events)).toContain("ParallelStateFailed");
  });

  it("begins all branches anew on a retry", async () => {
    let attempt = 0;
    const lab = createLab({
      f: (payload) => {
        attempt += 1;
        return attempt === 1 ? failing("Oops")(payload) : "ok";
      },
      g: () => "g",
    });
    const state = {
      Type: "Parallel",
      Branches: [branch({ G: task("g") }), branch({ F: task("f") })],
      Retry: [{ ErrorEquals: ["Oops"], IntervalSeconds: 3 }],
      End: true,
    };
    const outcome = await execute(lab, machine({ Both: state }));
    expect(outcome.result).toEqual([{ value: "g" }, { value: "ok" }]);
    expect(lab.invoked.map(({ name }) => name)).toEqual(["g", "f", "g", "f"]);
  });
});

describe("Map", () => {
  it("gives the results in the order of the items, with index and value in the context", async () => {
    const fields = {
      ItemSelector: {
        "index.$": "$$.Map.Item.Index",
        "value.$": "$$.Map.Item.Value",
        "id.$": "$.id",
      },
    };
    const each = {
      Type: "Pass",
      Parameters: { "in.$": "$", "again.$": "$$.Map.Item.Index" },
      End: true,
    };
    const outcome = await execute(createLab(), machine({ Each: map(fields, { One: each }) }), {
      id: "ev",
      items: ["x", "y"],
    });
    expect(outcome.result).toEqual([
      { in: { index: 0, value: "x", id: "ev" }, again: 0 },
      { in: { index: 1, value: "y", id: "ev" }, again: 1 },
    ]);
  });

  it("gives an empty list for no items", async () => {
    const outcome = await execute(
      createLab(),
      machine({ Each: map({}, { One: { Type: "Succeed" } }) }),
      { items: [] },
    );
    expect(outcome.result).toEqual([]);
  });

  it.each([
    [1, [0, 10, 20, 30, 40]],
    [2, [0, 0, 10, 10, 20]],
    [0, [0, 0, 0, 0, 0]],
  ])("with MaxConcurrency %s begins iterations at %j", async (MaxConcurrency, expected) => {
    const lab = createLab({ f: () => null });
    const each = {
      One: task("f", { ResultPath: null, Next: "Two" }),
      Two: { Type: "Wait", Seconds: 10, End: true },
    };
    const outcome = await execute(lab, machine({ Each: map({ MaxConcurrency }, each) }), {
      items: [1, 2, 3, 4, 5],
    });
    expect(outcome.result).toEqual([1, 2, 3, 4, 5]);
    expect(lab.invoked.map(({ atMs }) => (atMs - startMs) / 1000)).toEqual(expected);
  });

  it("runs 40 at once at most", async () => {
    const lab = createLab({ f: () => null });
    const each = {
      One: task("f", { ResultPath: null, Next: "Two" }),
      Two: { Type: "Wait", Seconds: 10, End: true },
    };
    await execute(lab, machine({ Each: map({}, each) }), {
      items: Array.from({ length: 41 }, (_, index) => index),
    });
    expect(lab.invoked.filter(({ atMs }) => atMs === startMs)).toHaveLength(40);
  });

  it("begins no further iteration after a failure", async () => {
    const lab = createLab({
      f: (payload) => (payload === 1 ? failing("Oops")(payload) : null),
    });
    const states = machine({
      Each: map(
        { MaxConcurrency: 2, Catch: [{ ErrorEquals: ["Oops"], Next: "Rescue" }], Next: "Rescue" },
        {
          One: task("f", { ResultPath: null, Next: "Two" }),
          Two: { Type: "Wait", Seconds: 5, End: true },
        },
      ),
      Rescue: { Type: "Succeed" },
    });
    const outcome = await execute(lab, states, { items: [0, 1, 2, 3] });
    expect(outcome.result).toMatchObject({ Error: "Oops" });
    expect(lab.invoked.map(({ payload }) => payload)).toEqual([0, 1]);
    expect(typesOf(outcome.events).slice(-8)).toEqual([
      "TaskFailed",
      "MapIterationFailed",
      "MapIterationAborted",
      "MapStateFailed",
      "MapStateExited",
      "SucceedStateEntered",
      "SucceedStateExited",
      "ExecutionSucceeded",
    ]);
  });

  it("ends the execution if ItemsPath leads to no list", async () => {
    const outcome = await execute(
      createLab(),
      machine({ Each: map({}, { One: { Type: "Succeed" } }) }),
      { items: 5 },
    );
    expect(outcome).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  });

  it("may hold a Parallel, whose branches know the item too", async () => {
    const inner = {
      Type: "Parallel",
      Branches: [
        branch({ Left: { Type: "Pass", Parameters: { "i.$": "$$.Map.Item.Index" }, End: true } }),
        branch({ Right: { Type: "Succeed" } }),
      ],
      End: true,
    };
    const outcome = await execute(createLab(), machine({ Each: map({}, { Inner: inner }) }), {
      items: ["a", "b"],
    });
    expect(outcome.result).toEqual([
      [{ i: 0 }, "a"],
      [{ i: 1 }, "b"],
    ]);
  });
});
