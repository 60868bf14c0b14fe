/** What stands beside an account about its waste scanner. */
import type { AccountId } from "../../core/model/ids.ts";
import { wasteSettingsSchema, type WasteSettings } from "../../core/model/waste/settings.ts";
import { wasteSettingsKey } from "./governance-keys.ts";
import { readValue, updateValue, type SingleValue } from "./single-value.ts";
import type { Table } from "./table.ts";
import { removeItem } from "./update-item.ts";

const settingsOf = (accountId: AccountId): SingleValue<WasteSettings, undefined> => ({
  key: wasteSettingsKey(accountId),
  name: `waste scanner's settings of account ${accountId}`,
  schema: wasteSettingsSchema(),
  none: undefined,
});

/** Undefined: its owner has said nothing, and it is off. @throws BrokenFacts naming the account if what is stored does not parse */
export const readWasteSettings = (
  table: Table,
  accountId: AccountId,
): Promise<WasteSettings | undefined> => readValue(table, settingsOf(accountId));

/** The last one to set them wins. @throws RetryableContention, BrokenFacts; both name the account */
export const setWasteSettings = async (
  table: Table,
  accountId: AccountId,
  settings: WasteSettings,
): Promise<void> => {
  await updateValue(table, settingsOf(accountId), () => settings);
};

/** Whoever connects the account again turns it on again. */
export const forgetWasteSettings = async (table: Table, accountId: AccountId): Promise<void> => {
  await removeItem(table, wasteSettingsKey(accountId));
};
