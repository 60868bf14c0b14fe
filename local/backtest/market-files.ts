/** The options that name recorded markets: traces of availability, and price files with the On-Demand prices to them. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { existingFile } from "../terminal/option-values.ts";
import { madeMarketFolder } from "./made-market.ts";
import type { PriceFiles } from "./price-files.ts";

/** Absolute paths. */
export interface MarketFiles {
  readonly tracePaths: readonly string[];
  readonly priceFiles?: PriceFiles;
}

/** Keys of a command's schema. */
export const marketFileOptions = (folder: string) => ({
  traces: z.array(existingFile(folder)).default([]),
  prices: existingFile(folder).optional(),
  "on-demand": existingFile(folder).optional(),
});

export const marketFileNeeds = { prices: "on-demand", "on-demand": "prices" } as const;

interface MarketValues {
  readonly traces: readonly string[];
  readonly prices?: string | undefined;
  readonly "on-demand"?: string | undefined;
}

/** Of the market that ships with the product: so that a command does something in a fresh clone. */
const shippedTraces = (): readonly string[] =>
  readdirSync(madeMarketFolder)
    .filter((name) => name.startsWith("trace-"))
    .sort()
    .map((name) => join(madeMarketFolder, name));

export const tracesOrShipped = (traces: readonly string[]): readonly string[] =>
  traces.length === 0 ? shippedTraces() : traces;

/** Where no file is named, the traces that ship. */
export const marketFilesOf = (values: MarketValues): MarketFiles => {
  const { traces: tracePaths, prices: pricesPath, "on-demand": onDemandPath } = values;
  return pricesPath === undefined || onDemandPath === undefined
    ? { tracePaths: tracesOrShipped(tracePaths) }
    : { tracePaths, priceFiles: { pricesPath, onDemandPath } };
};
