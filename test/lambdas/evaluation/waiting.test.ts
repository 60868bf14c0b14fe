import { describe, expect, it } from "@jest/globals";
import { waitFor, type Awaited } from "../../../lambdas/evaluation/waiting.ts";
import { at, evaluation } from "../../adapters/store/examples.ts";
import { stepUnderTest } from "./step-under-test.ts";

const image: Awaited = {
  phase: "image-warm",
  minutes: 10,
  sentence: "The warm image ami-1 is pending.",
  resource: "ami-1",
};

describe("a step that waits", () => {
  it("says what for, and sets its deadline with the first WAITING", async () => {
    const under = await stepUnderTest();
    const { output, change } = waitFor(await under.session(), image);
    expect(output).toEqual({ kind: "WAITING", summary: image.sentence });
    expect(change?.(evaluation(1)).progress.deadlines).toEqual({ "image-warm": at(600) });
  });

  it("keeps the deadline that was set, and those of other phases", async () => {
    const deadlines = { "image-warm": at(600), healthy: at(50) };
    const under = await stepUnderTest({ evaluation: { progress: { deadlines } } });
    under.pass(599);
    const { change } = waitFor(await under.session(), image);
    expect(change?.(await under.record()).progress.deadlines).toEqual(deadlines);
  });

  it.each([
    { when: "at its deadline", seconds: 600, gives: "WAITING" },
    { when: "after its deadline", seconds: 601, gives: "BrokenDeadline" },
  ])("$when: $gives", async ({ seconds, gives }) => {
    const deadlines = { "image-warm": at(600) };
    const under = await stepUnderTest({ evaluation: { progress: { deadlines } } });
    under.pass(seconds);
    const session = await under.session();
    const waiting = (): string => {
      try {
        return waitFor(session, image).output.kind;
      } catch (error) {
        return error instanceof Error ? error.name : "";
      }
    };
    expect(waiting()).toBe(gives);
  });

  it("names the deadline, what was waited for, and what the operator can do", async () => {
    const deadlines = { "image-warm": at(600) };
    const under = await stepUnderTest({ evaluation: { progress: { deadlines } } });
    under.pass(900);
    const session = await under.session();
    expect(() => waitFor(session, { ...image, nextStep: "Raise the deadline." })).toThrow(
      `Waited until ${at(600)}, in vain: ${image.sentence} Next: Raise the deadline.`,
    );
  });

  it("ends before the execution's history is full, whatever the deadlines are", async () => {
    const under = await stepUnderTest({ evaluation: { progress: { polls: 2199 } } });
    const last = waitFor(await under.session(), image);
    expect(last.change?.(await under.record()).progress.polls).toBe(2200);
    const full = await stepUnderTest({ evaluation: { progress: { polls: 2200 } } });
    const session = await full.session();
    expect(() => waitFor(session, image)).toThrow(/2200 times/);
  });
});
