/** Reads what everything cost that ran in a region: each list once, for all products and types that are asked for. What can't be read is left out, and is unknown then. */
import { readSpotHistory } from "../../../adapters/aws/ec2/spot-history.ts";
import { readDatedPrices, type DatedPrice } from "../../../adapters/aws/pricing.ts";
import { readWastePrices } from "../../../adapters/aws/waste-prices.ts";
import { updateLedgerPrices } from "../../../adapters/store/ledger-prices.ts";
import { keepPrices, priceBook } from "../../../core/ledger/kept-prices.ts";
import type { PriceBook } from "../../../core/ledger/prices.ts";
import { hourMs, type Stretch } from "../../../core/ledger/time.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { KeptPrices } from "../../../core/model/ledger/prices.ts";
import type { InstanceSpan } from "../../../core/model/ledger/span.ts";
import type { SpotPrice } from "../../../core/model/market.ts";
import type { StepContext } from "../../runtime/context.ts";
import type { OneByOne } from "../../schedule/one-by-one.ts";

type Context = StepContext<"pricing" | "marketEc2">;

/** What is to be priced, whether it ran or would have. */
export type Priced = Pick<InstanceSpan, "product" | "instanceType" | "purchase" | "baseline">;

interface PricesInput {
  readonly region: string;
  readonly spans: readonly Priced[];
  /** Of what is priced. */
  readonly within: Stretch;
  readonly turns: OneByOne;
}

/** All types that ran as a product, or would have. */
const typesByProduct = (spans: readonly Priced[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const kinds = spans.flatMap((span) => [span, ...(span.baseline ? [span.baseline] : [])]);
  return new Map(
    [...Map.groupBy(kinds, ({ product }) => product)].map(([product, some]) => [
      product,
      new Set(some.map(({ instanceType }) => instanceType)),
    ]),
  );
};

/** Of a product that the list does not have nobody will ever read a price: what it costs is unknown, and its days are settled all the same. */
const pricesOrNone = async (
  { pricing, log }: Context,
  about: { readonly region: string; readonly product: string },
): Promise<readonly DatedPrice[]> => {
  try {
    return await readDatedPrices(pricing, about);
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || error.name !== "BrokenFacts") throw error;
    log.warn(`${about.product} in ${about.region} has no price: ${error.message}`, { ...about });
    return [];
  }
};

const onDemandOf = async (
  context: Context,
  { region, product, types }: { region: string; product: string; types: ReadonlySet<string> },
): Promise<KeptPrices | undefined> => {
  const listed = await pricesOrNone(context, { region, product });
  return updateLedgerPrices(context.table, { region, product }, (kept) =>
    keepPrices(kept, listed, types),
  );
};

const spotTypes = (spans: readonly Priced[], product: string): readonly string[] => {
  const onSpot = spans.filter((span) => span.purchase === "SPOT" && span.product === product);
  return [...new Set(onSpot.map(({ instanceType }) => instanceType))].sort();
};

/** Instances have hours of their own, which may begin before what is priced. */
const before = ({ from, to }: Stretch): { readonly from: Date; readonly to: Date } => ({
  from: new Date(from - hourMs),
  to: new Date(to),
});

export interface PriceReading {
  readonly book: PriceBook;
  /** False: a list was not read, and what it would have told is unknown for now. */
  readonly isComplete: boolean;
}

export const readPriceBook = async (
  context: Context,
  input: PricesInput,
): Promise<PriceReading> => {
  const { region, spans, within, turns } = input;
  const onDemand = new Map<string, KeptPrices>();
  const spot = new Map<string, readonly SpotPrice[]>();
  for (const [product, types] of typesByProduct(spans)) {
    const keys = { region, product };
    const list = { name: `On-Demand prices of ${product} in ${region} were not read`, keys };
    const kept = await turns.attempt(list, () => onDemandOf(context, { region, product, types }));
    if (kept !== undefined) onDemand.set(product, kept);
    const history = { name: `Spot prices of ${product} in ${region} were not read`, keys };
    const instanceTypes = spotTypes(spans, product);
    const prices = await turns.attempt(history, () =>
      readSpotHistory(context.marketEc2(region), { product, instanceTypes, ...before(within) }),
    );
    if (prices !== undefined) spot.set(product, prices);
  }
  const storage = await turns.attempt(
    { name: `Prices of volumes and addresses in ${region} were not read`, keys: { region } },
    () => readWastePrices(context.pricing, region),
  );
  const products = typesByProduct(spans).size;
  return {
    book: priceBook({ onDemand, spot, storage }),
    isComplete: onDemand.size === products && spot.size === products && storage !== undefined,
  };
};
