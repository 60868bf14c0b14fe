import { describe, expect, it } from "@jest/globals";
import { alwaysOnDemand, lowestPrice, roundRobin } from "../../../local/backtest/baselines.ts";
import { scoreOf } from "../../../local/backtest/ledger.ts";
import { places, type Placer } from "../../../local/backtest/policy.ts";
import { replay } from "../../../local/backtest/replay.ts";
import { policyOf, scripted, sketch } from "./hand-made-market.ts";

const { onDemand, down } = places;

/** Stays in the first zone, whatever it hears. */
const staying = (heard: string[]) =>
  policyOf(
    () => ({
      announced: ({ index }) => void heard.push(String(index)),
      decide: (unit, desk) => {
        if (desk.tick === 0) desk.launchSpot(unit, 0);
      },
    }),
    { isListening: true },
  );

/** Seconds of On-Demand that a replay of so many ticks cost. */
const costSeconds = (cost: number, seconds: number): number => cost * seconds;

describe("what is announced", () => {
  const signals = {
    announcedShare: 1,
    leadSeconds: 300,
    falseAlarmsPerDay: 0,
    restHours: 0,
    youngMinutes: 0,
    seed: 1,
  };

  /** Begins in the first zone, and leaves for the next one when it is told. */
  const leaving = (heard: string[]) =>
    policyOf(
      () => {
        let isTold = false;
        return {
          announced: ({ index }, zone, desk) => {
            heard.push(`unit ${String(index)} in ${String(zone)} at ${String(desk.now)}`);
            isTold = true;
          },
          decide: (unit, desk) => {
            if (desk.tick === 0) desk.launchSpot(unit, 0);
            else if (isTold) desk.launchSpot(unit, unit.place + 1);
            isTold = false;
          },
        };
      },
      { isListening: true },
    );

  const capacity = ["***000", "******", "******"];

  it("is decided on within the tick, and the loss is escaped where the next one boots in time", () => {
    const heard: string[] = [];
    const market = sketch({ gapSeconds: 600, capacity });
    const { figures } = replay(market, leaving(heard), { units: 1, signals });
    expect(heard).toEqual(["unit 0 in 0 at 1500"]);
    expect(figures).toMatchObject({ interruptionsPerUnitWeek: 0, availability: 1 });
    // On-Demand for 240 s; Spot from the start on, twice while the second one boots.
    expect(costSeconds(figures.cost, 3600)).toBeCloseTo(240 + 0.3 * (3600 + 240), 9);
  });

  it("comes too late for what takes longer to boot", () => {
    const market = sketch({ gapSeconds: 600, capacity });
    const options = { units: 1, signals: { ...signals, leadSeconds: 120 } };
    const { figures } = replay(market, leaving([]), options);
    // Of the 240 s of its boot 120 are left.
    expect(1 - figures.availability).toBeCloseTo(120 / 3600, 12);
  });

  it("is told to those whose instances are taken, launched last first, and to no other", () => {
    const heard: string[] = [];
    const market = sketch({ gapSeconds: 600, capacity: ["333111", "******"] });
    replay(market, leaving(heard), { units: 3, signals });
    expect(heard).toEqual(["unit 2 in 0 at 1500", "unit 1 in 0 at 1500"]);
  });

  it("is not heeded by what is young, nor by a unit that rests from its last move of that kind", () => {
    const twice = sketch({ gapSeconds: 600, capacity: ["***000000", "******000", "*********"] });
    const toldWith = (more: Partial<typeof signals>): readonly string[] => {
      const heard: string[] = [];
      replay(twice, leaving(heard), { units: 1, signals: { ...signals, ...more } });
      return heard;
    };
    expect(toldWith({})).toEqual(["unit 0 in 0 at 1500", "unit 0 in 1 at 3300"]);
    expect(toldWith({ restHours: 0.51 })).toEqual(["unit 0 in 0 at 1500"]);
    // Launched at 0, told at 1500; launched at 1500, told at 3300.
    expect(toldWith({ youngMinutes: 25 })).toHaveLength(2);
    expect(toldWith({ youngMinutes: 26 })).toEqual([]);
  });

  it("may be a false alarm, which all in the zone are told", () => {
    const heard: string[] = [];
    const market = sketch({ gapSeconds: 600, capacity: ["*".repeat(144), "*".repeat(144)] });
    const alarmed = { ...signals, falseAlarmsPerDay: 24 };
    replay(market, staying(heard), { units: 2, signals: alarmed });
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.length % 2).toBe(0);
  });
});

