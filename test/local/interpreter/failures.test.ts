import { describe, expect, it } from "@jest/globals";
import { FunctionKilled } from "../../../local/interpreter/failures.ts";
import { createLab, execute, failing, machine, startMs, task, typesOf } from "./lab.ts";

const catchAll = { Catch: [{ ErrorEquals: ["States.ALL"], Next: "Rescue" }], Next: "Rescue" };
const rescue = { Type: "Succeed" };

describe("the failure of a function, as the workflow sees it", () => {
  it("has the error's name, and Lambda's JSON as cause", async () => {
    const lab = createLab({ f: failing("StaleLease", "the lease is lost") });
    const outcome = await execute(lab, machine({ Try: task("f", catchAll), Rescue: rescue }));
    expect(outcome.result).toEqual({
      Error: "StaleLease",
      Cause: JSON.stringify({
        errorType: "StaleLease",
        errorMessage: "the lease is lost",
        trace: ["StaleLease: the lease is lost"],
      }),
    });
  });

  it("is Lambda.Unknown if the function was killed", async () => {
    const lab = createLab({
      f: () => {
        throw new FunctionKilled("RequestId: 1 Process exited before completing request");
      },
    });
    const outcome = await execute(lab, machine({ Try: task("f", catchAll), Rescue: rescue }));
    expect(outcome.result).toEqual({
      Error: "Lambda.Unknown",
      Cause:
        'The cause could not be determined because Lambda did not return an error type. Returned payload: {"errorMessage":"RequestId: 1 Process exited before completing request"}',
    });
  });

  it("is an error of the service if its name says so", async () => {
    const lab = createLab({ f: failing("Lambda.TooManyRequestsException", "Rate exceeded") });
    const outcome = await execute(lab, machine({ Try: task("f", catchAll), Rescue: rescue }));
    expect(outcome.result).toEqual({
      Error: "Lambda.TooManyRequestsException",
      Cause: "Rate exceeded",
    });
  });

  it("ends the execution if no rule answers", async () => {
    const outcome = await execute(createLab({ f: failing("Oops") }), machine({ Try: task("f") }));
    expect(outcome).toMatchObject({ status: "FAILED", error: "Oops" });
    expect(typesOf(outcome.events).slice(-2)).toEqual(["TaskFailed", "ExecutionFailed"]);
  });
});

describe("Catch", () => {
  it.each([
    ["States.ALL", "Oops", true],
    ["States.TaskFailed", "Oops", true],
    ["Oops", "Oops", true],
    ["Other", "Oops", false],
    ["States.Timeout", "Oops", false],
  ])("a rule for %s and the error %s: %s", async (name, error, isCaught) => {
    const rules = { Catch: [{ ErrorEquals: [name], Next: "Rescue" }], Next: "Rescue" };
    const lab = createLab({ f: failing(error) });
    const outcome = await execute(lab, machine({ Try: task("f", rules), Rescue: rescue }));
    expect(outcome.status).toBe(isCaught ? "SUCCEEDED" : "FAILED");
  });

  it("takes the first rule that matches, and puts the error at its ResultPath", async () => {
    const rules = {
      Catch: [
        { ErrorEquals: ["Other"], Next: "Wrong" },
        { ErrorEquals: ["Oops"], ResultPath: "$.failure", Next: "Rescue" },
        { ErrorEquals: ["States.ALL"], Next: "Wrong" },
      ],
      Next: "Wrong",
    };
    const states = { Try: task("f", rules), Rescue: rescue, Wrong: { Type: "Fail" } };
    const outcome = await execute(createLab({ f: failing("Oops") }), machine(states), { id: 1 });
    expect(outcome.result).toMatchObject({ id: 1, failure: { Error: "Oops" } });
  });

  it("never catches States.Runtime: a missing path ends the execution", async () => {
    const rules = { ResultSelector: { "x.$": "$.Payload.missing" }, ...catchAll };
    const lab = createLab({ f: () => ({}) });
    const outcome = await execute(lab, machine({ Try: task("f", rules), Rescue: rescue }));
    expect(outcome).toMatchObject({ status: "FAILED", error: "States.Runtime" });
    expect(outcome.cause).toContain(
      "The JSONPath '$.Payload.missing' specified for the field 'x.$'",
    );
  });

  it("catches States.DataLimitExceeded by its own name only", async () => {
    const rules = {
      Catch: [{ ErrorEquals: ["States.DataLimitExceeded"], ResultPath: null, Next: "Rescue" }],
      Next: "Rescue",
    };
    const lab = createLab({ f: () => "x".repeat(300_000) });
    const outcome = await execute(lab, machine({ Try: task("f", rules), Rescue: rescue }), {
      a: 1,
    });
    expect(outcome).toMatchObject({ status: "SUCCEEDED", result: { a: 1 } });
  });
});

