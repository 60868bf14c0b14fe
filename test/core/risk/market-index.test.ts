import { describe, expect, it } from "@jest/globals";
import { bandsOf, eventsOfFamily, firstByName } from "../../../core/risk/market-index.ts";

const band = (instanceType: string, minPercent: number, maxPercent: number) => ({
  ...{ instanceType, minPercent, maxPercent, band: 0, label: "" },
});

describe("the first of each name", () => {
  it("is what find gives", () => {
    const values = [
      { name: "a", at: 1 },
      { name: "b", at: 2 },
      { name: "a", at: 3 },
    ];
    const first = firstByName(values, ({ name }) => name);
    for (const wanted of ["a", "b", "c"]) {
      expect(first.get(wanted)).toBe(values.find(({ name }) => name === wanted));
    }
  });
});

describe("bands of a market", () => {
  it("are found by their type, and the first of the worst is known", () => {
    const bands = [
      band("m5.large", 5, 10),
      band("c5.large", 15, 20),
      band("r5.large", 10, 25),
      band("m5.large", 0, 5),
    ];
    expect(bandsOf(bands).byType.get("m5.large")).toBe(bands[0]);
    expect(bandsOf(bands).byType.get("t3.large")).toBeUndefined();
    expect(bandsOf(bands).worst).toBe(bands[1]);
  });

  it("may be none", () => {
    expect(bandsOf([])).toEqual({ byType: new Map(), worst: undefined });
  });
});

describe("what was told of a family", () => {
  const events = ["m5.large", "m5a.large", "c5.large", "m5.xlarge"].map((instanceType, index) => ({
    ...{ zoneId: "use1-az1", instanceType },
    at: `2026-03-01T0${String(index)}:00:00.000Z`,
  }));

  it("is of all its types, in the order of the list", () => {
    expect(eventsOfFamily(events, "m5.4xlarge")).toEqual([events[0], events[3]]);
    expect(eventsOfFamily(events, "m5a.metal")).toEqual([events[1]]);
  });

  it("is more once the list has grown", () => {
    const growing = events.slice(0, 1);
    expect(eventsOfFamily(growing, "m5.large")).toHaveLength(1);
    growing.push(...events.slice(1));
    expect(eventsOfFamily(growing, "m5.large")).toHaveLength(2);
  });

  it("is nothing of another, and nothing of no events", () => {
    expect(eventsOfFamily(events, "m")).toEqual([]);
    expect(eventsOfFamily([], "m5.large")).toEqual([]);
  });
});