describe("a replay", () => {
  it("begins with all units on On-Demand, which costs 1 and is never down", () => {
    const { figures } = replay(sketch({ capacity: ["***"] }), alwaysOnDemand, { units: 3 });
    expect(figures).toEqual({
      cost: 1,
      availability: 1,
      interruptionsPerUnitWeek: 0,
      movesPerUnitWeek: 0,
      spotShare: 0,
      halfLost: 0,
    });
  });

  it("completes boots, reclaims, lets decide, in this order", () => {
    const seen: string[] = [];
    const note = (what: string, tick: number): void => {
      seen.push(`${String(tick)} ${what}`);
    };
    const policy = policyOf(() => ({
      tick: (desk) => {
        note("tick", desk.tick);
      },
      lost: (unit, _zone, desk) => {
        note(`lost, at ${String(unit.place)}`, desk.tick);
      },
      decide: (unit, desk) => {
        note(`decide, at ${String(unit.place)}`, desk.tick);
        if (desk.tick === 0) desk.launchSpot(unit, 0);
      },
    }));
    // Ready at 240 s, which is tick 1, and reclaimed there.
    replay(sketch({ capacity: ["10"] }), policy, { units: 1 });
    expect(seen).toEqual([
      "0 tick",
      "0 decide, at -1",
      "1 lost, at -2",
      "1 tick",
      "1 decide, at -2",
    ]);
  });

  it("reclaims what was launched last first", () => {
    const lost: number[] = [];
    const policy = scripted(
      { 0: [[1, 0]], 1: [[2, 0]], 2: [[0, 0]] },
      { lost: ({ index }) => void lost.push(index) },
    );
    replay(sketch({ capacity: ["3333210"] }), policy, { units: 3 });
    expect(lost).toEqual([0, 2, 1]);
  });

  it("counts booting instances as the zone's, and reclaims them too", () => {
    const market = sketch({ gapSeconds: 60, capacity: ["11000000"] });
    const launches: boolean[] = [];
    const policy = policyOf(() => ({
      decide: (unit, desk) => {
        if (desk.tick === 0) launches.push(desk.launchSpot(unit, 0));
      },
    }));
    const { figures, timeline } = replay(market, policy, { units: 2, keepsTimeline: true });
    expect(launches).toEqual([true, false]);
    expect(timeline?.interruptions).toEqual([{ tick: 2, zone: 0, unit: 0 }]);
    // What it would have replaced has served on.
    expect(figures.availability).toBe(1);
  });

  it("bills both instances while a voluntary move boots, and has no downtime", () => {
    const market = sketch({ gapSeconds: 100, capacity: ["*****"] });
    const { figures } = replay(market, scripted({ 0: [[0, 0]] }), { units: 1 });
    // On-Demand to the second until 240 s, the new one from launch.
    expect(costSeconds(figures.cost, 500)).toBeCloseTo(240 + 0.3 * 500, 9);
    expect(figures.availability).toBe(1);
    expect(figures.spotShare).toBe(1);
  });

  it("counts an interrupted unit as down until its replacement serves, and bills that from launch", () => {
    const market = sketch({ gapSeconds: 300, capacity: ["**0000", "000***"] });
    const script = scripted({ 0: [[0, 0]], 3: [[0, 1]] });
    const { figures } = replay(market, script, { units: 1 });
    // Down from 600 s, launched at 900 s, serves at 1140 s.
    expect((1 - figures.availability) * 1800).toBeCloseTo(540, 9);
    expect(costSeconds(figures.cost, 1800)).toBeCloseTo(240 + 0.3 * 600 + 0.3 * 900, 9);
    // The launch of what is down is not a move.
    expect(figures.movesPerUnitWeek).toBeCloseTo(604_800 / 1800, 9);
  });

  it("lets a launch without capacity fail at once and cost nothing", () => {
    const failed: number[] = [];
    const market = sketch({ capacity: ["000", "111"] });
    const policy = scripted({ 0: [[0, 0]] }, { failed: (zone) => void failed.push(zone) });
    const { figures } = replay(market, policy, { units: 1 });
    expect(failed).toEqual([0]);
    expect(figures).toMatchObject({ cost: 1, movesPerUnitWeek: 0, spotShare: 0 });
  });

  it("keeps in On-Demand the units that the zones can't hold", () => {
    const market = sketch({ capacity: ["2222", "1111"] });
    const { timeline } = replay(market, lowestPrice, { units: 5, keepsTimeline: true });
    expect(timeline?.segments.map((unit) => unit.at(-1)?.place)).toEqual([
      0,
      0,
      1,
      onDemand,
      onDemand,
    ]);
  });

  it.each([
    { noticeSeconds: 0, downSeconds: 240 },
    { noticeSeconds: 120, downSeconds: 120 },
    { noticeSeconds: 600, downSeconds: 0 },
  ])(
    "does not count $noticeSeconds s of notice as downtime, and costs the same",
    ({ noticeSeconds, downSeconds }) => {
      const market = sketch({ gapSeconds: 100, capacity: ["****000000"] });
      const options = { units: 1, noticeSeconds };
      const { figures } = replay(market, lowestPrice, options);
      expect((1 - figures.availability) * 1000).toBeCloseTo(downSeconds, 9);
      expect(figures.cost).toBe(replay(market, lowestPrice, { units: 1 }).figures.cost);
    },
  );

  it("keeps a timeline without gaps, of where each unit served", () => {
    const market = sketch({ capacity: ["**00**"] });
    const { timeline } = replay(market, lowestPrice, { units: 1, keepsTimeline: true });
    expect(timeline).toEqual({
      segments: [
        [
          { fromTick: 0, toTick: 1, place: onDemand },
          { fromTick: 1, toTick: 2, place: 0 },
          { fromTick: 2, toTick: 3, place: down },
          { fromTick: 3, toTick: 5, place: onDemand },
          { fromTick: 5, toTick: 6, place: 0 },
        ],
      ],
      interruptions: [{ tick: 2, zone: 0, unit: 0 }],
    });
  });

  it("gives the same figures each time", () => {
    const market = sketch({ capacity: ["1201201", "0212102"] });
    const [one, other] = [1, 2].map(() => replay(market, roundRobin, { units: 3 }));
    expect(other).toEqual(one);
  });
});

