/**
 * Markets of regions, each stored once under its digest, and which of a region and product was read last. They have
 * no time to live: each is named by the evaluations that were judged on it, and a replay needs it whenever it is asked
 * for, as it needs the evaluation itself.
 */
import { hash } from "node:crypto";
import { canonicalJson } from "../../core/canonical.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { MarketReference, RegionMarket } from "../../core/model/market.ts";
import { loadSettledBlob, saveBlob } from "./blobs.ts";
import { currentMarketKey, marketKey } from "./keys.ts";
import type { Table } from "./table.ts";
import { untilWritten } from "./update-item.ts";

/** The one that was read last. */
export interface CurrentMarket {
  readonly digest: string;
  /** When the oldest part of it was fetched, ISO 8601. */
  readonly asOf: string;
}

const digestOf = (market: RegionMarket): string => hash("sha256", canonicalJson(market));

/** The body first: whoever finds the pointer finds what it names. Of two at once the last is the current one. */
export const saveMarket = async (
  table: Table,
  market: RegionMarket,
  asOf: string,
): Promise<MarketReference> => {
  const { region, product } = market;
  const digest = digestOf(market);
  const bodyKey = marketKey(market, digest);
  // What stands under its own digest need not be written again.
  if ((await table.get(bodyKey)) === undefined) {
    await saveBlob(table, bodyKey, { info: null, body: market });
  }
  const key = currentMarketKey(market);
  const current: CurrentMarket = { digest, asOf };
  await untilWritten(`${key.pk}/${key.sk}`, async () => {
    const old = await table.get(key);
    const { kind } = await table.put(
      { ...key, version: (old?.version ?? 0) + 1, data: current },
      old === undefined ? { ifAbsent: true } : { ifVersion: old.version },
    );
    return kind === "WRITTEN" ? true : undefined;
  });
  return { region, product, digest };
};

/** Undefined if none was ever read. */
export const currentMarket = async (
  table: Table,
  name: Omit<MarketReference, "digest">,
): Promise<CurrentMarket | undefined> =>
  (await table.get(currentMarketKey(name)))?.data as CurrentMarket | undefined;

/** @throws BrokenFacts naming the market if it is absent or damaged. */
export const loadMarket = async (
  table: Table,
  reference: MarketReference,
): Promise<RegionMarket> => {
  const key = marketKey(reference, reference.digest);
  // It never changes under its digest.
  const blob = await loadSettledBlob(table, key);
  if (blob !== undefined) return blob.body as RegionMarket;
  const { region, product } = reference;
  throw new SpotOptimizerError(
    "BrokenFacts",
    `The market of ${region} for ${product} (${key.pk}/${key.sk}) is not stored.`,
    { resource: `${key.pk}/${key.sk}` },
  );
};
