/** What is promised of an account's request limits in a region, an item for each bucket: a block is one conditional write. */
import {
  callBudgetSchema,
  type CallBudget,
  type CallFamily,
} from "../../core/model/call-budget.ts";
import type { Place } from "../../core/model/place.ts";
import { callBudgetKey } from "./keys.ts";
import { updateValue, type SingleValue } from "./single-value.ts";
import type { Table } from "./table.ts";

const budgetOf = (
  { accountId, region }: Place,
  family: CallFamily,
): SingleValue<CallBudget, undefined> => ({
  key: callBudgetKey({ accountId, region }, family),
  name: `call budget ${family} in ${region} of account ${accountId}`,
  schema: callBudgetSchema(),
  none: undefined,
});

/** A change that returns its argument itself writes nothing. @throws RetryableContention, BrokenFacts; both name the place */
export const updateCallBudget = async (
  table: Table,
  { place, family }: { readonly place: Place; readonly family: CallFamily },
  change: (stored: CallBudget | undefined) => CallBudget | undefined,
): Promise<void> => {
  await updateValue(table, budgetOf(place, family), change);
};