describe("a policy", () => {
  const market = sketch({ capacity: ["1010"] });
  const run = (decide: Placer["decide"], isProbing = false) =>
    replay(
      market,
      policyOf(() => ({ decide }), { isProbing }),
      { units: 2 },
    );

  it("that is not probing can't see capacity", () => {
    expect(() => run((_unit, desk) => void desk.isUp(0))).toThrow("not probing");
    expect(() => run((_unit, desk) => void desk.holds(0))).toThrow("not probing");
  });

  it("that is probing sees how many of its units a zone could hold, and of its own how many are there", () => {
    const seen: (readonly number[])[] = [];
    replay(
      sketch({ capacity: ["1*20", "0000"] }),
      policyOf(
        () => ({
          decide: (unit, desk) => {
            seen.push([desk.holds(0), desk.instancesIn(0)]);
            if (unit.index === 0 && desk.tick === 0) desk.launchSpot(unit, 0);
          },
        }),
        { isProbing: true },
      ),
      { units: 3 },
    );
    const first = [
      [1, 0],
      [1, 1],
      [1, 1],
    ];
    expect(seen).toEqual([
      ...first,
      ...Array.from({ length: 3 }, () => [3, 1]),
      ...Array.from({ length: 3 }, () => [2, 1]),
      ...Array.from({ length: 3 }, () => [0, 0]),
    ]);
  });

  it("is told neither capacity, nor prices, nor the end of the market", () => {
    const told: unknown[] = [];
    replay(
      market,
      {
        name: "curious",
        isProbing: true,
        start: (description) => {
          told.push(description);
          return { decide: () => undefined };
        },
      },
      { units: 1 },
    );
    expect(told).toEqual([{ name: "sketch", gapSeconds: 240, zones: ["zone-a"] }]);
  });

  it("that is probing sees which zones have capacity, whoever holds it", () => {
    const seen: boolean[] = [];
    run((unit, desk) => {
      if (unit.index === 0) desk.launchSpot(unit, 0);
      else seen.push(desk.isUp(0));
    }, true);
    expect(seen).toEqual([true, false, true, false]);
  });

  it("launches for the unit that decides only, and once", () => {
    expect(() => run((unit, desk) => void desk.launchSpot({ ...unit, index: 1 }, 0))).toThrow(
      "Unit 1 launches outside its own decision",
    );
    const twice: Placer["decide"] = (unit, desk) => {
      desk.launchOnDemand(unit);
      desk.launchOnDemand(unit);
    };
    expect(() => run(twice)).toThrow("Unit 0 waits for a boot");
  });
});

describe("J", () => {
  it("is cost, downtime and a price per interruption and unit-hour", () => {
    const figures = {
      cost: 0.3,
      availability: 0.99,
      interruptionsPerUnitWeek: 16.8,
      movesPerUnitWeek: 5,
      spotShare: 1,
      halfLost: 0.01,
    };
    expect([0, 0.5, 2].map((penalty) => scoreOf(figures, penalty))).toEqual([
      expect.closeTo(0.31, 12),
      expect.closeTo(0.36, 12),
      expect.closeTo(0.51, 12),
    ]);
  });
});
