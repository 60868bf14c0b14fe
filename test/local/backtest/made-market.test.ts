/** The market that ships: what its command makes, small, and enough for every command that takes recorded markets. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import { madeMarketFiles, madeMarketFolder } from "../../../local/backtest/made-market.ts";
import { marketFilesOf } from "../../../local/backtest/market-files.ts";
import { readPriceFiles } from "../../../local/backtest/price-files.ts";
import { readTraceFile } from "../../../local/backtest/trace-file.ts";
import { recordedMarket } from "../../../local/cloud/market/recorded.ts";

const at = (name: string): string => join(madeMarketFolder, name);

const textOf = (name: string): string => {
  const bytes = readFileSync(at(name));
  return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
};

const noFiles = marketFilesOf({ traces: [] });

describe("markets/made-1", () => {
  const names = readdirSync(madeMarketFolder).sort();

  it("is what its seed gives (else run: npm run market)", () => {
    const made = madeMarketFiles();
    expect(names).toEqual([...made.keys()].sort());
    expect(names.filter((name) => textOf(name) !== made.get(name))).toEqual([]);
  });

  it("takes at most 300 kB", () => {
    const sizes = names.map((name) => statSync(at(name)).size);
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(300_000);
  });

  it("is what commands read that are given no file", () => {
    expect(noFiles.tracePaths).toEqual(
      names.filter((name) => name.startsWith("trace-")).map((name) => at(name)),
    );
    expect(noFiles.priceFiles).toBeUndefined();
    expect(marketFilesOf({ traces: ["a.csv"] }).tracePaths).toEqual(["a.csv"]);
  });

  it.each(noFiles.tracePaths)("%s has zones that are lost and come back", (path) => {
    const { capacity, ticks } = readTraceFile(path);
    expect(ticks).toBe(28 * 288);
    const losses = capacity.map(
      (row) => row.filter((held, tick) => held === 0 && (row[tick - 1] ?? 0) > 0).length,
    );
    for (const count of losses) expect(count).toBeGreaterThan(5);
  });

  it("has prices that the backtest and the demo can read, and says that it is made up", () => {
    const files = {
      pricesPath: at("price-us-east-1.csv.gz"),
      onDemandPath: at("ondemand-us-east-1.csv.gz"),
    };
    expect(readPriceFiles(files)).toHaveLength(12);
    const market = recordedMarket({ dir: madeMarketFolder });
    expect(market.withoutSpecification).toEqual([]);
    expect(market.types()).toHaveLength(12);
    expect(market.about).toMatch(/^This market is made up: nothing in it was recorded at AWS\./);
  });

  it("has no capacity where the simulated market has none, by a price above On-Demand", () => {
    const prices = textOf("price-us-east-1.csv.gz").trim().split("\n").slice(1);
    const market = recordedMarket({ dir: madeMarketFolder });
    const above = prices.filter((row) => {
      const [type = "", , , price] = row.split(",");
      return Number(price) > (market.onDemand("us-east-1", type, "Linux/UNIX") ?? 0);
    });
    expect(above.length).toBeGreaterThan(0);
    expect(above.length).toBeLessThan(prices.length / 20);
  });
});
