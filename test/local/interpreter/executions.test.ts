import { describe, expect, it } from "@jest/globals";
import type { Table } from "../../../adapters/store/table.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { createLab, failing, machine, outcomeOf, startMs, task } from "./lab.ts";

const dayMs = 86_400_000;
const waiting = machine({ Nap: { Type: "Wait", Seconds: 60, End: true } });

describe.each<[string, () => { table?: Table }]>([
  ["in memory", () => ({})],
  ["with a table", () => ({ table: createMemoryTable() })],
])("executions %s", (_kind, options) => {
  const prepare = (definition: object = waiting, functions = {}) => {
    const lab = createLab(functions, options());
    return { lab, stateMachineArn: lab.interpreter.register({ name: "workflow", definition }) };
  };

  describe("StartExecution", () => {
    it("gives the same execution for the same name and input while it runs", async () => {
      const { lab, stateMachineArn } = prepare();
      const start = { stateMachineArn, name: "run", input: { a: 1 } };
      const first = await lab.interpreter.start(start);
      lab.clock.elapse(1000);
      expect(await lab.interpreter.start(start)).toEqual(first);
      expect(first).toEqual({
        executionArn: "arn:aws:states:eu-west-1:111122223333:execution:workflow:run",
        startDate: new Date(startMs),
      });
    });

    it("refuses the name for another input, and once the execution is closed", async () => {
      const { lab, stateMachineArn } = prepare();
      const start = { stateMachineArn, name: "run", input: { a: 1 } };
      await lab.interpreter.start(start);
      const refusal = { code: "ExecutionAlreadyExists" };
      await expect(lab.interpreter.start({ ...start, input: { a: 2 } })).rejects.toMatchObject(
        refusal,
      );
      await lab.clock.run();
      await expect(lab.interpreter.start(start)).rejects.toMatchObject(refusal);
    });

    it("gives the name free 90 days after the execution was closed", async () => {
      const { lab, stateMachineArn } = prepare();
      const start = { stateMachineArn, name: "run" };
      const { executionArn } = await lab.interpreter.start(start);
      await lab.clock.run({ atMostMs: startMs + 90 * dayMs });
      await expect(lab.interpreter.start(start)).rejects.toMatchObject({
        code: "ExecutionAlreadyExists",
      });
      lab.clock.elapse(dayMs);
      await lab.interpreter.start(start);
      expect((await lab.interpreter.describe(executionArn)).status).toBe("RUNNING");
      await lab.clock.run();
      const outcome = await outcomeOf(lab, executionArn);
      expect(outcome.status).toBe("SUCCEEDED");
      expect(outcome.events).toHaveLength(4);
    });

    it("starts one execution only when two ask at the same time", async () => {
      const { lab, stateMachineArn } = prepare();
      const starts = [1, 2].map(() => lab.interpreter.start({ stateMachineArn, name: "run" }));
      const [first, second] = await Promise.all(starts);
      expect(first).toEqual(second);
      await lab.clock.run();
      expect(await lab.interpreter.list({ stateMachineArn })).toHaveLength(1);
    });

    it("gives names of its own where none is given", async () => {
      const { lab, stateMachineArn } = prepare();
      const first = await lab.interpreter.start({ stateMachineArn });
      const second = await lab.interpreter.start({ stateMachineArn });
      expect(first.executionArn).not.toBe(second.executionArn);
    });

    it("takes the ARN of an alias", async () => {
      const { lab, stateMachineArn } = prepare();
      const started = await lab.interpreter.start({
        stateMachineArn: `${stateMachineArn}:live`,
        name: "r",
      });
      expect(started.executionArn).toMatch(/:execution:workflow:r$/u);
    });

    it.each([
      ["InvalidName", { name: "a b" }],
      ["InvalidName", { name: "" }],
      ["InvalidName", { name: "x".repeat(81) }],
      ["InvalidName", { name: "a/b" }],
      ["InvalidExecutionInput", { input: "{" }],
      ["ValidationException", { input: { text: "x".repeat(262_144) } }],
      ["InvalidArn", { stateMachineArn: "workflow" }],
      [
        "StateMachineDoesNotExist",
        { stateMachineArn: "arn:aws:states:eu-west-1:111122223333:stateMachine:other" },
      ],
    ])("is refused with %s for %j", async (code, wrong) => {
      const { lab, stateMachineArn } = prepare();
      await expect(
        lab.interpreter.start({ stateMachineArn, name: "run", ...wrong }),
      ).rejects.toMatchObject({ code, status: 400 });
    });
  });

  it("an execution keeps the definition with which it began", async () => {
    const { lab, stateMachineArn } = prepare(waiting, { f: () => "new" });
    const before = await lab.interpreter.start({ stateMachineArn, name: "before" });
    const changed = machine({ New: task("f") });
    expect(lab.interpreter.register({ name: "workflow", definition: changed })).toBe(
      stateMachineArn,
    );
    const after = await lab.interpreter.start({ stateMachineArn, name: "after" });
    await lab.clock.run();
    expect((await outcomeOf(lab, before.executionArn)).result).toEqual({});
    expect((await outcomeOf(lab, after.executionArn)).result).toEqual({ value: "new" });
  });

  it("ListExecutions gives the newest first, by status if asked", async () => {
    const { lab, stateMachineArn } = prepare();
    const first = await lab.interpreter.start({ stateMachineArn, name: "first" });
    lab.clock.elapse(1000);
    await lab.interpreter.start({ stateMachineArn, name: "second" });
    await lab.interpreter.stop({ executionArn: first.executionArn });
    const names = async (statusFilter?: "RUNNING" | "ABORTED"): Promise<readonly string[]> =>
      (await lab.interpreter.list({ stateMachineArn, statusFilter })).map(({ name }) => name);
    expect(await names()).toEqual(["second", "first"]);
    expect(await names("RUNNING")).toEqual(["second"]);
    expect(await names("ABORTED")).toEqual(["first"]);
  });

  describe("StopExecution", () => {
    it("ends the execution at once, and nothing of it runs after that", async () => {
      const definition = machine({
        Nap: { Type: "Wait", Seconds: 60, Next: "Act" },
        Act: task("act"),
      });
      const { lab, stateMachineArn } = prepare(definition, { act: () => null });
      const { executionArn } = await lab.interpreter.start({ stateMachineArn, name: "run" });
      await lab.clock.run({ atMostMs: startMs + 1000 });
      await lab.interpreter.stop({ executionArn, error: "Operator", cause: "enough" });
      await lab.clock.run();
      const outcome = await outcomeOf(lab, executionArn);
      expect(outcome).toMatchObject({ status: "ABORTED", error: "Operator", cause: "enough" });
      expect(outcome.stopDate).toEqual(new Date(startMs + 1000));
      expect(outcome.events.at(-1)).toMatchObject({
        type: "ExecutionAborted",
        executionAbortedEventDetails: { error: "Operator", cause: "enough" },
      });
      expect(lab.invoked).toEqual([]);
      expect(lab.clock.now()).toBe(startMs + 1000);
    });

    it("leaves an execution that has ended as it is", async () => {
      const { lab, stateMachineArn } = prepare();
      const { executionArn } = await lab.interpreter.start({ stateMachineArn, name: "run" });
      await lab.clock.run();
      const { stopDate } = await lab.interpreter.stop({ executionArn });
      expect(stopDate).toEqual(new Date(startMs + 60_000));
      expect((await lab.interpreter.describe(executionArn)).status).toBe("SUCCEEDED");
    });

    it("throws away what the function under way still answers", async () => {
      const lab = createLab(
        {
          act: async () => {
            const executionArn = "arn:aws:states:eu-west-1:111122223333:execution:workflow:run";
            await lab.interpreter.stop({ executionArn });
            return "late";
          },
        },
        options(),
      );
      const definition = machine({ Act: task("act", { Next: "More" }), More: task("act") });
      const stateMachineArn = lab.interpreter.register({ name: "workflow", definition });
      const { executionArn } = await lab.interpreter.start({ stateMachineArn, name: "run" });
      await lab.clock.run();
      expect((await outcomeOf(lab, executionArn)).status).toBe("ABORTED");
      expect(lab.invoked).toHaveLength(1);
    });
  });

  describe("RedriveExecution", () => {
    it("goes on from the failed state with the same input, not running again what succeeded", async () => {
      let isMended = false;
      const functions = {
        first: () => "first",
        second: (payload: unknown) => (isMended ? payload : failing("Broken")(payload)),
      };
      const definition = machine({
        First: task("first", { ResultPath: "$.first", Next: "Second" }),
        Second: task("second", { Retry: [{ ErrorEquals: ["Broken"], MaxAttempts: 1 }] }),
      });
      const { lab, stateMachineArn } = prepare(definition, functions);
      const { executionArn } = await lab.interpreter.start({ stateMachineArn, name: "run" });
      await lab.clock.run();
      expect(await lab.interpreter.describe(executionArn)).toMatchObject({
        status: "FAILED",
        redriveStatus: "REDRIVABLE",
      });
      isMended = true;
      lab.clock.elapse(dayMs);
      const { redriveDate } = await lab.interpreter.redrive(executionArn);
      await lab.clock.run();
      const outcome = await outcomeOf(lab, executionArn);
      expect(outcome).toMatchObject({
        status: "SUCCEEDED",
        result: { value: { first: { value: "first" } } },
        redriveCount: 1,
        redriveDate,
      });
      expect(outcome.error).toBeUndefined();
      expect(lab.invoked.map(({ name }) => name)).toEqual(["first", "second", "second", "second"]);
      expect(
        outcome.events
          .slice(-7)
          .map(({ id, type, previousEventId }) => [id, type, previousEventId]),
      ).toEqual([
        [14, "ExecutionFailed", 13],
        [15, "ExecutionRedriven", 14],
        [16, "TaskScheduled", 15],
        [17, "TaskStarted", 16],
        [18, "TaskSucceeded", 17],
        [19, "TaskStateExited", 18],
        [20, "ExecutionSucceeded", 19],
      ]);
    });

    it("waits anew after a stop, with a new time-out for the execution", async () => {
      const definition = machine(
        { Nap: { Type: "Wait", Seconds: 60, End: true } },
        { TimeoutSeconds: 100 },
      );
      const { lab, stateMachineArn } = prepare(definition);
      const { executionArn } = await lab.interpreter.start({ stateMachineArn, name: "run" });
      await lab.clock.run({ atMostMs: startMs + 50_000 });
      await lab.interpreter.stop({ executionArn });
      lab.clock.elapse(100_000);
      await lab.interpreter.redrive(executionArn);
      await lab.clock.run();
      const outcome = await outcomeOf(lab, executionArn);
      expect(outcome.status).toBe("SUCCEEDED");
      expect(outcome.stopDate).toEqual(new Date(startMs + 210_000));
    });

    it("that comes while a stop is still being saved goes on once", async () => {
      const definition = machine(
        { Nap: { Type: "Wait", Seconds: 60, Next: "Act" }, Act: task("act") },
        { TimeoutSeconds: 100 },
      );
      const { lab, stateMachineArn } = prepare(definition, { act: () => "done" });
      const { executionArn } = await lab.interpreter.start({ stateMachineArn, name: "run" });
      await lab.clock.run({ atMostMs: startMs + 50_000 });
      await Promise.all([
        lab.interpreter.stop({ executionArn }),
        lab.interpreter.redrive(executionArn),
      ]);
      await lab.clock.run();
      const outcome = await outcomeOf(lab, executionArn);
      expect(outcome).toMatchObject({ status: "SUCCEEDED", result: { value: "done" } });
      expect(lab.invoked).toEqual([{ name: "act", payload: {}, atMs: startMs + 110_000 }]);
    });

    it("is refused while it runs, after success, and after 14 days", async () => {
      const { lab, stateMachineArn } = prepare();
      const { executionArn } = await lab.interpreter.start({ stateMachineArn, name: "a" });
      const refusal = { code: "ExecutionNotRedrivable" };
      await expect(lab.interpreter.redrive(executionArn)).rejects.toMatchObject(refusal);
      await lab.clock.run();
      await expect(lab.interpreter.redrive(executionArn)).rejects.toMatchObject(refusal);
      const other = await lab.interpreter.start({ stateMachineArn, name: "b" });
      await lab.interpreter.stop({ executionArn: other.executionArn });
      lab.clock.elapse(15 * dayMs);
      await expect(lab.interpreter.redrive(other.executionArn)).rejects.toMatchObject(refusal);
    });

    it("takes one of two that ask at the same time", async () => {
      const { lab, stateMachineArn } = prepare();
      const { executionArn } = await lab.interpreter.start({ stateMachineArn, name: "run" });
      await lab.interpreter.stop({ executionArn });
      const results = await Promise.allSettled(
        [1, 2].map(() => lab.interpreter.redrive(executionArn)),
      );
      expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
      await lab.clock.run();
      expect(await lab.interpreter.describe(executionArn)).toMatchObject({ redriveCount: 1 });
    });
  });

  it("an unknown execution does not exist", async () => {
    const { lab } = prepare();
    const arn = "arn:aws:states:eu-west-1:111122223333:execution:workflow:gone";
    const refusal = { code: "ExecutionDoesNotExist" };
    await expect(lab.interpreter.describe(arn)).rejects.toMatchObject(refusal);
    await expect(lab.interpreter.history(arn)).rejects.toMatchObject(refusal);
    await expect(lab.interpreter.stop({ executionArn: arn })).rejects.toMatchObject(refusal);
    await expect(lab.interpreter.redrive(arn)).rejects.toMatchObject(refusal);
    await expect(lab.interpreter.describe("nonsense")).rejects.toMatchObject({
      code: "InvalidArn",
    });
  });
});
