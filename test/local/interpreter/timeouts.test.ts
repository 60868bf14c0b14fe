import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { LiveClock } from "../../../local/platform/live-clock.ts";
import { createInterpreter } from "../../../local/interpreter/interpreter.ts";
import {
  accountId,
  callback,
  createLab,
  execute,
  machine,
  outcomeOf,
  region,
  startMs,
  task,
  typesOf,
} from "./lab.ts";

const tokenOf = (payload: unknown): string => (payload as { token: string }).token;

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
    const clock = new LiveClock({ beganMs: Date.now(), speed: 1, onError });
    await clock.goLive();
    const interpreter = createInterpreter({
      clock,
      region,
      accountId,
      invoke: async () => {
        calls += 1;
        if (calls > 1) return "second";
        await sleep(1300);
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
    const until = Date.now() + 8000;
    while ((await interpreter.describe(executionArn)).status === "RUNNING" && Date.now() < until) {
      await sleep(20);
    }
    const { status, output } = await interpreter.describe(executionArn);
    expect({ status, output }).toEqual({ status: "SUCCEEDED", output: '{"value":"second"}' });
    expect(lateAnswerGiven).toBe(true);
    expect(problems).toEqual([]);
  }, 15_000);
});

describe("waitForTaskToken", () => {
  it("waits for SendTaskSuccess, and gives its output to the workflow", async () => {
    const tokens: string[] = [];
    const lab = createLab({ ask: (payload) => void tokens.push(tokenOf(payload)) });
    const outcome = execute(lab, machine({ Approve: callback("ask") }));
    lab.clock.schedule(startMs + 60_000, () =>
      lab.interpreter.sendTaskSuccess(tokens[0] ?? "", '{"approved":true}'),
    );
    expect((await outcome).result).toEqual({ answer: { approved: true } });
    expect(typesOf((await outcome).events)).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "TaskScheduled",
      "TaskStarted",
      "TaskSubmitted",
      "TaskSucceeded",
      "TaskStateExited",
      "ExecutionSucceeded",
    ]);
  });

  it("takes an answer that the function itself sends before it returns", async () => {
    const lab = createLab({
      ask: async (payload) => {
        await lab.interpreter.sendTaskSuccess(tokenOf(payload), "1");
        return "ignored";
      },
    });
    expect((await execute(lab, machine({ Approve: callback("ask") }))).result).toEqual({
      answer: 1,
    });
  });

  it("gives the error of SendTaskFailure to Catch", async () => {
    const lab = createLab({
      ask: async (payload) => {
        const failure = { error: "Refused", cause: "not today" };
        await lab.interpreter.sendTaskFailure(tokenOf(payload), failure);
      },
    });
    const rules = { Catch: [{ ErrorEquals: ["Refused"], Next: "Done" }], Next: "Done" };
    const outcome = await execute(
      lab,
      machine({ Approve: callback("ask", rules), Done: { Type: "Succeed" } }),
    );
    expect(outcome.result).toEqual({ Error: "Refused", Cause: "not today" });
  });

  it("gives another token to each attempt, and the old one is void", async () => {
    const tokens: string[] = [];
    const lab = createLab({ ask: (payload) => void tokens.push(tokenOf(payload)) });
    const rules = {
      TimeoutSeconds: 10,
      Retry: [{ ErrorEquals: ["States.Timeout"], MaxAttempts: 1 }],
    };
    const outcome = execute(lab, machine({ Approve: callback("ask", rules) }));
    lab.clock.schedule(startMs + 15_000, async () => {
      await expect(lab.interpreter.sendTaskSuccess(tokens[0] ?? "", "1")).rejects.toMatchObject({
        code: "TaskTimedOut",
      });
      await lab.interpreter.sendTaskSuccess(tokens[1] ?? "", "2");
    });
    expect((await outcome).result).toEqual({ answer: 2 });
    expect(new Set(tokens).size).toBe(2);
  });

  it("refuses a second answer, an answer after the end, an unknown token and an output that is no JSON", async () => {
    let token = "";
    const lab = createLab({ ask: (payload) => void (token = tokenOf(payload)) });
    const { interpreter } = lab;
    const outcome = execute(lab, machine({ Approve: callback("ask") }));
    lab.clock.schedule(startMs + 1000, async () => {
      await expect(interpreter.sendTaskSuccess(token, "{")).rejects.toMatchObject({
        code: "InvalidOutput",
      });
      await interpreter.sendTaskSuccess(token, "1");
      await expect(
        interpreter.sendTaskFailure(token, { error: "E", cause: "" }),
      ).rejects.toMatchObject({ code: "TaskTimedOut" });
    });
    expect((await outcome).status).toBe("SUCCEEDED");
    await expect(interpreter.sendTaskSuccess(token, "1")).rejects.toMatchObject({
      code: "TaskTimedOut",
    });
    await expect(interpreter.sendTaskHeartbeat("nonsense")).rejects.toMatchObject({
      code: "InvalidToken",
    });
    const stranger = Buffer.from(JSON.stringify(["arn:x", 0, 3, "n"])).toString("base64url");
    await expect(interpreter.sendTaskHeartbeat(stranger)).rejects.toMatchObject({
      code: "TaskDoesNotExist",
    });
  });
});

describe("HeartbeatSeconds", () => {
  const rules = (name: string): object => ({
    HeartbeatSeconds: 10,
    Catch: [{ ErrorEquals: [name], Next: "Rescue" }],
    Next: "Rescue",
  });
  const definition = (name: string): object =>
    machine({ Work: callback("work", rules(name)), Rescue: { Type: "Succeed" } });

  it.each(["States.HeartbeatTimeout", "States.Timeout"])(
    "without a heartbeat, the task fails with what %s matches",
    async (name) => {
      const lab = createLab({ work: () => null });
      const outcome = await execute(lab, definition(name));
      expect(outcome.result).toMatchObject({ Error: "States.Timeout" });
      expect(lab.clock.now() - startMs).toBe(10_000);
    },
  );

  it("each heartbeat gives as much time again", async () => {
    let token = "";
    const lab = createLab({ work: (payload) => void (token = tokenOf(payload)) });
    for (const second of [8, 16, 24]) {
      lab.clock.schedule(startMs + second * 1000, () => lab.interpreter.sendTaskHeartbeat(token));
    }
    const outcome = await execute(lab, definition("States.HeartbeatTimeout"));
    expect(outcome.result).toMatchObject({ Error: "States.Timeout" });
    expect(lab.clock.now() - startMs).toBe(34_000);
    expect(lab.invoked).toHaveLength(1);
  });

  it("a heartbeat during the invocation does not invoke again", async () => {
    const lab = createLab({
      work: async (payload) => {
        await lab.interpreter.sendTaskHeartbeat(tokenOf(payload));
        return null;
      },
    });
    await execute(lab, definition("States.HeartbeatTimeout"));
    expect(lab.invoked).toHaveLength(1);
  });

  it("a plain time-out is not matched by States.HeartbeatTimeout", async () => {
    const lab = createLab({
      slow: () => {
        lab.clock.elapse(61_000);
      },
    });
    const fields = {
      Catch: [{ ErrorEquals: ["States.HeartbeatTimeout"], Next: "Rescue" }],
      Next: "Rescue",
    };
    const states = machine({ Try: task("slow", fields), Rescue: { Type: "Succeed" } });
    const stateMachineArn = lab.interpreter.register({ name: "m", definition: states });
    const { executionArn } = await lab.interpreter.start({ stateMachineArn, name: "r" });
    await lab.clock.run();
    expect((await outcomeOf(lab, executionArn)).error).toBe("States.Timeout");
  });
});
