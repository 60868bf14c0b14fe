import { beforeAll, describe, expect, it } from "@jest/globals";
import {
  figuresOf,
  measureLoad,
  meetsAims,
  type InterruptionFigures,
} from "../../../local/bench/interruptions/interruption-figures.ts";
import { interruptionReport } from "../../../local/bench/interruptions/interruption-report.ts";
import { interruptMember } from "../../../local/bench/interruptions/cluster.ts";
import { measureStorm, meetsStormAims } from "../../../local/bench/interruptions/storm.ts";
import {
  keepsGroups,
  measureStormOfGroups,
} from "../../../local/bench/interruptions/storm-of-groups.ts";
import { loads, type Load } from "../../../local/bench/interruptions/names.ts";

/** The tenth is told twice. */
const seed = 6;
const cases = 5;

describe("interruptions of each mode", () => {
  const measured = new Map<Load, InterruptionFigures>();
  beforeAll(async () => {
    for (const load of loads) {
      measured.set(load, await measureLoad({ load, boot: "usual" }, { cases, seed }));
    }
  }, 60_000);

  const of = (load: Load): InterruptionFigures => {
    const found = measured.get(load);
    if (found === undefined) throw new Error(`${load} was not measured.`);
    return found;
  };

  it.each(loads)(
    "%s: each is answered, by one launch, without a broken promise and without a lost write",
    (load) => {
      expect(of(load)).toMatchObject({ cases, duplicates: 0, writesLost: 0, broken: [] });
      expect(of(load).served.p99).toBeLessThan(10 * 60);
    },
  );

  it("a replacement never serves before it has booted", () => {
    for (const load of loads) expect(of(load).served.p50).toBeGreaterThan(20);
  });

  it.each(["cluster", "kubernetes"] as const)(
    "%s: as many serve before the end as have a boot that fits",
    (load) => {
      expect(of(load).beforeEnd).toMatchObject({ isMet: true });
    },
  );

  it("a single instance whose replacement serves before the end is missed for the seconds of a move at most", () => {
    expect(of("stateless").beforeEnd?.share).toBeGreaterThan(0);
    expect(of("stateless").downThoughServed?.most).toBeLessThanOrEqual(2);
  });

  it("all of the downtime of a load with data is told by its steps", () => {
    const { down, steps = {} } = of("data");
    const passing = Object.entries(steps).filter(([name]) => name !== "host");
    const told = passing.reduce((sum, [, seconds]) => sum + seconds, 0);
    expect(passing.map(([name]) => name)).toEqual(["ended", "volumes", "root", "boot", "identity"]);
    // Medians of parts don't add up to the median of the whole.
    expect(Math.abs(told - (down?.p50 ?? NaN))).toBeLessThan(45);
  });

  it("pods leave a node by an eviction: all where there is room, and the others' budgets hold", () => {
    const { withRoom, without } = of("kubernetes").pods ?? {};
    expect(withRoom).toEqual({ all: 2 * 7, evicted: 2 * 7 });
    // Those without a budget, and one with.
    expect(without?.all).toBe(3 * 7);
    expect(without?.evicted).toBeGreaterThanOrEqual(3 * 4);
  });

  it("come to the same with the same seed", async () => {
    const one = { seed: 2, boot: "quick" } as const;
    expect(await interruptMember(one)).toEqual(await interruptMember(one));
  });
});

const answered = (seed: number, servedAfterSeconds: number | undefined, bootSeconds: number) => ({
  seed,
  bootSeconds,
  servedAfterSeconds,
  duplicates: 0,
  complaints: [],
  downSeconds: 0,
  writesLost: 0,
});

const which = { load: "stateless", boot: "usual" } as const;

describe("a storm", () => {
  it("loses no event, launches none twice, and has all served", async () => {
    const storm = await measureStorm({ targets: 16 });
    expect(storm).toMatchObject({ targets: 16, eventsLost: 0, duplicates: 0, unserved: 0 });
    expect(storm.served.p50).toBeGreaterThan(20);
    // Each reading for itself, they are 84 each.
    expect(storm.readings).toBeLessThan(16 * 65);
    const printed = interruptionReport({ interruptions: [], storms: [storm], groupStorms: [] });
    expect(printed).toMatch(/^16 single instances .* at once/m);
    expect(meetsStormAims({ ...storm, beforeEnd: { ...storm.beforeEnd, share: 0.8 } })).toBe(false);
    const held = { ...storm, beforeEnd: { ...storm.beforeEnd, share: 0.81 } };
    expect(meetsStormAims(held)).toBe(true);
    for (const missed of ["eventsLost", "duplicates", "unserved"] as const) {
      expect(meetsStormAims({ ...held, [missed]: 1 })).toBe(false);
    }
  });
});

