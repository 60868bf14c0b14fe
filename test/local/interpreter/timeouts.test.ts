import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { LiveClock } from "../../../local/platform/live-clock.ts";
import { createInterpreter } from "../../../local/interpreter/interpreter.ts";
import { accountId, createLab, execute, machine, region, task, typesOf } from "./lab.ts";

describe("TimeoutSeconds", () => {
  const rules = {
    TimeoutSeconds: 5,
    Catch: [{ ErrorEquals: ["States.Timeout"], Next: "Rescue" }],
    Next: "Wrong",
  };
  const states = (fields: object): object =>
    machine({
      Try: task("slow", { ...rules, ...fields }),
      Rescue: { Type: "Succeed" },
      Wrong: { Type: "Fail" },
    });

  it("throws away the answer of a function that took longer", async () => {
    const lab = createLab({
      slow: () => {
        lab.clock.elapse(5001);
        return "late";
      },
    });
    const outcome = await execute(lab, states({}));
    expect(outcome.result).toMatchObject({ Error: "States.Timeout" });
    expect(typesOf(outcome.events)).toContain("TaskTimedOut");
  });

  it("throws away a late error too", async () => {
    const lab = createLab({
      slow: () => {
        lab.clock.elapse(5001);
        throw new Error("late");
      },
    });
    expect((await execute(lab, states({}))).result).toMatchObject({ Error: "States.Timeout" });
  });

  it("takes an answer that came just in time", async () => {
    const lab = createLab({
      slow: () => {
        lab.clock.elapse(5000);
        return "in time";
      },
    });
    const outcome = await execute(lab, machine({ Try: task("slow", { TimeoutSeconds: 5 }) }));
    expect(outcome.result).toEqual({ value: "in time" });
  });

  it("is not matched by States.TaskFailed", async () => {
    const lab = createLab({
      slow: () => {
        lab.clock.elapse(9000);
      },
    });
    const fields = { Catch: [{ ErrorEquals: ["States.TaskFailed"], Next: "Rescue" }] };
    expect(await execute(lab, states({ ...fields, Next: "Wrong" }))).toMatchObject({
      status: "FAILED",
      error: "States.Timeout",
    });
  });

  it("fires on the real clock while the function still runs, whose late answer is ignored", async () => {
    const problems: unknown[] = [];
    let calls = 0;
    let lateAnswerGiven = false;
    const onError = (error: unknown): void => void problems.push(error);
    const clock = new LiveClock({ beganMs: Date.now(), speed: 10, onError });
    await clock.goLive();
    const interpreter = createInterpreter({
      clock,
      region,
      accountId,
      invoke: async () => {
        calls += 1;
        if (calls > 1) return "second";
        await clock.wait(1300);
        lateAnswerGiven = true;
        return "first";
      },
    });
    const retry = [{ ErrorEquals: ["States.Timeout"], IntervalSeconds: 1, MaxAttempts: 1 }];
    const definition = machine({
      Try: task("slow", { TimeoutSeconds: 1, Retry: retry, Next: "Rest" }),
      Rest: { Type: "Wait", Seconds: 1, End: true },
    });
    const stateMachineArn = interpreter.register({ name: "workflow", definition });
    const { executionArn } = await interpreter.start({ stateMachineArn, name: "run" });
    const until = Date.now() + 50_000;
    while ((await interpreter.describe(executionArn)).status === "RUNNING" && Date.now() < until) {
      await sleep(20);
    }
    const { status, output } = await interpreter.describe(executionArn);
    clock.stop();
    expect({ status, output }).toEqual({ status: "SUCCEEDED", output: '{"value":"second"}' });
    expect(lateAnswerGiven).toBe(true);
    expect(problems).toEqual([]);
  });
});
