/**
 * The switches that go on in an account, in one item: what may begin is decided on what is read and written under its version, so
 * that of two at a time not both are the last one.
 */
import type { AccountId } from "../../core/model/ids.ts";
import { noSwitching, switchingSchema, type Switching } from "../../core/model/switching.ts";
import { switchingKey } from "./keys.ts";
import { readValue, updateValue, type SingleValue } from "./single-value.ts";
import type { Table } from "./table.ts";

const switchingOf = (accountId: AccountId): SingleValue<Switching, Switching> => ({
  key: switchingKey(accountId),
  name: `switching of account ${accountId}`,
  schema: switchingSchema(),
  none: noSwitching,
});

/** @throws BrokenFacts naming the account if what is stored does not parse. */
export const readSwitching = (table: Table, accountId: AccountId): Promise<Switching> =>
  readValue(table, switchingOf(accountId));

/**
 * Returns what is stored now. A change that returns its argument itself writes nothing; one that loses against another writer is
 * asked again. @throws RetryableContention, BrokenFacts; both name the account.
 */
export const updateSwitching = (
  table: Table,
  accountId: AccountId,
  change: (switching: Switching) => Switching | Promise<Switching>,
): Promise<Switching> => updateValue(table, switchingOf(accountId), change);
