/** Where the owner of an account wants to be told, beside the account. */
import type { AccountId } from "../../core/model/ids.ts";
import { noticeSettingsSchema, type NoticeSettings } from "../../core/model/notice-settings.ts";
import { noticeSettingsKey } from "./notice-keys.ts";
import { readValue, updateValue, type SingleValue } from "./single-value.ts";
import type { Table } from "./table.ts";
import { removeItem } from "./update-item.ts";

const settingsOf = (accountId: AccountId): SingleValue<NoticeSettings, undefined> => ({
  key: noticeSettingsKey(accountId),
  name: `the notice settings of account ${accountId}`,
  schema: noticeSettingsSchema(),
  none: undefined,
});

/** Undefined: nobody is told. @throws BrokenFacts naming the account if what is stored does not parse */
export const readNoticeSettings = (
  table: Table,
  accountId: AccountId,
): Promise<NoticeSettings | undefined> => readValue(table, settingsOf(accountId));

/** @throws RetryableContention, BrokenFacts; both name the account; what the change throws */
export const updateNoticeSettings = async (
  table: Table,
  accountId: AccountId,
  change: (stored: NoticeSettings | undefined) => Promise<NoticeSettings>,
): Promise<void> => {
  await updateValue(table, settingsOf(accountId), change);
};

/** Nothing where there are none. */
export const forgetNoticeSettings = async (table: Table, accountId: AccountId): Promise<void> => {
  await removeItem(table, noticeSettingsKey(accountId));
};
