import { describe, expect, it } from "@jest/globals";
import { isStillBelieved } from "../../../../core/decide/switch/ebs-standing.ts";

const now = new Date("2026-03-02T12:00:00Z");

describe("what was found of an account's EBS", () => {
  it.each([
    ["2026-03-01T12:00:01Z", true],
    ["2026-03-01T12:00:00Z", false],
    ["2026-02-01T12:00:00Z", false],
    // The skew of a clock.
    ["2026-03-02T12:00:05Z", true],
    [undefined, false],
  ])("at %s is believed: %s", (foundAt, isBelieved) => {
    expect(isStillBelieved(foundAt, now)).toBe(isBelieved);
  });
});
