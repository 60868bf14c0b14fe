/** By which tags the sweep finds targets in an account. */
import type { AccountId } from "../../core/model/ids.ts";
import { findByTagsSchema, type FindByTags } from "../../core/model/find-by-tags.ts";
import { findByTagsKey } from "./keys.ts";
import { readValue, updateValue, type SingleValue } from "./single-value.ts";
import type { Table } from "./table.ts";
import { removeItem } from "./update-item.ts";

const findByTagsOf = (accountId: AccountId): SingleValue<FindByTags, undefined> => ({
  key: findByTagsKey(accountId),
  name: `tags by which targets of account ${accountId} are found`,
  schema: findByTagsSchema(),
  none: undefined,
});

/** @throws BrokenFacts naming the account if what is stored does not parse */
export const readFindByTags = (
  table: Table,
  accountId: AccountId,
): Promise<FindByTags | undefined> => readValue(table, findByTagsOf(accountId));

/** Whoever connects the account again says again by which. */
export const forgetFindByTags = async (table: Table, accountId: AccountId): Promise<void> => {
  await removeItem(table, findByTagsKey(accountId));
};

/** The last one to set them wins. @throws RetryableContention, BrokenFacts; both name the account */
export const setFindByTags = async (
  table: Table,
  accountId: AccountId,
  found: FindByTags,
): Promise<void> => {
  await updateValue(table, findByTagsOf(accountId), () => found);
};
