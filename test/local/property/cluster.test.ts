import { beforeAll, describe, expect, it } from "@jest/globals";
import {
  runGroupCase,
  type CaseName,
  type GroupCaseResult,
} from "../../../local/property/cluster/case.ts";

/** A tenth of a second each, twice as much with the conversion before; `npm run property -- cluster` runs thousands, with and without `--ways-back`. */
const cases = 100;
const waysBack = 30;

const runCases = async (
  count: number,
  options: Pick<CaseName, "isWayBack"> = {},
): Promise<readonly GroupCaseResult[]> => {
  const results: GroupCaseResult[] = [];
  for (let number = 1; number <= count; number += 1) {
    results.push(await runGroupCase({ seed: 1, number, ...options }));
  }
  return results;
};

const brokenIn = (results: readonly GroupCaseResult[]): readonly GroupCaseResult[] =>
  results.filter(({ violations }) => violations.length > 0);

const statusesIn = (results: readonly GroupCaseResult[]): readonly string[] => [
  ...new Set(results.map(({ status }) => status)),
];

describe("random conversions of groups beside their twin without us", () => {
  let results: readonly GroupCaseResult[];
  beforeAll(async () => {
    results = await runCases(cases);
  }, 300_000);

  it("are the same again by their seed and number", async () => {
    expect(await runGroupCase({ seed: 1, number: 3 })).toEqual(results[2]);
  });

  it("cost no capacity, leave nothing over, and restore the group, whatever comes together", () => {
    expect(brokenIn(results)).toEqual([]);
    // They lead somewhere else, too, than to the end that was planned.
    expect(statusesIn(results)).toEqual(
      expect.arrayContaining(["SWITCHED", "PARTLY_SWITCHED", "ROLLED_BACK", "NEEDS_OPERATOR"]),
    );
  });
});

describe("random ways back to On-Demand beside their twin without us", () => {
  it("cost no capacity, leave nothing over, and restore the group, whatever comes together", async () => {
    const results = await runCases(waysBack, { isWayBack: true });
    expect(brokenIn(results)).toEqual([]);
    expect(statusesIn(results)).toEqual(
      expect.arrayContaining(["FELL_BACK", "PARTLY_SWITCHED", "ROLLED_BACK"]),
    );
  }, 300_000);
});
