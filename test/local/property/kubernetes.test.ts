import { describe, expect, it } from "@jest/globals";
import { runNodeCase, type NodeCaseResult } from "../../../local/property/kubernetes/case.ts";

/** A tenth of a second each; `npm run property -- kubernetes` runs thousands. */
const cases = 100;

const runCases = async (count: number): Promise<readonly NodeCaseResult[]> => {
  const results: NodeCaseResult[] = [];
  for (let number = 1; number <= count; number += 1) {
    results.push(await runNodeCase({ seed: 1, number }));
  }
  return results;
};

describe("random replacements of nodes", () => {
  it("are the same again by their seed and number", async () => {
    const name = { seed: 7, number: 3 };
    expect(await runNodeCase(name)).toEqual(await runNodeCase(name));
  });

  it("violate no budget, lose no pod, and leave nodes as they were, whatever interferes", async () => {
    const results = await runCases(cases);
    expect(results.filter(({ violations }) => violations.length > 0)).toEqual([]);
    // They lead somewhere else, too, than to the end that was planned.
    expect([...new Set(results.map(({ status }) => status))]).toEqual(
      expect.arrayContaining(["SWITCHED", "ROLLED_BACK", "REFUSED"]),
    );
  }, 300_000);
});
