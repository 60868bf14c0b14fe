import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { evaluationIdSchema, targetIdSchema } from "../../../../core/model/ids.ts";
import { isDue, longestWaitingFirst } from "../../../../core/decide/switch/due.ts";

const now = new Date("2026-03-02T12:00:00.000Z");
const hoursAgo = (hours: number): string =>
  new Date(now.getTime() - hours * 3_600_000).toISOString();

const targetOf = (n: number) => ({
  targetId: targetIdSchema.parse(`tgt-${String(n).padStart(10, "0")}`),
});
const one = targetOf(1);

describe("a target is due", () => {
  it.each<{ readonly when: string; readonly lastEvaluatedAt?: string; readonly due: boolean }>([
    { when: "it was never evaluated", due: true },
    { when: "its last evaluation ended a day ago", lastEvaluatedAt: hoursAgo(24), due: true },
    { when: "it ended exactly six hours ago", lastEvaluatedAt: hoursAgo(6), due: true },
    { when: "it ended less than five hours ago", lastEvaluatedAt: hoursAgo(4.99), due: false },
    { when: "it ended just now", lastEvaluatedAt: hoursAgo(0), due: false },
    {
      when: "it ended in the future, as a skewed clock has it",
      lastEvaluatedAt: hoursAgo(-1),
      due: false,
    },
  ])("or not, when $when", ({ lastEvaluatedAt, due }) => {
    const target = { ...one, ...(lastEvaluatedAt !== undefined && { lastEvaluatedAt }) };
    expect(isDue(target, now)).toBe(due);
  });

  it.each([
    { retryAt: hoursAgo(0), lastEvaluatedAt: hoursAgo(1), due: true },
    { retryAt: hoursAgo(-0.1), lastEvaluatedAt: hoursAgo(1), due: false },
    // It was evaluated since, and stays for its six hours.
    { retryAt: hoursAgo(2), lastEvaluatedAt: hoursAgo(1), due: false },
    { retryAt: hoursAgo(-99), lastEvaluatedAt: hoursAgo(6), due: true },
  ])("when a failed attempt is to be made again: $due", ({ retryAt, lastEvaluatedAt, due }) => {
    const failedAttempt = {
      evaluationId: evaluationIdSchema.parse("evl-0123456789"),
      at: hoursAgo(3),
      cause: { error: "BrokenQuota" },
      hadDowntime: false,
      retryAt,
    };
    expect(isDue({ ...one, lastEvaluatedAt, failedAttempt }, now)).toBe(due);
  });

  it("and stays so until it is evaluated", () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_000), (hours, later) => {
        const target = { ...one, lastEvaluatedAt: hoursAgo(hours) };
        const laterOn = new Date(now.getTime() + later * 3_600_000);
        return !isDue(target, now) || isDue(target, laterOn);
      }),
    );
  });
});

describe("many targets that were evaluated at one time", () => {
  it("are due at times of their own, evenly over an hour", () => {
    const targets = Array.from({ length: 1000 }, (_, n) => targetOf(n));
    const dueAfter = (hours: number): number =>
      targets.filter((target) => isDue({ ...target, lastEvaluatedAt: hoursAgo(hours) }, now))
        .length;
    expect(dueAfter(5)).toBe(0);
    expect(dueAfter(6)).toBe(1000);
    for (const quarter of [1, 2, 3]) {
      expect(Math.abs(dueAfter(5 + quarter / 4) - quarter * 250)).toBeLessThan(100);
    }
  });
});

describe("who waits longest", () => {
  it("comes first, who was never looked at before all, and the others in their order", () => {
    const [recent, longAgo, never, alike] = [
      { lastEvaluatedAt: hoursAgo(7) },
      { lastEvaluatedAt: hoursAgo(20) },
      {},
      { lastEvaluatedAt: hoursAgo(7) },
    ];
    const ordered = longestWaitingFirst([recent, longAgo, never, alike]);
    expect(ordered).toEqual([never, longAgo, recent, alike]);
    expect(ordered[2]).toBe(recent);
  });
});
