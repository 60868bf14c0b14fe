import { describe, expect, it } from "@jest/globals";
import { createLab, execute, machine, startMs, task } from "./lab.ts";

describe("Task", () => {
  it("gives the result of lambda:invoke as AWS does", async () => {
    const lab = createLab({ f: () => ({ kind: "OK" }) });
    const outcome = await execute(lab, machine({ Only: task("f", { ResultSelector: undefined }) }));
    expect(outcome.result).toEqual({
      ExecutedVersion: "$LATEST",
      Payload: { kind: "OK" },
      SdkHttpMetadata: { HttpStatusCode: 200 },
      SdkResponseMetadata: { RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/u) },
      StatusCode: 200,
    });
  });

  it("invokes with the payload of its Parameters and puts the selected result at ResultPath", async () => {
    const lab = createLab({ f: () => ({ kind: "OK", summary: "well" }) });
    const state = task("f", {
      Parameters: { FunctionName: "f", Payload: { "evaluationId.$": "$.id", fixed: true } },
      ResultSelector: { "kind.$": "$.Payload.kind" },
      ResultPath: "$.last",
    });
    const outcome = await execute(lab, machine({ Only: state }), { id: "ev-1" });
    expect(lab.invoked).toEqual([
      { name: "f", payload: { evaluationId: "ev-1", fixed: true }, atMs: startMs },
    ]);
    expect(outcome.result).toEqual({ id: "ev-1", last: { kind: "OK" } });
  });

  it("does not let a function change the workflow's state through its payload", async () => {
    const lab = createLab({
      f: (payload) => {
        (payload as { list: number[] }).list.push(9);
        return null;
      },
    });
    const outcome = await execute(lab, machine({ Only: task("f", { ResultPath: null }) }), {
      list: [1],
    });
    expect(outcome.result).toEqual({ list: [1] });
  });

  it("takes null for the answer of a function that returns nothing", async () => {
    const outcome = await execute(createLab({ f: () => undefined }), machine({ Only: task("f") }));
    expect(outcome.result).toEqual({ value: null });
  });
});

describe("Wait", () => {
  it.each([
    ["Seconds", { Seconds: 30 }, 30_000],
    ["SecondsPath", { SecondsPath: "$.seconds" }, 90_000],
    ["90 days", { Seconds: 90 * 86_400 }, 90 * 86_400_000],
  ])("waits by %s", async (_rule, fields, expectedMs) => {
    const lab = createLab();
    const input = { seconds: 90 };
    const outcome = await execute(
      lab,
      machine({ Only: { Type: "Wait", ...fields, End: true } }),
      input,
    );
    expect(outcome).toMatchObject({ status: "SUCCEEDED", result: input });
    expect(lab.clock.now() - startMs).toBe(expectedMs);
  });

  it.each([
    ["a text", { seconds: "30" }],
    ["a negative number", { seconds: -1 }],
    ["nothing", {}],
  ])("fails if SecondsPath gives %s", async (_rule, input) => {
    const state = { Type: "Wait", SecondsPath: "$.seconds", End: true };
    const outcome = await execute(createLab(), machine({ Only: state }), input);
    expect(outcome).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  });
});

describe("Choice", () => {
  const definition = machine({
    Choose: {
      Type: "Choice",
      Choices: [
        { Variable: "$.kind", StringEquals: "SWITCH", Next: "Switched" },
        { Variable: "$.kind", StringEquals: "STAY", Next: "Other" },
        { Variable: "$.kind", StringEquals: "SWITCH", Next: "Wrong" },
      ],
    },
    Switched: { Type: "Succeed" },
    Wrong: { Type: "Fail" },
    Other: { Type: "Succeed" },
  });

  it.each([
    [{ kind: "SWITCH" }, "Switched"],
    [{ kind: "STAY" }, "Other"],
  ])("takes the first rule that matches: %j", async (input, expected) => {
    const { events, result } = await execute(createLab(), definition, input);
    expect(events.at(-2)?.stateExitedEventDetails?.name).toBe(expected);
    expect(result).toEqual(input);
  });

  it("ends the execution if a rule reads what is not there", async () => {
    const outcome = await execute(createLab(), definition, {});
    expect(outcome).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause: expect.stringContaining("Invalid path '$.kind'"),
    });
  });

  it("ends the execution with States.Runtime if nothing matches", async () => {
    const choose = {
      Type: "Choice",
      Choices: [{ Variable: "$.kind", StringEquals: "READY", Next: "Done" }],
    };
    const states = machine({ Choose: choose, Done: { Type: "Succeed" } });
    const outcome = await execute(createLab(), states, { kind: "NEW" });
    expect(outcome).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause:
        "An error occurred while executing the state 'Choose' (entered at the event id #2). Failed to find a match for the choice",
    });
  });
});

