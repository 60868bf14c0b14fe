import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { Account } from "../../../core/model/account.ts";
import type { Swap } from "../../../core/model/swap.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
} from "../../../lambdas/evaluation/evaluation-step.ts";
import { runStep } from "../../../lambdas/runtime/step.ts";
import { at, swap } from "../../adapters/store/examples.ts";
import { answers, evaluationId, run, stepThat, stepUnderTest } from "./step-under-test.ts";
import { withProgress } from "../../../lambdas/linear/session.ts";

describe("a step of an evaluation", () => {
  it("gives its output to the workflow, and notes itself with its times and its sentence", async () => {
    const under = await stepUnderTest();
    const step = stepThat(() => {
      under.pass(3);
      return Promise.resolve({ output: { kind: "SCRAPED", summary: "60 prices." } });
    });
    expect(await run(under, step)).toEqual({ kind: "SCRAPED", summary: "60 prices." });
    expect((await under.record()).phases).toEqual([
      { name: "scrape", startedAt: at(0), endedAt: at(3), summary: "60 prices." },
    ]);
  });

  it.each([
    ["RetryableCredentials", 1],
    ["RetryableClusterAuth", 1],
    ["RetryableUnavailable", 0],
  ] as const)(
    "that ends with %s forgets the session %i times, and throws on",
    async (name, times) => {
      const under = await stepUnderTest();
      const forgotten: string[] = [];
      const context = {
        ...under.context,
        forgetSessions: ({ accountId }: Account) => forgotten.push(accountId),
      };
      const step = stepThat(() => Promise.reject(new SpotOptimizerError(name, "no")));
      await expect(run({ ...under, context }, step)).rejects.toMatchObject({ name });
      expect(forgotten).toHaveLength(times);
    },
  );

  it("stays open in the record while it waits, from its first begin to its end", async () => {
    const under = await stepUnderTest();
    await run(under, answers("WAITING", "pending"));
    under.pass(180);
    await run(under, answers("WAITING", "still pending"));
    expect((await under.record()).phases).toEqual([
      { name: "scrape", startedAt: at(0), summary: "still pending" },
    ]);
    under.pass(30);
    await run(under, answers("READY"));
    expect((await under.record()).phases).toEqual([
      { name: "scrape", startedAt: at(0), endedAt: at(210), summary: "It is so." },
    ]);
  });

  it("notes itself under the name of its state, where one function serves several", async () => {
    const under = await stepUnderTest();
    const once = () => Promise.resolve({ output: { kind: "READY", summary: "" } });
    await run(under, stepThat(once, { phase: () => "warm-image" }));
    await run(under, stepThat(once, { phase: () => "final-image" }));
    await run(under, stepThat(once, { phase: () => "warm-image" }));
    const { phases } = await under.record();
    expect(phases.map(({ name }) => name)).toEqual(["final-image", "warm-image"]);
  });

  it("writes nothing while it waits and sees nothing new", async () => {
    const under = await stepUnderTest();
    await run(under, answers("WAITING", "pending"));
    const before = await under.record();
    under.events.length = 0;
    under.pass(30);
    await run(under, answers("WAITING", "pending"));
    expect(await under.record()).toEqual(before);
    expect(under.events).not.toContain("write RECORD");
  });

  it("writes nothing in the first minutes of a wait for other words alone", async () => {
    const under = await stepUnderTest();
    await run(under, answers("WAITING", "is running"));
    const before = await under.record();
    under.pass(179);
    await run(under, answers("WAITING", "is stopping"));
    expect(await under.record()).toEqual(before);
  });

  it("keeps the phases of two rounds apart", async () => {
    const under = await stepUnderTest();
    for (const round of [1, 2]) {
      const step = stepThat(() =>
        Promise.resolve({
          output: { kind: "READY", summary: `Batch ${String(round)}.` },
          round,
        }),
      );
      await run(under, step);
    }
    expect((await under.record()).phases).toMatchObject([
      { name: "scrape", round: 1, summary: "Batch 1." },
      { name: "scrape", round: 2, summary: "Batch 2." },
    ]);
  });

  it("writes its swaps before the record, each from what is stored", async () => {
    const under = await stepUnderTest({ swap: swap({ stage: "LAUNCHED" }) });
    const step = stepThat((session) =>
      Promise.resolve({
        output: { kind: "READY", summary: session.swaps.map(({ stage }) => stage).join() },
        swaps: [
          {
            swapId: "swap-1",
            change: (stored?: Swap) => ({ ...swap(), ...stored, stage: "HEALTHY" as const }),
          },
          { swapId: "swap-2", change: () => swap({ swapId: "swap-2", stage: "PLANNED" }) },
        ],
      }),
    );
    expect(await run(under, step)).toMatchObject({ summary: "LAUNCHED" });
    expect((await under.swaps()).map(({ swapId, stage }) => [swapId, stage])).toEqual([
      ["swap-1", "HEALTHY"],
      ["swap-2", "PLANNED"],
    ]);
    const [first] = under.events.filter(
      (event) => event === "write SWAP" || event === "write RECORD",
    );
    expect(first).toBe("write SWAP");
  });

  it("of one mode refuses the evaluation of another", async () => {
    const under = await stepUnderTest();
    const step = defineEvaluationStep({
      name: "attach",
      mode: "CLUSTER",
      input: evaluationInputSchema,
      output: z.object({ kind: z.string(), summary: z.string() }),
      run: () => Promise.resolve({ output: { kind: "ATTACHED", summary: "" } }),
    });
    await expect(runStep(step, under.context, { evaluationId })).rejects.toMatchObject({
      name: "BrokenInput",
      message: expect.stringContaining("LINEAR"),
    });
  });

  it("writes what it adds and its phase in one write of the record", async () => {
    const under = await stepUnderTest();
    const step = stepThat(() =>
      Promise.resolve({
        output: { kind: "READY", summary: "" },
        change: withProgress({ warmImageId: "ami-1" }),
      }),
    );
    const { version } = await under.record();
    await run(under, step);
    const record = await under.record();
    expect(record.progress).toEqual({ warmImageId: "ami-1" });
    expect(record.version).toBe(version + 1);
    expect(under.events.filter((event) => event === "write RECORD")).toHaveLength(1);
  });

  it("adds to the progress that it finds, and takes nothing away", async () => {
    const under = await stepUnderTest({ evaluation: { progress: { warmImageId: "ami-1" } } });
    const step = stepThat(() =>
      Promise.resolve({
        output: { kind: "READY", summary: "" },
        change: withProgress({ finalImageId: "ami-2" }),
      }),
    );
    await run(under, step);
    expect((await under.record()).progress).toEqual({
      warmImageId: "ami-1",
      finalImageId: "ami-2",
    });
  });

  it("writes nothing to the record when it throws", async () => {
    const under = await stepUnderTest();
    const before = await under.record();
    const step = stepThat(() => Promise.reject(new Error("It failed.")));
    await expect(run(under, step)).rejects.toThrow("It failed.");
    expect(await under.record()).toEqual(before);
  });

  it("that comes when its evaluation has ended does nothing: it is refused, or answers what it says of that", async () => {
    const ended = { status: "SWITCHED", endedAt: at(0) } as const;
    const under = await stepUnderTest({ evaluation: ended });
    let runs = 0;
    const doesSomething = (): Promise<{ readonly output: { kind: string; summary: string } }> => {
      runs += 1;
      return Promise.resolve({ output: { kind: "READY", summary: "" } });
    };
    await expect(run(under, stepThat(doesSomething))).rejects.toMatchObject({
      name: "StaleLease",
      message: expect.stringContaining(`has ended at ${at(0)} (SWITCHED)`),
    });
    const answering = stepThat(doesSomething, {
      whenEnded: (_session, { status }) => Promise.resolve({ kind: "ENDED", summary: status }),
    });
    expect(await run(under, answering)).toEqual({ kind: "ENDED", summary: "SWITCHED" });
    expect(runs).toBe(0);
    expect(under.events).toEqual([]);
  });

  it("knows the instant at which it began, however long it runs", async () => {
    const under = await stepUnderTest();
    under.pass(10);
    const step = stepThat((session) => {
      under.pass(20);
      return Promise.resolve({ output: { kind: "READY", summary: session.now.toISOString() } });
    });
    expect(await run(under, step)).toMatchObject({ summary: at(10) });
  });
});

