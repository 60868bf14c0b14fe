import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Pace, Wait } from "../../../core/model/evaluation.ts";
import { pollsUntil, waitFor, type Awaited } from "../../../lambdas/evaluation/waiting.ts";
import { secondsToNextLook } from "../../../core/decide/switch/pace.ts";
import { after, at, evaluation } from "../../adapters/store/examples.ts";
import { stepUnderTest } from "./step-under-test.ts";

/** The same interval from the beginning, until it grows. */
const steady = (seconds: number): Pace => ({
  firstSeconds: seconds,
  everySeconds: seconds,
  mostSeconds: seconds,
});

const image: Awaited = {
  phase: "image-warm",
  minutes: 10,
  pace: steady(30),
  sentence: "The warm image ami-1 is pending.",
  resource: "ami-1",
};

const imageWait: Wait = { beganAt: at(0), deadline: at(600), pace: steady(30) };
const waits = { "image-warm": imageWait };

describe("a step that waits", () => {
  it("says what for, and sets its deadline with the first WAITING", async () => {
    const under = await stepUnderTest();
    const { output, change } = waitFor(await under.session(), image);
    expect(output).toEqual({ kind: "WAITING", summary: image.sentence, waitSeconds: 30 });
    expect(change(evaluation(1)).waits).toEqual(waits);
  });

  it("keeps the deadline that was set, and those of other phases", async () => {
    const both = { ...waits, healthy: { beganAt: at(-20), deadline: at(50), pace: steady(15) } };
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
      "image-warm#2": { round: 2, beganAt: at(700), deadline: at(1300), pace: steady(30) },
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
      move: { beganAt: at(-long), deadline: at(9 * long), pace: steady(5) },
      "image-warm": { beganAt: at(0), deadline: at(9 * long), pace: steady(30) },
    };
    const under = await stepUnderTest({ evaluation: { waits: both } });
    under.pass(200 * 30);
    expect(waitFor(await under.session(), image).output.kind).toBe("WAITING");
    under.pass(1);
    const session = await under.session();
    expect(() => waitFor(session, image)).toThrow(/2200 times/);
  });
});

describe("a wait for what comes in parts", () => {
  const parts = (reached: number): Awaited => ({
    ...image,
    progress: { reached, mostMinutes: 40 },
  });
  /** Looks at the given seconds, with so much reached, and what its wait is in the record after each. */
  const looks = async (...seen: readonly (readonly [seconds: number, reached: number])[]) => {
    const under = await stepUnderTest();
    let record = await under.record();
    const waits: (Wait | undefined)[] = [];
    let passed = 0;
    for (const [seconds, reached] of seen) {
      under.pass(seconds - passed);
      passed = seconds;
      const session = { ...(await under.session()), evaluation: record };
      record = waitFor(session, parts(reached)).change(record);
      waits.push(record.waits["image-warm"]);
    }
    return waits;
  };

  it("has its whole time anew with each progress", async () => {
    expect(await looks([0, 0], [500, 1], [1000, 3])).toMatchObject([
      { beganAt: at(0), deadline: at(600), reached: 0 },
      { beganAt: at(0), deadline: at(1100), reached: 1 },
      { beganAt: at(0), deadline: at(1600), reached: 3 },
    ]);
  });

  it("has no more where nothing was gained, or only what had been there before", async () => {
    const [first, ...later] = await looks([0, 2], [300, 2], [400, 1], [500, 2]);
    expect(later).toEqual([first, first, first]);
    await expect(looks([0, 2], [601, 2])).rejects.toThrow(`Waited until ${at(600)}`);
  });

  it("ends after its longest time, whatever the progress", async () => {
    const all = await looks([0, 0], [590, 1], [1180, 2], [1770, 3], [2360, 4]);
    expect(all.at(-1)?.deadline).toBe(at(2400));
    await expect(
      looks([0, 0], [590, 1], [1180, 2], [1770, 3], [2360, 4], [2401, 5]),
    ).rejects.toThrow(`Waited until ${at(2400)}`);
  });
});

describe("the next look", () => {
  const pace = { firstSeconds: 90, everySeconds: 10, mostSeconds: 30 };
  const awaited = { ...image, pace };
  const began = { "image-warm": { beganAt: at(0), deadline: at(1000), pace } };

  it.each([
    { when: "at the beginning, when the first answer can be expected", passed: 0, seconds: 90 },
    { when: "soon after the beginning, at that same instant", passed: 40, seconds: 50 },
    { when: "after that, after the shortest interval", passed: 90, seconds: 10 },
    { when: "of a long wait, after a twentieth of it", passed: 400, seconds: 20 },
    { when: "of a very long wait, after the longest interval", passed: 900, seconds: 30 },
    { when: "near the deadline, a second after it", passed: 990, seconds: 11 },
  ])("is, $when", async ({ passed, seconds }) => {
    const under = await stepUnderTest({ evaluation: { waits: began } });
    under.pass(passed);
    expect(waitFor(await under.session(), awaited).output.waitSeconds).toBe(seconds);
  });

  it("keeps the pace with which the wait began", async () => {
    const under = await stepUnderTest({ evaluation: { waits: began } });
    under.pass(90);
    const other = { ...awaited, pace: steady(5) };
    expect(waitFor(await under.session(), other).output.waitSeconds).toBe(10);
  });

  it("of a wait within another one has that one's deadline", async () => {
    const under = await stepUnderTest({ evaluation: { waits: began } });
    under.pass(100);
    const second = { ...awaited, phase: "second", within: "image-warm" };
    const { change } = waitFor(await under.session(), second);
    expect(change(await under.record()).waits["second"]).toEqual({
      beganAt: at(100),
      deadline: at(1000),
      pace,
    });
  });
});

describe("polls", () => {
  const paces = fc
    .record({
      firstSeconds: fc.integer({ min: 0, max: 200 }),
      everySeconds: fc.constantFrom(5, 10, 15, 30),
      more: fc.integer({ min: 0, max: 60 }),
    })
    .map(({ more, ...pace }) => ({ ...pace, mostSeconds: pace.everySeconds + more }));

  it("are never counted fewer than were made, one after each interval", () => {
    const phases = fc.array(fc.record({ seconds: fc.integer({ min: 1, max: 500 }), pace: paces }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(phases, (lasting) => {
        let begin = 0;
        let made = 0;
        const all = lasting.map(({ seconds, pace }, index) => {
          const wait: Wait = { beganAt: at(begin), deadline: at(begin + 10_000), pace };
          begin += seconds;
          for (let passed = 0; ; made += 1) {
            passed += secondsToNextLook(pace, passed);
            if (passed > seconds) break;
          }
          return [`phase-${String(index)}`, wait] as const;
        });
        expect(pollsUntil(Object.fromEntries(all), after(begin))).toBeGreaterThanOrEqual(made);
      }),
    );
  });
});
