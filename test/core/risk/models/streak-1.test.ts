import { describe, expect, it } from "@jest/globals";
import { fileModel } from "../../../../core/risk/file-model.ts";
import { parseModelFile } from "../../../../core/risk/model-file.ts";
import type { RiskFeatures } from "../../../../core/risk/model.ts";
import { streak1 } from "../../../../core/risk/models/streak-1.ts";

const model = fileModel(streak1);

const quiet: RiskFeatures = { bandMinPercent: 0, bandMaxPercent: 5, isBandKnown: true };

/** A pool that was lost `hours` ago and has been up since. */
const lost = (hours: number): RiskFeatures => ({
  ...quiet,
  hoursSincePoolLoss: hours,
  upStreakHours: hours,
  recentPoolLosses: 2 ** (-hours / 24),
});

describe("streak-1", () => {
  it("is a valid file, with metrics", () => {
    expect(parseModelFile(streak1, "streak-1")).toEqual(streak1);
    expect(streak1.metrics).toBeDefined();
  });

  it("leaves a pool without any record to its band", () => {
    expect(model.probability(quiet, 24)).toBeCloseTo(0.00083, 5);
  });

  it.each([1, 24])("says less the longer a pool holds, within %d h", (horizon) => {
    const hours = [0.25, 0.5, 1, 2, 4, 8, 16, 24, 48, 96, 168];
    const chances = hours.map((age) => model.probability(lost(age), horizon));
    expect(chances).toEqual([...chances].sort((one, other) => other - one));
  });

  it("says more after each of several losses, and while a neighbour's loss is fresh", () => {
    const once = model.probability(lost(4), 1);
    expect(model.probability({ ...lost(4), recentPoolLosses: 5 }, 1)).toBeGreaterThan(once);
    expect(model.probability({ ...lost(4), hoursSinceNeighbourLoss: 0.5 }, 1)).toBeGreaterThan(
      once,
    );
  });
});
