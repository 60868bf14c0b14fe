import { describe, expect, it } from "@jest/globals";
import {
  isAnnouncedByEc2,
  isLastChance,
  isPastFreeHour,
} from "../../../../core/decide/linear/last-words.ts";

const at = (time: string): Date => new Date(`2026-03-02T${time}Z`);

describe("the last chance of the hook before the freeze", () => {
  it.each([
    ["09:01:29.999", false],
    ["09:01:30.000", true],
    ["09:01:59.999", true],
    ["09:02:00.000", false],
  ] as const)("at %s of an end at 09:02: %s", (time, isChance) => {
    expect(isLastChance("2026-03-02T09:02:00Z", at(time))).toBe(isChance);
  });

  it("is none where the end is not known", () => {
    expect(isLastChance(undefined, at("09:01:45.000"))).toBe(false);
  });
});

describe("the hour that EC2 does not bill where it ends the instance itself", () => {
  it.each([
    ["09:59:59.999", false],
    ["10:00:00.000", true],
  ] as const)("of a launch at 09:00 is over at %s: %s", (time, isOver) => {
    expect(isPastFreeHour("2026-03-02T09:00:00Z", at(time))).toBe(isOver);
  });

  it("is not over where EC2 does not say when it was launched", () => {
    expect(isPastFreeHour(undefined, at("10:00:00.000"))).toBe(false);
  });
});

describe("an end that EC2 has announced", () => {
  it.each([
    [{ how: "ANNOUNCED", by: "EC2" }, true],
    [{ how: "ANNOUNCED", by: "OWNER" }, false],
    [{ how: "ENDED", by: "EC2" }, false],
    [undefined, false],
  ] as const)("%j: %s", (taken, isSo) => {
    expect(isAnnouncedByEc2(taken)).toBe(isSo);
  });
});
