import { describe, expect, it } from "@jest/globals";
import {
  areHabit,
  launchesOf,
  ownersStarts,
} from "../../../../core/decide/linear/owners-starts.ts";
import { evaluationIdSchema } from "../../../../core/model/ids.ts";

const day = (number: number): string =>
  new Date(Date.parse("2026-03-01T08:00:00.000Z") + number * 86_400_000).toISOString();
const evaluationId = evaluationIdSchema.parse("evl-0123456789");

describe("starts of an instance", () => {
  it("are what was seen in two weeks, and the last one, each once", () => {
    const target = { launchesSeen: [day(0), day(10), day(16)] };
    expect(launchesOf({ launchedAt: day(16) }, target)).toEqual([day(10), day(16)]);
    expect(launchesOf({ launchedAt: day(16) }, {})).toEqual([day(16)]);
  });

  it("are a habit when there are three of them", () => {
    expect(areHabit(ownersStarts({ launchedAt: day(2) }, { launchesSeen: [day(1)] }))).toBe(false);
    expect(areHabit(ownersStarts({ launchedAt: day(2) }, { launchesSeen: [day(0), day(1)] }))).toBe(
      true,
    );
  });

  it("are not the owner's where a roll-back made them", () => {
    const downtimes = [
      { evaluationId, at: new Date(Date.parse(day(1)) + 120_000).toISOString(), seconds: 300 },
    ];
    const target = { launchesSeen: [day(0), day(1)], downtimes };
    expect(ownersStarts({ launchedAt: day(2) }, target)).toEqual([day(0), day(2)]);
  });
});
