import { describe, expect, it } from "@jest/globals";
import { readPriceFiles } from "../../../local/backtest/price-files.ts";
import { everyUnit } from "../../../local/backtest/recording.ts";
import { temporaryFiles } from "./temporary-files.ts";

const { write } = temporaryFiles();

const read = (prices: readonly string[], onDemand: readonly string[]) =>
  readPriceFiles({
    pricesPath: write(
      "prices.csv",
      ["instance_type,az,timestamp_utc,spot_usd_per_h", ...prices, ""].join("\n"),
    ),
    onDemandPath: write(
      "on-demand.csv",
      ["instance_type,ondemand_usd_per_h", ...onDemand, ""].join("\n"),
    ),
  });

const day = "2016-03-01T";

describe("a price history", () => {
  it("is a market per type, in units of On-Demand, in time order whatever the order of its rows", () => {
    const [market, ...others] = read(
      [
        `m1.large,us-east-1b,${day}00:10:00,0.15`,
        `m1.large,us-east-1a,${day}00:06:00,0.2`,
        `m1.large,us-east-1a,${day}00:00:00,0.05`,
        `m1.large,us-east-1b,${day}00:04:00,0.1`,
        `m1.large,us-east-1a,${day}00:16:00,0.025`,
        `m1.large,us-east-1a,${day}00:20:00,0.04`,
      ],
      ["m1.large,0.1"],
    );
    expect(others).toEqual([]);
    expect(market).toEqual({
      name: "prices m1.large",
      instanceType: "m1.large",
      gapSeconds: 300,
      // From 00:04 to 00:20, at whole multiples of five minutes; a change at 00:10:00 counts from 00:15.
      startMs: Date.UTC(2016, 2, 1, 0, 5),
      ticks: 4,
      zones: ["us-east-1a", "us-east-1b"],
      capacity: [
        Int32Array.of(everyUnit, 0, 0, everyUnit),
        Int32Array.of(everyUnit, everyUnit, 0, 0),
      ],
      price: [
        Float64Array.of(0.5, 2, 2, 0.25),
        Float64Array.of(1, 1, 1.4999999999999998, 1.4999999999999998),
      ],
    });
  });

  it("leaves out a type with one zone, which then needs no On-Demand price", () => {
    const one = `c1.medium,us-east-1a,${day}00:00:00,0.1`;
    const two = ["a", "b"].map((zone) => `x1,us-east-1${zone},${day}00:00:00,0.1`);
    const markets = read([one, ...two], ["x1,1"]);
    expect(markets.map(({ instanceType }) => instanceType)).toEqual(["x1"]);
    expect(() => read([one], [])).toThrow(
      "prices.csv has no instance type with two zones or more.",
    );
  });

  it("lasts equally long for all types", () => {
    const markets = read(
      [
        `b,us-east-1a,${day}00:00:00,0.1`,
        `b,us-east-1b,${day}00:00:00,0.1`,
        `a,us-east-1a,${day}01:00:00,0.1`,
        `a,us-east-1b,${day}02:00:00,0.1`,
      ],
      ["a,1", "b,1"],
    );
    expect(markets.map(({ instanceType, ticks }) => [instanceType, ticks])).toEqual([
      ["a", 1],
      ["b", 1],
    ]);
  });

  it("refuses a type without On-Demand price, by its name and those of the files", () => {
    const prices = [`x1,us-east-1a,${day}00:00:00,0.1`, `x1,us-east-1b,${day}00:00:00,0.1`];
    for (const onDemand of [[], ["x1,0"]]) {
      expect(() => read(prices, onDemand)).toThrow(
        "on-demand.csv has no On-Demand price above 0 for x1, which prices.csv has 2 zones of.",
      );
    }
  });

  it.each([
    [[`m1,us-east-1a,${day}00:00:00,cheap`], 'prices.csv, line 2: spot_usd_per_h is "cheap"'],
    [["m1,us-east-1a,yesterday,0.1"], 'prices.csv, line 2: timestamp_utc is "yesterday"'],
    [[`m1,,${day}00:00:00,0.1`], "prices.csv, line 2: az is empty."],
    [["m1,us-east-1a"], "prices.csv, line 2: 2 columns instead of 4."],
  ])("refuses %j with its line", (prices, message) => {
    expect(() => read(prices, [])).toThrow(message);
  });
});
