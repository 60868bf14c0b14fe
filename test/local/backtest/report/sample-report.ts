/** A small backtest made by hand: two of our policies, one that probes, and baselines on a day of two zones. */
import type {
  Policy,
  ReportData,
  ReportRun,
  Score,
  Timeline,
} from "../../../../local/backtest/report/report-data.ts";

export const policy = (name: string, more: Partial<Policy> = {}): Policy => ({
  policy: name,
  isProbing: false,
  isOurs: false,
  ...more,
});

export const score = (named: Policy, cost: number, interruptionsPerUnitWeek: number): Score => ({
  ...named,
  cost,
  availability: 0.999,
  interruptionsPerUnitWeek,
  movesPerUnitWeek: 2,
  spotShare: 0.9,
  halfLost: 0.0012,
  j: { "0": cost, "0.5": cost + 0.01, "2": cost + 0.04 },
  jOverOptimum: (cost + 0.01) / 0.31,
});

export const product = policy("product", { isOurs: true });
const probing = policy("product", { isOurs: true, isProbing: true });
const lowestPrice = policy("lowest price");

const timeline = (named: Policy, units: number): Timeline => ({
  ...named,
  units: Array.from({ length: units }, () => [
    { fromTick: 0, toTick: 1, place: "on-demand" },
    { fromTick: 1, toTick: 100, place: "us-east-1a" },
    { fromTick: 100, toTick: 101, place: "down" },
    { fromTick: 101, toTick: 288, place: "us-east-1b" },
  ]),
  interruptions: [{ tick: 100, unit: 0, zone: "us-east-1a" }],
});

export const run = (more: Partial<ReportRun> = {}): ReportRun => {
  const units = more.units ?? 1;
  return {
    trace: "day",
    units,
    gapSeconds: 300,
    ticks: 288,
    zones: ["us-east-1a", "us-east-1b"],
    upZones: [[{ fromTick: 0, toTick: 100 }], [{ fromTick: 50, toTick: 288 }]],
    optimumCost: 0.31,
    scores: [
      score(product, 0.33, 7),
      score(probing, 0.32, 4),
      score(lowestPrice, 0.33, 7.1),
      score(policy("always On-Demand"), 1, 0),
    ],
    timelines: [timeline(product, units), timeline(lowestPrice, units)],
    ...more,
  };
};

export const report = (runs: readonly ReportRun[], more: Partial<ReportData> = {}): ReportData => ({
  title: "Backtest",
  command: "npm run backtest",
  options: { units: [runs[0]?.units ?? 1], noticeSeconds: 0 },
  runs,
  means: (runs[0]?.scores ?? []).map((each) => ({
    policy: each.policy,
    isProbing: each.isProbing,
    isOurs: each.isOurs,
    units: runs[0]?.units ?? 1,
    jOverOptimum: each.jOverOptimum,
  })),
  ...more,
});
