import { describe, expect, it } from "@jest/globals";
import {
  lastRoundSchema,
  secondsToWait,
  seenBefore,
} from "../../../lambdas/evaluation/undo-wait.ts";

const wait = {
  since: "2026-03-02T09:00:00.000Z",
  seen: { parts: ["lamps"], print: "p", takes: "SECONDS", wholeAt: "2026-03-02T09:00:00.000Z" },
} as const;

describe("how long an undo waits", () => {
  it.each([
    ["short at first where things take seconds", "SECONDS", 0, 0, 5],
    ["longer where they take minutes", "MINUTES", 0, 0, 15],
    ["long at first where EC2 makes its checks", "CHECKS", 0, 0, 90],
    ["short again once these may have passed", "CHECKS", 90, 90, 15],
    ["a twentieth of what the wait has lasted", "SECONDS", 200, 200, 10],
    ["a minute at most", "MINUTES", 3_000, 3_000, 60],
    ["a sixtieth of the whole for what is waited for since now", "SECONDS", 0, 1_800, 30],
  ] as const)("is %s", (_rule, takes, seconds, wholeSeconds, expected) => {
    expect(secondsToWait({ takes, seconds, wholeSeconds })).toBe(expected);
  });

  it("lets an hour of ever new waits come by no more often than the history has room for", () => {
    let rounds = 0;
    for (let wholeSeconds = 0; wholeSeconds < 3_600; rounds += 1) {
      wholeSeconds += secondsToWait({ takes: "SECONDS", seconds: 0, wholeSeconds });
    }
    expect(rounds).toBeLessThanOrEqual(210);
  });
});

describe("what the last round hands over", () => {
  it("is what it answered, if it waited", () => {
    expect(lastRoundSchema.parse({ kind: "WAITING", summary: "s", wait })).toEqual({
      summary: "s",
      wait,
    });
    expect(lastRoundSchema.parse({ kind: "UNDONE", summary: "s", wait: null })).toEqual({
      summary: "s",
      wait: null,
    });
  });

  it.each([
    ["there was none", undefined],
    ["it is of another version", { summary: "s", wait: { since: 5 } }],
  ])("is nothing when %s: everything is read", (_case, value) => {
    expect(lastRoundSchema.parse(value)).toBeUndefined();
  });

  it("is out of date five minutes after the last whole reading", () => {
    const last = { summary: "s", wait: { ...wait, seen: { ...wait.seen, parts: ["lamps"] } } };
    expect(seenBefore(last, new Date("2026-03-02T09:04:59.999Z"))).toEqual(wait.seen);
    expect(seenBefore(last, new Date("2026-03-02T09:05:00.000Z"))).toBeUndefined();
  });
});
