/** The options that name recorded markets: traces of availability, and price files with the On-Demand prices to them. */
import * as z from "zod";
import { existingFile } from "../terminal/option-values.ts";
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

export const namesMarkets = ({ traces, prices }: MarketValues): boolean =>
  traces.length > 0 || prices !== undefined;

export const marketFilesOf = (values: MarketValues): MarketFiles => {
  const { traces: tracePaths, prices: pricesPath, "on-demand": onDemandPath } = values;
  return pricesPath === undefined || onDemandPath === undefined
    ? { tracePaths }
    : { tracePaths, priceFiles: { pricesPath, onDemandPath } };
};
