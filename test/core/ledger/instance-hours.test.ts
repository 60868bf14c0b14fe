import { describe, expect, it } from "@jest/globals";
import { instanceHours } from "../../../core/ledger/instance-hours.ts";
import type { InstanceSpan } from "../../../core/model/ledger/span.ts";
import { at, book, day, endedAt, nextDay, since, span, spot } from "./samples.ts";

const hoursOf = (spans: readonly InstanceSpan[], prices = book()) =>
  instanceHours({ day, spans, knownUntil: at("01:45", nextDay), prices }).map(
    ({ instanceType, purchase, hours }) => ({ instanceType, purchase, hours }),
  );

const none = (count: number): readonly string[] => Array.from({ length: count }, () => "-");
const all = (count: number, cost: string): readonly string[] =>
  Array.from({ length: count }, () => cost);

describe("what each instance cost in each hour", () => {
  it("is the day of an On-Demand Instance, hour by hour", () => {
    expect(hoursOf([span()])).toEqual([
      { instanceType: "m5.large", purchase: "ON_DEMAND", hours: all(24, "100000000") },
    ]);
  });

  it("has the price at the beginning of each hour of a Spot Instance, cut at hours in UTC", () => {
    const prices = book({ spot: () => [since("00:00", 0.03), since("10:30", 0.06)] });
    const found = hoursOf([spot({ startedAt: at("09:40"), ...endedAt("12:10", "US") })], prices);
    expect(found).toEqual([
      {
        instanceType: "m5.large",
        purchase: "SPOT",
        hours: [...none(9), "10000000", "40000000", "60000000", "10000000", ...none(11)],
      },
    ]);
  });

  it("has nothing of an instance that EC2 took in its first hour", () => {
    expect(hoursOf([spot({ startedAt: at("09:40"), ...endedAt("10:20", "EC2") })])).toEqual([]);
  });

  it("has nothing of what is stopped", () => {
    expect(hoursOf([span({ state: "STOPPED" })])).toEqual([]);
  });

  it("adds up two runs of one instance in one hour", () => {
    const found = hoursOf([
      span({ startedAt: at("10:00"), ...endedAt("10:15", "OWNER") }),
      span({ startedAt: at("10:30"), ...endedAt("10:45", "OWNER") }),
    ]);
    expect(found.map(({ hours }) => hours)).toEqual([[...none(10), "50000000", ...none(13)]]);
  });

  it("is unknown where there is no price, and where nobody knows how long it ran", () => {
    const prices = book({ spot: () => [since("11:00", 0.03)] });
    const end = { earliest: at("12:30"), latest: at("13:30"), by: "UNKNOWN" as const };
    const [found] = hoursOf([spot({ startedAt: at("10:00"), end })], prices);
    expect(found?.hours).toEqual([...none(10), "?", "30000000", "?", "?", ...none(10)]);
  });
});