describe("the input of a step", () => {
  it.each([
    { input: undefined, says: "input: " },
    { input: {}, says: "evaluationId: " },
    { input: { evaluationId: "evl-1" }, says: "evaluationId: must be an evaluation id" },
    { input: { evaluationId: 7 }, says: "evaluationId: " },
  ])("$input is refused with the field's name", async ({ input, says }) => {
    const under = await stepUnderTest();
    await expect(runStep(answers("READY"), under.context, input)).rejects.toMatchObject({
      name: "BrokenInput",
      message: expect.stringContaining(says),
    });
    expect(under.events).toEqual([]);
  });
});

describe("the output of a step", () => {
  it("is refused when it is not of the step's own shape, so that no workflow routes on it", async () => {
    const under = await stepUnderTest();
    const step = stepThat(() => Promise.resolve({ output: { kind: "ODD", summary: "" } }), {
      output: z.object({ kind: z.enum(["READY"]), summary: z.string() }),
    });
    await expect(run(under, step)).rejects.toThrow("kind");
  });

  it("and its failure are logged by name, and the failure is thrown on", async () => {
    const under = await stepUnderTest();
    await run(under, answers("READY"));
    const failing = stepThat(() => Promise.reject(new TypeError("It failed.")));
    await expect(run(under, failing)).rejects.toThrow(TypeError);
    expect(under.logged).toEqual([
      { message: "scrape done", keys: { step: "scrape" } },
      { message: "scrape failed: It failed.", keys: { step: "scrape", error: "TypeError" } },
    ]);
  });
});
