/** Each bad day that docs/workflows/cluster-days.md tells has a test of that name. */
import { describe, expect, it } from "@jest/globals";
import { readDays, testNamesIn } from "./days.ts";

const names = testNamesIn(["test/workflows/cluster", "test/core/decide/cluster"]);

describe("docs/workflows/cluster-days.md", () => {
  it.each([
    ["What anybody must expect", 17, 0],
    ["Found in the field", 25, 0],
    ["Holes of a plain attach and remove", 12, 2],
    ["What others do meanwhile", 12, 2],
  ] as const)("%s: %i rows, each named as a test", (heading, count, column) => {
    const days = readDays("docs/workflows/cluster-days.md", heading).map(
      (cells) => cells[column] ?? "",
    );
    expect(days).toHaveLength(count);
    expect(days.filter((day) => !names.has(day))).toEqual([]);
  });
});
