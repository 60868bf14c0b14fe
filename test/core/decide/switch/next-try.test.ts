import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { nextAnswer, nextTry } from "../../../../core/decide/switch/next-try.ts";
import type { DueKind } from "../../../../core/model/intent.ts";

const dueAt = "2026-03-02T09:00:00.000Z";
const minutesAfter = (minutes: number): Date => new Date(Date.parse(dueAt) + minutes * 60_000);

const delayMinutes = (kind: DueKind, sinceDueMinutes: number): number => {
  const now = minutesAfter(sinceDueMinutes);
  return (Date.parse(nextTry({ kind, dueAt }, now)) - now.getTime()) / 60_000;
};

/** Looks until so many days after it became due. */
const looks = (kind: DueKind, days: number): number => {
  let count = 0;
  for (let at = 0; at < days * 24 * 60; at += delayMinutes(kind, at)) count += 1;
  return count;
};

describe("what is due and can't be done", () => {
  it.each([
    [0, 30],
    [60, 30],
    [4 * 60, 60],
    [16 * 60, 4 * 60],
    [24 * 60, 6 * 60],
    [30 * 24 * 60, 6 * 60],
  ])("and has been due for %d minutes is tried again after %d", (since, delay) => {
    expect(delayMinutes("ISOLATE", since)).toBe(delay);
  });

  it("but is looked at before it is due, is tried again after the shortest delay", () => {
    expect(delayMinutes("RETIRE_ORIGINAL", -600)).toBe(30);
  });

  it("is tried a few times a day, and not every half-hour for weeks", () => {
    expect(looks("ISOLATE", 7)).toBeLessThan(48);
    expect(looks("RESERVE_CAPACITY", 1)).toBe(48);
  });

  it("and costs money by the hour is never left for longer than half an hour", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 100_000 }), (since) => {
        expect(delayMinutes("RESERVE_CAPACITY", since)).toBe(30);
      }),
    );
  });

  it.each(["PROTECT_MEMBERS", "RAISE_MAX", "SUSPEND_AZ_REBALANCE"] as const)(
    "and hinders the owner of a group (%s) is tried each hour at least",
    (kind) => {
      expect(delayMinutes(kind, 100)).toBe(30);
      expect(delayMinutes(kind, 10_000)).toBe(60);
    },
  );

  it("waits longer the longer it has been due", () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(20_000), (since, more) => {
        expect(delayMinutes("EXPIRE_IMAGE", since + more)).toBeGreaterThanOrEqual(
          delayMinutes("EXPIRE_IMAGE", since),
        );
      }),
    );
  });
});

describe("an answer that is under way", () => {
  it("is read after half an hour, however long it has been due", () => {
    expect(nextAnswer(minutesAfter(10_000))).toBe(minutesAfter(10_030).toISOString());
  });
});