describe("Succeed and Fail", () => {
  it("Succeed ends with its input", async () => {
    const outcome = await execute(createLab(), machine({ Done: { Type: "Succeed" } }), { a: 3 });
    expect(outcome).toMatchObject({ status: "SUCCEEDED", result: { a: 3 } });
  });

  it("Fail ends with its Error and Cause", async () => {
    const state = { Type: "Fail", Error: "BrokenNeedsOperator", Cause: "Look at it." };
    const outcome = await execute(createLab(), machine({ Failed: state }));
    expect(outcome).toMatchObject({
      status: "FAILED",
      error: "BrokenNeedsOperator",
      cause: "Look at it.",
    });
  });

  it("Fail reads Error and Cause from its input", async () => {
    const state = {
      Type: "Fail",
      ErrorPath: "$.failure.Error",
      CausePath: "$.failure.Cause",
    };
    const input = { id: "ev-1", failure: { Error: "StaleLease", Cause: "lost" } };
    const outcome = await execute(createLab(), machine({ Failed: state }), input);
    expect(outcome).toMatchObject({ error: "StaleLease", cause: "lost" });
  });
});

describe("limits", () => {
  it("fails with States.DataLimitExceeded if a function answers more than 256 KiB", async () => {
    const lab = createLab({ f: () => "x".repeat(256 * 1024) });
    const rules = {
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "Rescue" }],
      Next: "Rescue",
    };
    const states = machine({ Big: task("f", rules), Rescue: { Type: "Succeed" } });
    const outcome = await execute(lab, states);
    expect(outcome).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
  });

  it("counts bytes, not characters", async () => {
    const lab = createLab({ f: () => "ü".repeat(140 * 1024) });
    const outcome = await execute(lab, machine({ Big: task("f") }));
    expect(outcome).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
  });

  it("fails if a state's output grows beyond 256 KiB", async () => {
    const lab = createLab({ f: () => "y".repeat(100_000) });
    const state = task("f", { ResultPath: "$.more" });
    const outcome = await execute(lab, machine({ Grow: state }), { text: "x".repeat(200_000) });
    expect(outcome).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
  });

  it("ends an execution that reaches 25,000 events with just that as the last event", async () => {
    const states = machine({
      Again: {
        Type: "Choice",
        Choices: [
          { Variable: "$.kind", StringEquals: "WAITING", Next: "Again" },
          { Variable: "$.kind", StringEquals: "READY", Next: "Done" },
        ],
      },
      Done: { Type: "Succeed" },
    });
    const outcome = await execute(createLab(), states, { kind: "WAITING" });
    expect(outcome.events).toHaveLength(25_000);
    expect(outcome.events.at(-1)).toMatchObject({
      id: 25_000,
      type: "ExecutionFailed",
      previousEventId: 24_999,
      executionFailedEventDetails: {
        error: "States.Runtime",
        cause: "The execution reached the maximum number of history events (25000).",
      },
    });
    expect(outcome).toMatchObject({ status: "FAILED", redriveStatus: "NOT_REDRIVABLE" });
  });

  it("ends the execution by its own TimeoutSeconds", async () => {
    const lab = createLab();
    const states = machine(
      { Long: { Type: "Wait", Seconds: 600, End: true } },
      { TimeoutSeconds: 60 },
    );
    const outcome = await execute(lab, states);
    expect(outcome.status).toBe("TIMED_OUT");
    expect(outcome.events.at(-1)?.type).toBe("ExecutionTimedOut");
    expect(lab.clock.now() - startMs).toBe(60_000);
  });
});
