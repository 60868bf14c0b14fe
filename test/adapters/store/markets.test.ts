import { randomBytes } from "node:crypto";
import { expect, it } from "@jest/globals";
import { marketKey } from "../../../adapters/store/keys.ts";
import { currentMarket, loadMarket, saveMarket } from "../../../adapters/store/markets.ts";
import type { RegionMarket } from "../../../core/model/market.ts";
import { describeForEachTable } from "./backends.ts";
import { at } from "./examples.ts";

const name = { region: "eu-central-1", product: "Linux/UNIX" };

const market = (readAt: string, changes: Partial<RegionMarket> = {}): RegionMarket => ({
  ...name,
  readAt,
  types: [],
  offerings: [],
  spotPrices: [],
  spotPricesFetchedAt: readAt,
  onDemand: [{ instanceType: "m5.large", hourlyUsd: 0.115 }],
  onDemandFetchedAt: readAt,
  bands: [],
  bandsFetchedAt: readAt,
  ...changes,
});

describeForEachTable("markets", (table) => {
  it("are none before the first is saved", async () => {
    expect(await currentMarket(table(), name)).toBeUndefined();
  });

  it("are read back by their digest, the older ones too, and the last saved is the current one", async () => {
    const [first, second] = [market(at(0)), market(at(900))];
    const older = await saveMarket(table(), first, at(0));
    const newer = await saveMarket(table(), second, at(600));
    expect(await loadMarket(table(), older)).toEqual(first);
    expect(await loadMarket(table(), newer)).toEqual(second);
    expect(await currentMarket(table(), name)).toEqual({ digest: newer.digest, asOf: at(600) });
  });

  it("are kept apart by region and product", async () => {
    await saveMarket(table(), market(at(0)), at(0));
    await saveMarket(table(), market(at(0), { product: "Windows" }), at(0));
    expect(await currentMarket(table(), { ...name, region: "us-east-1" })).toBeUndefined();
    const [linux, windows] = await Promise.all(
      ["Linux/UNIX", "Windows"].map((product) => currentMarket(table(), { ...name, product })),
    );
    expect(linux?.digest).not.toBe(windows?.digest);
  });

  it("are stored once, however the members are ordered and however many save at once", async () => {
    const { bands, ...others } = market(at(0));
    const saved = await Promise.all([
      saveMarket(table(), market(at(0)), at(0)),
      saveMarket(table(), { bands, ...others }, at(0)),
    ]);
    await saveMarket(table(), market(at(0)), at(0));
    expect(new Set(saved.map(({ digest }) => digest)).size).toBe(1);
    const { items } = await table().query({
      partition: marketKey(name, "").pk,
      prefix: marketKey(name, "").sk,
    });
    expect(items).toHaveLength(1);
  });

  it("may be larger than the 400 KB of an item, and nothing of them expires", async () => {
    const noise = randomBytes(600_000).toString("base64");
    const large = market(at(0), { onDemand: [{ instanceType: noise, hourlyUsd: 1 }] });
    expect(await loadMarket(table(), await saveMarket(table(), large, at(0)))).toEqual(large);
    const { items } = await table().query({ partition: marketKey(name, "").pk });
    expect(items.length).toBeGreaterThan(2);
    expect(items.filter(({ ttl }) => ttl !== undefined)).toEqual([]);
  });

  it("are refused by name when one that an evaluation was judged on is not there", async () => {
    await expect(loadMarket(table(), { ...name, digest: "0" })).rejects.toMatchObject({
      name: "BrokenFacts",
      resource: "MARKET#eu-central-1#Linux/UNIX/BODY#0",
    });
  });
});
