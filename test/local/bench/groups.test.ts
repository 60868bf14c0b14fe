import { beforeAll, describe, expect, it } from "@jest/globals";
import {
  conversionOf,
  groupAims,
  measureGroup,
  measureGroups,
  type GroupFigures,
  type MeasuredGroups,
} from "../../../local/bench/groups.ts";
import { groupReport } from "../../../local/bench/report.ts";

/** AWS allows 25,000 events in the history of an execution (Step Functions quotas). */
const mostEvents = 25_000;

describe("the figures of a group's conversion", () => {
  let measured: MeasuredGroups;
  let hundred: GroupFigures;
  beforeAll(async () => {
    measured = await measureGroups(10);
    hundred = await measureGroup(conversionOf(100, 10));
  }, 180_000);

  const of = (name: string): GroupFigures => {
    const found = measured.figures.find((one) => one.name === name);
    if (found === undefined) throw new Error(`${name} was not measured.`);
    return found;
  };

  it("are of what their names say", () => {
    expect(measured.figures.map(({ name, status, replaced }) => [name, status, replaced])).toEqual([
      ["refuse", "REFUSED", 0],
      ["shadow", "SHADOWED", 0],
      ["convert 10, 10 at once", "SWITCHED", 10],
      ["convert 10, one at a time", "SWITCHED", 10],
      ["move 10 on, 10 at once", "SWITCHED", 10],
    ]);
  });

  it("a hundred are replaced in ten batches of one evaluation, far from what an execution can hold", () => {
    expect(hundred).toMatchObject({ status: "SWITCHED", replaced: 100, evaluations: 1 });
    expect(hundred.events).toBeLessThan(mostEvents / 10);
  });

  it("a replaced instance stays within its aims in batches of ten", () => {
    const { awsCalls = Infinity, transitions = Infinity, meets } = hundred.perReplaced ?? {};
    expect(awsCalls).toBeLessThanOrEqual(groupAims.awsCalls);
    expect(transitions).toBeLessThanOrEqual(groupAims.transitions);
    expect(meets).toEqual({
      awsCalls: awsCalls <= groupAims.awsCalls,
      transitions: transitions <= groupAims.transitions,
    });
  });

  it("ten at once take at most an eighth of the time that one after the other takes", () => {
    const [atOnce, oneByOne] = [of("convert 10, 10 at once"), of("convert 10, one at a time")];
    expect(measured.shareOfTime).toBeCloseTo(atOnce.seconds / oneByOne.seconds, 6);
    expect(measured.shareOfTime).toBeLessThanOrEqual(groupAims.shareOfTime);
    expect(measured.meetsShareOfTime).toBe(true);
  });

  it("leave out of what is counted for each the looks that found nothing to do, and nothing else", () => {
    const { awsCalls, pollingCalls, replaced, perReplaced } = hundred;
    expect(pollingCalls).toBeGreaterThan(0);
    expect(perReplaced?.awsCalls).toBeCloseTo((awsCalls - pollingCalls) / replaced, 6);
  });

  it("are printed with a word for each aim", () => {
    const aims = { awsCalls: false, transitions: true };
    const each = { awsCalls: 99, transitions: 3, readUnits: 1, writeUnits: 1, usd: 0.1 };
    const figures = [{ ...hundred, perReplaced: { ...each, meets: aims } }];
    const printed = groupReport({ figures, shareOfTime: 0.2, meetsShareOfTime: false });
    expect(printed).toMatch(/convert 100, 10 at once.* pass .*99\.0 +MISS/);
    expect(printed).toMatch(/20\.0 %.*MISS$/);
  });
});
