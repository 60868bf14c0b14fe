/** Each bad day that docs/workflows/kubernetes-days.md tells has a test of that name. */
import { describe, expect, it } from "@jest/globals";
import { readDays, testNamesIn } from "./days.ts";

const names = testNamesIn([
  "test/adapters/kubernetes",
  "test/core/decide/kubernetes",
  "test/core/decide/kubernetes/drain",
  "test/core/decide/kubernetes/pods",
  "test/core/decide/kubernetes/undo",
  "test/workflows/kubernetes",
]);

describe("docs/workflows/kubernetes-days.md", () => {
  it.each([
    ["Found in the field", 26],
    ["Reports that the product answers", 15],
  ] as const)("%s: %i rows, each named as a test", (heading, count) => {
    const days = readDays("docs/workflows/kubernetes-days.md", heading).map(([day = ""]) => day);
    expect(days).toHaveLength(count);
    expect(days.filter((day) => !names.has(day))).toEqual([]);
  });

  it("answers each hole of a plain drain", () => {
    const holes = readDays("docs/workflows/kubernetes-days.md", "Holes of a plain drain");
    expect(holes).toHaveLength(24);
    expect(holes.filter(([, answer = ""]) => answer === "")).toEqual([]);
  });
});
