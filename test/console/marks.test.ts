/** How standings and statuses are told apart where there are no colours: by their words, and by their icons. */
import { describe, expect, it } from "@jest/globals";
import { standings } from "../../core/decide/fleet/standing.ts";
import { standingMark } from "../../console/fleet/marks.ts";
import { statusMarks, verdictMarks } from "../../console/ui/marks.ts";
import { outcomeMarks } from "../../console/preflight/outcomes.ts";
import { wasteMarks } from "../../console/waste/findings.ts";
import { accountMarks } from "../../console/accounts/permissions.ts";
import { flaggedMarks } from "../../console/governance/findings.ts";

interface Mark {
  readonly word: string;
  readonly icon: string;
}

const byStanding = Object.fromEntries(
  standings.map((standing) => [standing, standingMark({ standing, moving: null })]),
);

const sets: readonly (readonly [string, Readonly<Record<string, Mark>>])[] = [
  ["standings", byStanding],
  ["statuses of evaluations", statusMarks],
  ["verdicts", verdictMarks],
  ["outcomes of a preflight", outcomeMarks],
  ["statuses of waste", wasteMarks],
  ["statuses of accounts", accountMarks],
  ["statuses of what governance has found", flaggedMarks],
];

/** One instance is moved, or members of a group are: the same thing, told by its words. */
const sameOnPurpose = new Set(["Switching", "Moving"]);

describe.each(sets)("%s", (_name, marks) => {
  const all = Object.values(marks);

  it("differ in their words", () => {
    expect(new Set(all.map(({ word }) => word)).size).toBe(all.length);
  });

  it("differ in their icons, so that a print without colours tells them apart", () => {
    const icons = all.filter(({ word }) => !sameOnPurpose.has(word)).map(({ icon }) => icon);
    const twice = icons.filter((icon, index) => icons.indexOf(icon) !== index);
    expect(twice).toEqual([]);
  });
});
