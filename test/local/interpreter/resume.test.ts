import { describe, expect, it } from "@jest/globals";
import type { Item, Table } from "../../../adapters/store/table.ts";
import { VirtualClock } from "../../../local/cloud/clock.ts";
import type { Interpreter } from "../../../local/interpreter/interpreter.ts";
import { createInterpreter } from "../../../local/interpreter/interpreter.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { accountId, createLab, machine, outcomeOf, region, startMs, task } from "./lab.ts";

/** All kinds of states, a loop, a retry and a catch. */
const definition = machine({
  Begin: task("count", { ResultPath: "$.begun", Next: "Flaky" }),
  Flaky: task("flaky", {
    ResultPath: "$.flaky",
    Retry: [{ ErrorEquals: ["Flaky"], IntervalSeconds: 2, JitterStrategy: "FULL" }],
    Next: "Poll",
  }),
  Poll: task("poll", {
    ResultSelector: { "kind.$": "$.Payload" },
    ResultPath: "$.poll",
    Next: "Ready?",
  }),
  "Ready?": {
    Type: "Choice",
    Choices: [
      { Variable: "$.poll.kind", StringEquals: "READY", Next: "Fails" },
      { Variable: "$.poll.kind", StringEquals: "WAITING", Next: "Nap" },
    ],
  },
  Nap: { Type: "Wait", Seconds: 15, Next: "Poll" },
  Fails: task("fails", {
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: "Look" }],
    Next: "Look",
  }),
  Look: {
    Type: "Choice",
    Choices: [
      { Variable: "$.failure.Error", StringEquals: "Oops", Next: "Done" },
      { Variable: "$.failure.Error", StringEquals: "Other", Next: "Wrong" },
    ],
  },
  Wrong: { Type: "Fail" },
  Done: { Type: "Succeed" },
});

const input = { id: 1 };
const executionArn = `arn:aws:states:${region}:${accountId}:execution:workflow:run`;

/** The world outlives the process: clock, table, and what functions remember. Functions are idempotent. */
const createWorld = (table: Table = createMemoryTable()) => {
  const clock = new VirtualClock(startMs);
  let flakyCalls = 0;
  let calls = 0;
  const world = {
    clock,
    interpreter: undefined as unknown as Interpreter,
    /** Called before each invocation's end. */
    beforeReturn: (_call: number): void => undefined,
  };
  const functions: Record<string, (payload: unknown) => unknown> = {
    count: () => "counted",
    flaky: () => {
      flakyCalls += 1;
      if (flakyCalls < 3) throw Object.assign(new Error("flaky"), { name: "Flaky" });
      return "at last";
    },
    poll: () => (clock.now() < startMs + 60_000 ? "WAITING" : "READY"),
    fails: () => {
      throw Object.assign(new Error("on purpose"), { name: "Oops" });
    },
  };
  world.interpreter = createInterpreter({
    clock,
    region,
    accountId,
    table,
    invoke: async (name, payload) => {
      calls += 1;
      const call = calls;
      clock.elapse(50);
      try {
        return await Promise.resolve(functions[name]?.(payload));
      } finally {
        world.beforeReturn(call);
      }
    },
  });
  return world;
};

type World = ReturnType<typeof createWorld>;

const start = async (world: World): Promise<void> => {
  const stateMachineArn = world.interpreter.register({ name: "workflow", definition });
  await world.interpreter.start({ stateMachineArn, name: "run", input });
};

const summary = async ({ interpreter }: World) => {
  const { status, output } = await interpreter.describe(executionArn);
  const events = await interpreter.history(executionArn);
  return { status, output, types: events.map(({ type }) => type) };
};

const uninterrupted = async () => {
  const world = createWorld();
  await start(world);
  let jobs = 0;
  await world.clock.run({ until: () => (jobs += 1) < 0 });
  return { jobs, ...(await summary(world)) };
};

const checkHistory = async ({ interpreter }: World): Promise<void> => {
  const events = await interpreter.history(executionArn);
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  expect(events.every(({ id, previousEventId }) => previousEventId < id)).toBe(true);
};

