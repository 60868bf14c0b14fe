import { beforeAll, describe, expect, it } from "@jest/globals";
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
  let results: readonly NodeCaseResult[];
  beforeAll(async () => {
    results = await runCases(cases);
  }, 300_000);

  it("are the same again by their seed and number", async () => {
    expect(await runNodeCase({ seed: 1, number: 3 })).toEqual(results[2]);
  });

  it("violate no budget, lose no pod, and leave nodes as they were, whatever interferes", () => {
    expect(results.filter(({ violations }) => violations.length > 0)).toEqual([]);
    // They lead somewhere else, too, than to the end that was planned.
    expect([...new Set(results.map(({ status }) => status))]).toEqual(
      expect.arrayContaining(["SWITCHED", "ROLLED_BACK", "REFUSED"]),
    );
  });
});
