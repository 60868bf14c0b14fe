import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Wait } from "../../../core/model/evaluation.ts";
import { pollsUntil, waitFor, type Awaited } from "../../../lambdas/evaluation/waiting.ts";
import { after, at, evaluation } from "../../adapters/store/examples.ts";
import { stepUnderTest } from "./step-under-test.ts";

const image: Awaited = {
  phase: "image-warm",
  minutes: 10,
  pollSeconds: 30,
  sentence: "The warm image ami-1 is pending.",
  resource: "ami-1",
};

const imageWait: Wait = { beganAt: at(0), deadline: at(600), pollSeconds: 30 };
const waits = { "image-warm": imageWait };

describe("a step that waits", () => {
  it("says what for, and sets its deadline with the first WAITING", async () => {
    const under = await stepUnderTest();
    const { output, change } = waitFor(await under.session(), image);
    expect(output).toEqual({ kind: "WAITING", summary: image.sentence });
    expect(change(evaluation(1)).waits).toEqual(waits);
  });

  it("keeps the deadline that was set, and those of other phases", async () => {
    const both = { ...waits, healthy: { beganAt: at(-20), deadline: at(50), pollSeconds: 15 } };
    const under = await stepUnderTest({ evaluation: { waits: both } });
    under.pass(599);
    const { change } = waitFor(await under.session(), image);
    expect(change(await under.record()).waits).toEqual(both);
  });

  it("has a deadline of its own in each round", async () => {
    const first = { ...imageWait, round: 1 };
    const under = await stepUnderTest({ evaluation: { waits: { "image-warm#1": first } } });
    under.pass(700);
    const { change } = waitFor(await under.session(), { ...image, round: 2 });
    expect(change(await under.record()).waits).toEqual({
      "image-warm#1": first,
      "image-warm#2": { round: 2, beganAt: at(700), deadline: at(1300), pollSeconds: 30 },
    });
  });

  it("changes nothing of the record at a later poll", async () => {
    const under = await stepUnderTest({ evaluation: { waits } });
    under.pass(300);
    const record = await under.record();
    expect(waitFor(await under.session(), image).change(record)).toBe(record);
  });

  it.each([
    { when: "at its deadline", seconds: 600, gives: "WAITING" },
    { when: "after its deadline", seconds: 601, gives: "BrokenDeadline" },
  ])("$when: $gives", async ({ seconds, gives }) => {
    const under = await stepUnderTest({ evaluation: { waits } });
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
    const under = await stepUnderTest({ evaluation: { waits } });
    under.pass(900);
    const session = await under.session();
    expect(() => waitFor(session, { ...image, nextStep: "Raise the deadline." })).toThrow(
      `Waited until ${at(600)} without success: ${image.sentence} Next: Raise the deadline.`,
    );
  });

  it("ends before the execution's history is full, whatever the deadlines are", async () => {
    // 2,000 polls of 5 s in another phase, which the wait for the image ended.
    const long = 10_000;
    const both = {
      move: { beganAt: at(-long), deadline: at(9 * long), pollSeconds: 5 },
      "image-warm": { beganAt: at(0), deadline: at(9 * long), pollSeconds: 30 },
    };
    const under = await stepUnderTest({ evaluation: { waits: both } });
    under.pass(200 * 30);
    expect(waitFor(await under.session(), image).output.kind).toBe("WAITING");
    under.pass(1);
    const session = await under.session();
    expect(() => waitFor(session, image)).toThrow(/2200 times/);
  });
});

describe("polls", () => {
  it("are never counted fewer than were made, one after each interval", () => {
    const phases = fc.array(
      fc.record({
        seconds: fc.integer({ min: 1, max: 500 }),
        pollSeconds: fc.constantFrom(5, 10, 15, 30),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(phases, (lasting) => {
        let begin = 0;
        let made = 0;
        const all = lasting.map(({ seconds, pollSeconds }, index) => {
          const wait: Wait = { beganAt: at(begin), deadline: at(begin + 10_000), pollSeconds };
          begin += seconds;
          made += Math.floor(seconds / pollSeconds);
          return [`phase-${String(index)}`, wait] as const;
        });
        expect(pollsUntil(Object.fromEntries(all), after(begin))).toBeGreaterThanOrEqual(made);
      }),
    );
  });
});
