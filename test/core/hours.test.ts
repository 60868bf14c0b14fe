import { describe, expect, it } from "@jest/globals";
import { hoursBetween } from "../../core/hours.ts";

describe("hoursBetween", () => {
  it.each([
    ["2025-03-01T00:00:00Z", "2025-03-01T01:30:00Z", 1.5],
    ["2025-03-01T00:00:00Z", "2025-03-01T00:00:00Z", 0],
    ["2025-03-01T02:00:00+02:00", "2025-03-01T01:00:00Z", 1],
  ])("counts hours from %s to %s", (earlier, later, hours) => {
    expect(hoursBetween(earlier, later)).toBe(hours);
  });

  it("takes a time in the future, from a skewed clock, as now", () => {
    expect(hoursBetween("2025-03-01T05:00:00Z", "2025-03-01T00:00:00Z")).toBe(0);
  });

  it("refuses what is not a time as broken facts", () => {
    expect(() => hoursBetween("yesterday", "2025-03-01T00:00:00Z")).toThrow(
      expect.objectContaining({
        name: "BrokenFacts",
        message: expect.stringContaining("yesterday"),
      }),
    );
  });
});