describe("kill and resume", () => {
  it("the workflow of these tests succeeds when nothing happens", async () => {
    const { status, output, types } = await uninterrupted();
    expect(status).toBe("SUCCEEDED");
    expect(JSON.parse(output ?? "")).toMatchObject({
      flaky: { value: "at last" },
      failure: { Error: "Oops" },
    });
    expect(types.length).toBeGreaterThan(60);
  });

  it("killed between any two steps, it comes to the same result by the same events", async () => {
    const { jobs, ...expected } = await uninterrupted();
    for (let killedAfter = 0; killedAfter < jobs; killedAfter += 1) {
      const world = createWorld();
      await start(world);
      let done = -1;
      await world.clock.run({ until: () => (done += 1) >= killedAfter });
      world.interpreter.kill();
      await world.interpreter.resume();
      await world.clock.run();
      const actual = await summary(world);
      expect({ killedAfter, status: actual.status, output: actual.output }).toEqual({
        killedAfter,
        status: expected.status,
        output: expected.output,
      });
      expect([...actual.types].sort()).toEqual([...expected.types].sort());
      await checkHistory(world);
    }
  });

  it("killed during any invocation, it invokes again and comes to the same end", async () => {
    const { types } = await uninterrupted();
    const invocations = types.filter((type) => type === "TaskScheduled").length;
    for (let killedAt = 1; killedAt <= invocations; killedAt += 1) {
      const world = createWorld();
      world.beforeReturn = (call) => {
        if (call === killedAt) world.interpreter.kill();
      };
      await start(world);
      await world.clock.run();
      await expect(world.interpreter.describe(executionArn)).rejects.toMatchObject({
        code: "ServiceUnavailable",
        status: 503,
      });
      await world.interpreter.resume();
      await world.clock.run();
      expect(await summary(world)).toMatchObject({ status: "SUCCEEDED" });
      await checkHistory(world);
    }
  });

  it.each(["before", "after"])(
    "killed %s any write to the table, it loses nothing",
    async (when) => {
      let killedAt = 1;
      const reached = new Set<number>([0]);
      for (; reached.has(killedAt - 1); killedAt += 1) {
        const memory = createMemoryTable();
        let writes = 0;
        const table: Table = {
          ...memory,
          get: (key) => memory.get(key),
          query: (query) => memory.query(query),
          delete: (key, condition) => memory.delete(key, condition),
          put: async (item: Item, condition) => {
            writes += 1;
            if (writes !== killedAt) return memory.put(item, condition);
            reached.add(killedAt);
            if (when === "after") await memory.put(item, condition);
            world.interpreter.kill();
            return { kind: "CONFLICT" };
          },
        };
        const world = createWorld(table);
        await start(world).catch(() => undefined);
        await world.clock.run();
        if (reached.has(killedAt)) await world.interpreter.resume();
        // A client without an answer asks again.
        await start(world).catch(() => undefined);
        await world.clock.run();
        expect({ killedAt, ...(await summary(world)) }).toMatchObject({
          killedAt,
          status: "SUCCEEDED",
        });
        await checkHistory(world);
      }
      expect(killedAt).toBeGreaterThan(30);
    },
  );

  it("goes on in another process that knows nothing but the table", async () => {
    const table = createMemoryTable();
    const first = createLab({ f: () => "one" }, { table });
    const states = machine({
      One: task("f", { Next: "Nap" }),
      Nap: { Type: "Wait", Seconds: 3600, Next: "Two" },
      Two: task("f"),
    });
    const stateMachineArn = first.interpreter.register({ name: "workflow", definition: states });
    await first.interpreter.start({ stateMachineArn, name: "run" });
    await first.clock.run({ atMostMs: startMs + 60_000 });
    first.interpreter.kill();

    const second = createLab({ f: () => "two" }, { table });
    await second.interpreter.resume();
    await second.clock.run();
    expect((await outcomeOf(second, executionArn)).result).toEqual({ value: "two" });
    expect(second.clock.now()).toBe(startMs + 3_600_000);
  });

  it("gives an invocation that begins anew its whole time again", async () => {
    const table = createMemoryTable();
    const lab = createLab(
      {
        f: () => {
          lab.interpreter.kill();
        },
      },
      { table },
    );
    const stateMachineArn = lab.interpreter.register({
      name: "workflow",
      definition: machine({ One: task("f", { TimeoutSeconds: 60 }) }),
    });
    await lab.interpreter.start({ stateMachineArn, name: "run" });
    await lab.clock.run();
    const later = createLab({ f: () => "done" }, { table });
    later.clock.elapse(3_600_000);
    await later.interpreter.resume();
    await later.clock.run();
    expect((await outcomeOf(later, executionArn)).result).toEqual({ value: "done" });
  });

  it("stops running an execution that another process has taken over", async () => {
    const table = createMemoryTable();
    const first = createLab({ f: () => null }, { table });
    const states = machine({ Nap: { Type: "Wait", Seconds: 60, Next: "Act" }, Act: task("f") });
    const stateMachineArn = first.interpreter.register({ name: "workflow", definition: states });
    await first.interpreter.start({ stateMachineArn, name: "run" });
    await first.clock.run({ atMostMs: startMs + 1000 });
    const second = createLab({ f: () => null }, { table });
    await second.interpreter.resume();
    await second.clock.run();
    await expect(first.clock.run()).rejects.toThrow("was changed by another process");
    expect(first.invoked).toEqual([]);
  });

  it("without a table, nothing is left", async () => {
    const lab = createLab();
    const states = machine({ Nap: { Type: "Wait", Seconds: 60, End: true } });
    const stateMachineArn = lab.interpreter.register({ name: "workflow", definition: states });
    await lab.interpreter.start({ stateMachineArn, name: "run" });
    lab.interpreter.kill();
    expect(lab.clock.pending).toBe(0);
    await lab.interpreter.resume();
    await expect(lab.interpreter.describe(executionArn)).rejects.toMatchObject({
      code: "ExecutionDoesNotExist",
    });
  });
});
