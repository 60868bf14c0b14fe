/** All connected accounts. */
import { listAccounts } from "../../adapters/store/accounts.ts";
import type { Table } from "../../adapters/store/table.ts";
import type { Account } from "../../core/model/account.ts";

const pageSize = 100;

export const readAccounts = async (table: Table): Promise<readonly Account[]> => {
  const accounts: Account[] = [];
  let cursor: string | undefined;
  do {
    const page = await listAccounts(table, {
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    accounts.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return accounts;
};
