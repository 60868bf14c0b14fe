import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { examplesOf } from "../../../local/training/examples.ts";
import { marketOf } from "./market-sample.ts";

const withoutLabels = (examples: ReturnType<typeof examplesOf>) =>
  examples.map(({ zone, atSeconds, features, plainHazard }) => ({
    zone,
    atSeconds,
    features,
    plainHazard,
  }));

describe("examples of a market", () => {
  it("are there for each zone that is up, with whether it is empty within the next half hour", () => {
    const examples = examplesOf(marketOf({ "us-east-1a": "11111101111111" }));
    expect(examples.map(({ atSeconds, isLost }) => [atSeconds / 900, isLost])).toEqual([
      [0, false],
      [1, false],
      [2, false],
      [3, false],
      [4, true],
      [5, true],
      [7, false],
      [8, false],
      [9, false],
    ]);
  });

  it("say whether the pool is lost in a day only where the recording holds the day", () => {
    const row = `${"1".repeat(100)}0${"1".repeat(19)}`;
    const examples = examplesOf(marketOf({ "us-east-1a": row }));
    const known = examples.filter(({ isLostInDay }) => isLostInDay !== undefined);
    expect(known.map(({ atSeconds }) => atSeconds / 900)).toEqual(
      Array.from({ length: 24 }, (_, tick) => tick),
    );
    expect(known.map(({ isLostInDay }) => isLostInDay)).toEqual(
      known.map(({ atSeconds }) => atSeconds / 900 >= 4),
    );
  });

  it("are taken about each 15 minutes where ticks are shorter, and each tick where they are longer", () => {
    const timesOf = (gapSeconds: number) =>
      examplesOf(marketOf({ "us-east-1a": "1".repeat(80) }, { gapSeconds }))
        .slice(0, 3)
        .map(({ atSeconds }) => atSeconds);
    expect(timesOf(195)).toEqual([0, 975, 1950]);
    expect(timesOf(1200)).toEqual([0, 1200, 2400]);
  });

  it("know nothing of what comes later", () => {
    const row = fc.string({ unit: fc.constantFrom("0", "1"), minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(row, row, row, (past, future, other) => {
        const cut = 20 * 900;
        const seen = (later: string) =>
          withoutLabels(
            examplesOf(marketOf({ "us-east-1a": past + later, "us-east-1b": past + later })),
          ).filter(({ atSeconds }) => atSeconds < cut);
        expect(seen(future)).toEqual(seen(other));
      }),
      { numRuns: 30 },
    );
  });

  it("have no hour of the day where the start is a date alone", () => {
    const hourAt = (startMs: number) =>
      examplesOf(marketOf({ "us-east-1a": "111111" }, { startMs }))[0]?.features.hourOfDay;
    expect(hourAt(Date.parse("2023-02-15T00:00:00Z"))).toBeUndefined();
    expect(hourAt(Date.parse("2023-02-15T07:30:00Z"))).toBe(7.5);
  });

  it("begin with the prior of the plain hazard, and raise it with each loss", () => {
    const examples = examplesOf(marketOf({ "us-east-1a": "1101111111" }));
    expect(examples[0]?.plainHazard).toBeCloseTo(0.5 / 24.25, 6);
    expect(examples[2]?.plainHazard).toBeGreaterThan(1.4 / 25);
  });

  it("are refused where a tick is longer than their hour", () => {
    expect(() => examplesOf(marketOf({ "us-east-1a": "11" }, { gapSeconds: 7200 }))).toThrow(
      "sample has a tick each 7200 s",
    );
  });
});