describe("Retry", () => {
  const retrying = async (retry: object[], failures: readonly (string | undefined)[]) => {
    let attempt = 0;
    const lab = createLab({
      f: (payload) => {
        const name = failures[attempt];
        attempt += 1;
        return name === undefined ? "done" : failing(name)(payload);
      },
    });
    const outcome = await execute(lab, machine({ Try: task("f", { Retry: retry }) }));
    return { outcome, seconds: lab.invoked.map(({ atMs }) => (atMs - startMs) / 1000) };
  };

  it("waits 1, 2, 4 seconds by default, and gives up after three retries", async () => {
    const { outcome, seconds } = await retrying(
      [{ ErrorEquals: ["E"] }],
      ["E", "E", "E", "E", "E"],
    );
    expect(seconds).toEqual([0, 1, 3, 7]);
    expect(outcome).toMatchObject({ status: "FAILED", error: "E" });
  });

  it("obeys IntervalSeconds, BackoffRate, MaxDelaySeconds and MaxAttempts", async () => {
    const rule = {
      ErrorEquals: ["E"],
      IntervalSeconds: 2,
      BackoffRate: 3,
      MaxDelaySeconds: 10,
      MaxAttempts: 4,
    };
    const { outcome, seconds } = await retrying([rule], ["E", "E", "E", "E"]);
    expect(seconds).toEqual([0, 2, 8, 18, 28]);
    expect(outcome.status).toBe("SUCCEEDED");
  });

  it("counts each rule by itself, and the first rule that matches decides", async () => {
    const rules = [
      { ErrorEquals: ["A"], MaxAttempts: 1, IntervalSeconds: 1 },
      { ErrorEquals: ["B"], MaxAttempts: 1, IntervalSeconds: 5 },
      { ErrorEquals: ["States.ALL"], MaxAttempts: 9 },
    ];
    const { outcome, seconds } = await retrying(rules, ["A", "B", "A", undefined]);
    expect(seconds).toEqual([0, 1, 6]);
    expect(outcome).toMatchObject({ status: "FAILED", error: "A" });
  });

  it("never retries with MaxAttempts 0", async () => {
    const rules = [
      { ErrorEquals: ["E"], MaxAttempts: 0 },
      { ErrorEquals: ["States.ALL"], MaxAttempts: 5 },
    ];
    expect((await retrying(rules, ["E"])).seconds).toEqual([0]);
  });

  it("spreads delays by full jitter, the same in each run", async () => {
    const rule = {
      ErrorEquals: ["E"],
      IntervalSeconds: 100,
      MaxAttempts: 3,
      JitterStrategy: "FULL",
    };
    const first = await retrying([rule], ["E", "E", "E"]);
    const second = await retrying([rule], ["E", "E", "E"]);
    expect(first.seconds).toEqual(second.seconds);
    const delays = first.seconds.slice(1).map((at, index) => at - (first.seconds[index] ?? 0));
    delays.forEach((delay, index) => {
      expect(delay).toBeLessThanOrEqual(100 * 2 ** index);
    });
    expect(new Set(delays).size).toBe(3);
  });

  it("leaves Catch to answer when retries are used up, and counts anew on the next visit", async () => {
    const fields = {
      Retry: [{ ErrorEquals: ["E"], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ["E"], ResultPath: null, Next: "Again" }],
      Next: "Done",
    };
    let attempt = 0;
    const lab = createLab({
      f: (payload) => {
        attempt += 1;
        return attempt < 4 ? failing("E")(payload) : null;
      },
    });
    const states = {
      Try: task("f", fields),
      Again: { Type: "Wait", Seconds: 10, Next: "Try" },
      Done: { Type: "Succeed" },
    };
    const outcome = await execute(lab, machine(states));
    expect(outcome.status).toBe("SUCCEEDED");
    expect(lab.invoked).toHaveLength(4);
    // Try, Again, Try, Done: four entries, and two retries.
    expect(outcome.transitions).toBe(6);
  });
});