describe("a storm on a bad day", () => {
  it("loses no event, launches none twice, and has all served, though functions die and what is told comes late and twice", async () => {
    const storm = await measureStorm({ targets: 16, isBadDay: true });
    expect(storm).toMatchObject({ eventsLost: 0, duplicates: 0, unserved: 0 });
    expect(storm.deaths).toBeGreaterThan(5);
    expect(meetsStormAims({ ...storm, beforeEnd: { ...storm.beforeEnd, share: 0 } })).toBe(true);
    expect(meetsStormAims({ ...storm, duplicates: 1 })).toBe(false);
  });
});

describe("a storm of groups", () => {
  it("loses no event, launches none twice, has all served, and leaves the groups as they were", async () => {
    const storm = await measureStormOfGroups({ groups: 3, members: 4 });
    expect(storm).toMatchObject({
      groups: 3,
      members: 12,
      eventsLost: 0,
      duplicates: 0,
      unserved: 0,
      complaints: [],
    });
    expect(storm.lost).toBeGreaterThan(1);
    expect(storm.byGroup).toBeLessThan(storm.lost);
    expect(storm.served.p50).toBeGreaterThan(20);
    const printed = interruptionReport({ interruptions: [], storms: [], groupStorms: [storm] });
    expect(printed).toMatch(/^A third of all pools .* 3 groups with 12 members/m);
    expect(keepsGroups(storm)).toBe(true);
    for (const missed of ["eventsLost", "duplicates", "unserved"] as const) {
      expect(keepsGroups({ ...storm, [missed]: 1 })).toBe(false);
    }
    expect(keepsGroups({ ...storm, complaints: ["It is not so."] })).toBe(false);
  });
});

describe("the aims", () => {
  const well = [answered(1, 60, 50), answered(2, 119, 110), answered(3, 130, 111)];

  it("a boot fits that leaves ten seconds of the notice, and two points less may serve", () => {
    const { beforeEnd } = figuresOf(which, well);
    expect(beforeEnd).toEqual({
      share: 2 / 3,
      fits: 2 / 3,
      aim: expect.closeTo(2 / 3 - 0.02, 9),
      isMet: true,
    });
    expect(meetsAims(figuresOf(which, well))).toBe(true);
  });

  it.each([
    ["one that serves with the end is late", answered(4, 120, 110)],
    ["one that never serves", answered(4, undefined, 50)],
    ["a second launch", { ...answered(4, 60, 50), duplicates: 1 }],
    ["a lost write", { ...answered(4, 60, 50), writesLost: 1 }],
    ["a second without service before the end", { ...answered(4, 60, 50), downSeconds: 1 }],
    ["a broken promise", { ...answered(4, 60, 50), complaints: ["It is not so."] }],
  ])("are missed by %s", (_what, one) => {
    expect(meetsAims(figuresOf(which, [...well, one]))).toBe(false);
  });

  it("a load with data is not expected before the end", () => {
    const figures = figuresOf({ ...which, load: "data" }, [answered(1, 300, 50)]);
    expect(figures.beforeEnd).toBeUndefined();
    expect(meetsAims(figures)).toBe(true);
  });

  it("are printed with a word for each, and the command that repeats what broke a promise", () => {
    const late = { ...answered(17, undefined, 50), complaints: ["Nothing had taken its place."] };
    const figures = { ...figuresOf(which, [...well, late]), cpuSeconds: 1 };
    const printed = interruptionReport({ interruptions: [figures], storms: [], groupStorms: [] });
    expect(printed).toMatch(/LINEAR, without data +60\/150 s .* never .* 50\.0 % .* MISS/);
    expect(printed).toContain("Nothing had taken its place.\n  npm run bench -- interruptions");
    expect(printed).toContain("--only stateless --boot usual --cases 1 --seed 17");
  });
});
