/**
 * The switches that go on in an account, in one item: what may begin is decided on what is read and written under its version, so
 * that of two at a time not both are the last one.
 */
import type { AccountId } from "../../core/model/ids.ts";
import { noSwitching, switchingSchema, type Switching } from "../../core/model/switching.ts";
import { switchingKey } from "./keys.ts";
import { parseStored, parseToStore } from "./parsed-data.ts";
import type { Item, Table } from "./table.ts";
import { untilWritten } from "./update-item.ts";

const nameOf = (accountId: AccountId): string => `switching of account ${accountId}`;

const read = (item: Item | undefined, accountId: AccountId): Switching =>
  item === undefined ? noSwitching : parseStored(switchingSchema(), item.data, nameOf(accountId));

/** @throws BrokenFacts naming the account if what is stored does not parse. */
export const readSwitching = async (table: Table, accountId: AccountId): Promise<Switching> =>
  read(await table.get(switchingKey(accountId)), accountId);

/**
 * Returns what is stored now. A change that returns its argument itself writes nothing; one that loses against another writer is
 * asked again. @throws RetryableContention, BrokenFacts; both name the account.
 */
export const updateSwitching = (
  table: Table,
  accountId: AccountId,
  change: (switching: Switching) => Switching | Promise<Switching>,
): Promise<Switching> =>
  untilWritten(nameOf(accountId), async () => {
    const key = switchingKey(accountId);
    const item = await table.get(key);
    const known = read(item, accountId);
    const changed = await change(known);
    if (changed === known) return known;
    const { kind } = await table.put(
      {
        ...key,
        version: (item?.version ?? 0) + 1,
        data: parseToStore(switchingSchema(), changed, nameOf(accountId)),
      },
      item === undefined ? { ifAbsent: true } : { ifVersion: item.version },
    );
    return kind === "WRITTEN" ? changed : undefined;
  });
