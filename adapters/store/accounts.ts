/** Customer accounts. The ExternalId is part of the record: whoever shows an account to others takes it out. */
import { accountSchema } from "../../core/model/account.ts";
import type { Account } from "../../core/model/account.ts";
import type { AccountId } from "../../core/model/ids.ts";
import { accountKey, accountsPartition } from "./keys.ts";
import { parseStored, parseToStore, sortableInstant } from "./parsed-data.ts";
import type { Item, Table, WriteResult } from "./table.ts";
import { firstVersion, removeItem, updateItem } from "./update-item.ts";

export interface AccountPage {
  readonly items: readonly Account[];
  readonly cursor?: string;
}

const nameOf = (accountId: string): string => `account ${accountId}`;

const read = (item: Item): Account =>
  parseStored(accountSchema(), item.data, `account ${item.pk.slice("ACCOUNT#".length)}`);

const toItem = (account: Account, version: number): Item => ({
  ...accountKey(account.accountId),
  version,
  gsi1pk: accountsPartition,
  gsi1sk: `${sortableInstant(account.createdAt, "createdAt")}#${account.accountId}`,
  data: parseToStore(accountSchema(), account, nameOf(account.accountId)),
});

/** CONFLICT if the account is connected already. @throws BrokenInput if it does not fit its schema. */
export const createAccount = async (table: Table, account: Account): Promise<WriteResult> =>
  table.put(toItem(account, firstVersion(account.createdAt)), { ifAbsent: true });

/** @throws BrokenFacts naming the account if what is stored does not parse. */
export const getAccount = async (
  table: Table,
  accountId: AccountId,
): Promise<Account | undefined> => {
  const item = await table.get(accountKey(accountId));
  return item === undefined ? undefined : read(item);
};

/** @throws BrokenNotFound, BrokenFacts, BrokenInput, RetryableContention; all name the account. */
export const updateAccount = (
  table: Table,
  accountId: AccountId,
  change: (account: Account) => Account,
): Promise<Account> =>
  updateItem(table, accountKey(accountId), { name: nameOf(accountId), read, change, toItem });

/** Also deletes a record that does not parse. Whether targets still need it is for the caller to ask. */
export const deleteAccount = async (
  table: Table,
  accountId: AccountId,
): Promise<{ readonly kind: "DELETED" | "ABSENT" }> => {
  const { kind } = await removeItem(table, accountKey(accountId));
  return { kind };
};

/** Oldest first. @throws BrokenInput naming `cursor` or `limit`; BrokenFacts naming the account. */
export const listAccounts = async (
  table: Table,
  input: { readonly limit: number; readonly cursor?: string },
): Promise<AccountPage> => {
  const page = await table.query({ index: "gsi1", partition: accountsPartition, ...input });
  return { ...page, items: page.items.map(read) };
};

const largestPage = 100;

/** Oldest first, to the last page. @throws BrokenFacts naming the account */
export const listAllAccounts = async (table: Table): Promise<readonly Account[]> => {
  const accounts: Account[] = [];
  let cursor: string | undefined;
  do {
    const page = await listAccounts(table, {
      limit: largestPage,
      ...(cursor === undefined ? {} : { cursor }),
    });
    accounts.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return accounts;
};
