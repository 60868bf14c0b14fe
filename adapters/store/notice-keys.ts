/**
 * Keys of notices.
 *
 * | Item     | pk         | sk        | gsi1             | gsi2             |
 * |----------|------------|-----------|------------------|------------------|
 * | told     | OUTBOX     | at#digest |                  |                  |
 * | message  | NOTICE#id  | RECORD    | NOTICES, told last | NOTICES_DUE, due |
 * | watched  | ENDS_TOLD  | RECORD    |                  |                  |
 * | settings | ACCOUNT#id | NOTICES   |                  |                  |
 */
import { accountKey } from "./keys.ts";
import type { Key } from "./table.ts";

/** What was told and is not part of its message yet, in the order of time. */
export const outboxPartition = "OUTBOX";

export const outboxKey = (at: string, digest: string): Key => ({
  pk: outboxPartition,
  sk: `${at}#${digest}`,
});

export const noticesPartition = "NOTICES";
export const noticesDuePartition = "NOTICES_DUE";

export const messageKey = (noticeId: string): Key => ({ pk: `NOTICE#${noticeId}`, sk: "RECORD" });

/** Whose end is to be told yet. */
export const watchedEndsKey: Key = { pk: "ENDS_TOLD", sk: "RECORD" };

/** Beside the account: what is noted there is no part of it. */
export const noticeSettingsKey = (accountId: string): Key => ({
  pk: accountKey(accountId).pk,
  sk: "NOTICES",
});
