import { describe, expect, it } from "@jest/globals";
import { runGroupCase, type GroupCaseResult } from "../../../local/property/cluster/case.ts";

/** A tenth of a second each; `npm run property -- cluster` runs thousands. */
const cases = 100;

describe("random conversions of groups beside their twin without us", () => {
  it("are the same again by their seed and number", async () => {
    const name = { seed: 7, number: 3 };
    expect(await runGroupCase(name)).toEqual(await runGroupCase(name));
  });

  it("cost no capacity, leave nothing over, and restore the group, whatever comes together", async () => {
    const results: GroupCaseResult[] = [];
    for (let number = 1; number <= cases; number += 1) {
      results.push(await runGroupCase({ seed: 1, number }));
    }
    expect(results.filter(({ violations }) => violations.length > 0)).toEqual([]);
    // They lead somewhere else, too, than to the end that was planned.
    expect([...new Set(results.map(({ status }) => status))]).toEqual(
      expect.arrayContaining(["SWITCHED", "PARTLY_SWITCHED", "ROLLED_BACK", "NEEDS_OPERATOR"]),
    );
  }, 300_000);
});
