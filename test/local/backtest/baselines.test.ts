import { describe, expect, it } from "@jest/globals";
import {
  alwaysOnDemand,
  ban,
  fixedZone,
  longestStreak,
  lowestPrice,
  roundRobin,
} from "../../../local/backtest/baselines.ts";
import { ownHazard } from "../../../local/backtest/own-hazard.ts";
import { places, type BacktestPolicy } from "../../../local/backtest/policy.ts";
import { replay } from "../../../local/backtest/replay.ts";
import { sketch, type Sketch } from "./hand-made-market.ts";

const { onDemand, down } = places;

/** Where a unit serves, tick by tick. */
const pathsOf = (policy: BacktestPolicy, market: Sketch, units = 1): readonly number[][] => {
  const recorded = sketch(market);
  const { timeline } = replay(recorded, policy, { units, keepsTimeline: true });
  return (timeline?.segments ?? []).map((unit) =>
    unit.flatMap(({ fromTick, toTick, place }) =>
      Array.from({ length: toTick - fromTick }, () => place),
    ),
  );
};

const pathOf = (policy: BacktestPolicy, market: Sketch): readonly number[] =>
  pathsOf(policy, market)[0] ?? [];

describe("on-demand", () => {
  it("never leaves On-Demand", () => {
    expect(pathOf(alwaysOnDemand, { capacity: ["***"] })).toEqual([onDemand, onDemand, onDemand]);
  });
});

describe("fixed-zone", () => {
  it("knows one zone, and tries it again at each tick", () => {
    expect(pathOf(fixedZone(1), { capacity: ["******", "**0***"] })).toEqual([
      onDemand,
      1,
      down,
      onDemand,
      1,
      1,
    ]);
  });
});

describe("lowest-price", () => {
  it("takes the cheapest zone that has capacity", () => {
    const price = [
      [0.3, 0.3],
      [0.2, 0.2],
      [0.1, 0.1],
    ];
    expect(pathOf(lowestPrice, { capacity: ["**", "**", "00"], price })).toEqual([onDemand, 1]);
  });

  it("takes the first by name of equal prices", () => {
    expect(pathOf(lowestPrice, { capacity: ["**", "**"] })).toEqual([onDemand, 0]);
  });

  it("stays where it is when another zone becomes cheaper", () => {
    const price = [
      [0.2, 0.9, 0.9],
      [0.3, 0.1, 0.1],
    ];
    expect(pathOf(lowestPrice, { capacity: ["***", "***"], price })).toEqual([onDemand, 0, 0]);
  });
});

describe("round-robin", () => {
  it("goes on after the last launch, whichever unit that was for", () => {
    const paths = pathsOf(roundRobin, { capacity: ["**", "**", "**"] }, 4);
    expect(paths.map((path) => path[1])).toEqual([0, 1, 2, 0]);
  });
});

describe("longest-streak", () => {
  it("takes the zone that has been up longest", () => {
    expect(
      pathOf(longestStreak, { gapSeconds: 600, capacity: ["*****0000", "0********"] }),
    ).toEqual([onDemand, 0, 0, 0, 0, down, 1, 1, 1]);
  });

  it("waits until a zone has been up for half an hour", () => {
    expect(pathOf(longestStreak, { gapSeconds: 600, capacity: ["0******"] })).toEqual([
      onDemand,
      onDemand,
      onDemand,
      onDemand,
      onDemand,
      0,
      0,
    ]);
  });
});

describe("ban-4h", () => {
  it("leaves a zone alone for four hours after a loss there", () => {
    const path = pathOf(ban(4), { gapSeconds: 3600, capacity: ["**0*****"] });
    expect(path).toEqual([onDemand, 0, down, onDemand, onDemand, onDemand, onDemand, 0]);
  });
});

describe("own-hazard", () => {
  it("prefers a dearer zone to one that it has lost often", () => {
    const price = [Array(12).fill(0.3), Array(12).fill(0.31)] as number[][];
    const path = pathOf(ownHazard, {
      gapSeconds: 600,
      capacity: ["**0*0*0*****", "************"],
      price,
    });
    expect(path.slice(0, 3)).toEqual([onDemand, 0, down]);
    expect(path.at(-1)).toBe(1);
  });

  it("moves for a gain of 0.03, and not for less", () => {
    const moved = [0.28, 0.26].map((second) =>
      pathOf(ownHazard, {
        capacity: ["*****", "*****"],
        price: [
          [0.3, 0.3, 0.3, 0.3, 0.3],
          [0.3, 0.3, second, second, second],
        ],
      }).at(-1),
    );
    expect(moved).toEqual([0, 1]);
  });

  it("stays on On-Demand where Spot is expected to cost as much", () => {
    const price = [[0.995, 0.995, 0.995]];
    expect(pathOf(ownHazard, { capacity: ["***"], price })).toEqual([onDemand, onDemand, onDemand]);
  });
});
