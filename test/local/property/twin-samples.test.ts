import { describe, expect, it } from "@jest/globals";
import type { CapacitySample } from "../../../local/lab/capacity-ledger.ts";
import {
  atLeast,
  withoutUnseen,
  type Happened,
} from "../../../local/property/cluster/twin-samples.ts";

const sample = (
  seconds: number,
  { serving, desired = 5, asked = desired }: { serving: number; desired?: number; asked?: number },
): CapacitySample => ({
  atMs: seconds * 1000,
  desired,
  asked,
  inService: serving,
  healthy: serving,
  serving,
});

const servingAt = (samples: readonly CapacitySample[], seconds: number): number | undefined =>
  samples.findLast(({ atMs }) => atMs <= seconds * 1000)?.serving;

const lost = (seconds: number): Happened => ({
  atMs: seconds * 1000,
  act: { kind: "LOSE", member: 0 },
});
const refresh = (seconds: number): Happened => ({
  atMs: seconds * 1000,
  act: { kind: "REFRESH" },
});

describe("what surely serves without us", () => {
  it("is the least within a second of each change, and counts in full after that", () => {
    const samples = [sample(0, { serving: 4 }), sample(100, { serving: 5 })];
    const least = atLeast(samples, { happened: [], notices: [] }, []);
    expect([100, 100.9, 101, 500].map((at) => servingAt(least, at))).toEqual([4, 4, 5, 5]);
  });

  it("is one less for a minute where somebody is lost, and one more less while a refresh goes on", () => {
    const samples = [
      sample(0, { serving: 5 }),
      sample(110, { serving: 4 }),
      sample(120, { serving: 5 }),
    ];
    const happened = [refresh(100), lost(200)];
    const least = atLeast(samples, { happened, notices: [] }, []);
    expect([50, 150, 199, 200, 259, 260].map((at) => servingAt(least, at))).toEqual([
      5, 4, 4, 3, 3, 4,
    ]);
    const alone = atLeast(samples, { happened: [lost(200)], notices: [] }, []);
    expect([150, 200, 259, 260].map((at) => servingAt(alone, at))).toEqual([5, 4, 4, 5]);
  });
});

describe("what somebody asks for anew", () => {
  it("is launched within a minute, sooner or later: until then what was asked for before has to serve", () => {
    const samples = [
      sample(0, { serving: 2, desired: 2 }),
      sample(100, { serving: 2, desired: 4 }),
      sample(120, { serving: 4, desired: 4 }),
    ];
    const least = atLeast(samples, { happened: [], notices: [] }, []);
    expect([99, 130, 159, 160].map((at) => servingAt(least, at))).toEqual([2, 2, 2, 4]);
  });
});

describe("a refresh that goes on with us, and is over in the other run", () => {
  const out = [{ fromMs: 100_000, toMs: 160_000 }];

  it("has one of those that are asked for out there, too, and not one more where one is missing already", () => {
    const samples = [
      sample(0, { serving: 2, desired: 2 }),
      sample(130, { serving: 1, desired: 2 }),
    ];
    const least = atLeast(samples, { happened: [], notices: [], refreshed: out }, []);
    expect([99, 100, 120, 140].map((at) => servingAt(least, at))).toEqual([2, 1, 1, 1]);
  });

  it("excuses nothing before and after", () => {
    const samples = [sample(0, { serving: 2, desired: 2 })];
    const least = atLeast(samples, { happened: [], notices: [], refreshed: out }, []);
    expect([99, 159, 160].map((at) => servingAt(least, at))).toEqual([2, 1, 2]);
  });
});

describe("what somebody sets to what stands with our surplus", () => {
  const own = [
    sample(0, { serving: 5, desired: 6, asked: 5 }),
    sample(200, { serving: 5, desired: 9, asked: 9 }),
  ];

  it("counts in neither run, and has to be launched when it is asked for anew", () => {
    const twin = [sample(0, { serving: 6, desired: 6 }), sample(200, { serving: 6, desired: 9 })];
    const least = withoutUnseen(twin, own);
    expect([100, 200, 259, 260].map((at) => servingAt(least, at))).toEqual([5, 5, 5, 6]);
  });

  it("excuses nothing where the two runs differ for the moment that a call takes", () => {
    const twin = [sample(0, { serving: 5, desired: 5 }), sample(199.9, { serving: 5, desired: 9 })];
    const least = withoutUnseen(twin, own);
    expect([100, 200, 230].map((at) => servingAt(least, at))).toEqual([5, 5, 5]);
  });
});
