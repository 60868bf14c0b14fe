/** On-Demand prices that the savings ledger has seen, by region and product. */
import { keptPricesSchema, type KeptPrices } from "../../core/model/ledger/prices.ts";
import { ledgerPricesKey } from "./ledger-keys.ts";
import { updateValue } from "./single-value.ts";
import type { Table } from "./table.ts";

/** A change that returns its argument itself writes nothing. @throws RetryableContention, BrokenFacts; both name the product */
export const updateLedgerPrices = (
  table: Table,
  { region, product }: { readonly region: string; readonly product: string },
  change: (stored: KeptPrices | undefined) => KeptPrices,
): Promise<KeptPrices | undefined> =>
  updateValue(
    table,
    {
      key: ledgerPricesKey(region, product),
      name: `the ledger's prices of ${product} in ${region}`,
      schema: keptPricesSchema(),
      none: undefined,
    },
    change,
  );
