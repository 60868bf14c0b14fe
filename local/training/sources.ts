/** What a model is trained and reported on: a trace each, and all markets of a price file together as one. */
import { basename } from "node:path";
import type { MarketFiles } from "../backtest/market-files.ts";
import { readPriceFiles, type PriceFiles } from "../backtest/price-files.ts";
import type { Recording } from "../backtest/recording.ts";
import { readTraceFile } from "../backtest/trace-file.ts";
import { examplesOf, type Example } from "./examples.ts";
import { trainedShare } from "./parts.ts";

export interface Source {
  readonly name: string;
  readonly kind: "trace" | "prices";
  readonly examples: readonly Example[];
  /** The part that is fitted and chosen on; absent where the recording doesn't state its start. */
  readonly trainedMs?: { readonly from: number; readonly to: number };
}

const trainedMsOf = (markets: readonly Recording[]): Source["trainedMs"] => {
  const spans = markets.flatMap(({ startMs, ticks, gapSeconds }) =>
    startMs === undefined
      ? []
      : [{ from: startMs, to: startMs + ticks * gapSeconds * 1000 * trainedShare }],
  );
  if (spans.length === 0) return undefined;
  return {
    from: Math.min(...spans.map(({ from }) => from)),
    to: Math.round(Math.max(...spans.map(({ to }) => to))),
  };
};

/** @throws Error where no pool is up for an hour, or none is ever lost: there is nothing to learn. */
export const sourceOf = (
  { name, kind }: Pick<Source, "name" | "kind">,
  markets: readonly Recording[],
): Source => {
  const examples = markets.flatMap(examplesOf);
  if (examples.length === 0) {
    throw new Error(`${name} has no example: no zone is up with an hour of recording after it.`);
  }
  if (!examples.some(({ isLost }) => isLost)) {
    throw new Error(`${name} has no loss: nothing can be learnt from it.`);
  }
  const trainedMs = trainedMsOf(markets);
  return { name, kind, examples, ...(trainedMs !== undefined && { trainedMs }) };
};

const readPrices = (files: PriceFiles): Source => {
  const name = basename(files.pricesPath).replace(/\.csv(\.gz)?$/, "");
  return sourceOf({ name, kind: "prices" }, readPriceFiles(files));
};

/** @throws Error naming file and line of what is malformed, or two traces of one name. */
export const readSources = ({ tracePaths, priceFiles }: MarketFiles): readonly Source[] => {
  const sources = [
    ...tracePaths.map((path) => {
      const market = readTraceFile(path);
      return sourceOf({ name: market.name, kind: "trace" }, [market]);
    }),
    ...(priceFiles === undefined ? [] : [readPrices(priceFiles)]),
  ];
  const names = sources.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`Two of the files are called ${twice}.`);
  return sources;
};
