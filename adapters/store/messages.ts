/** The messages that are made of what was told, one for each cause. */
import { hash } from "node:crypto";
import type { AccountId } from "../../core/model/ids.ts";
import { messageSchema, type Message, type Notice } from "../../core/model/notice.ts";
import { causeOf } from "../../core/notice/cause.ts";
import { foldTold, type Told } from "../../core/notice/fold.ts";
import { nextDue } from "../../core/notice/repetition.ts";
import { base32Id } from "../../core/random-id.ts";
import { afterAll } from "./keys.ts";
import { listNewestFirst } from "./newest-first.ts";
import { messageKey, noticesDuePartition, noticesPartition } from "./notice-keys.ts";
import { parseStored, parseToStore, readEach, sortableInstant } from "./parsed-data.ts";
import { keptSeconds } from "./retention.ts";
import type { Item, Table } from "./table.ts";
import { untilWritten, updateItem } from "./update-item.ts";

/** Of whatever notice of its cause. */
export const noticeIdOf = (notice: Notice): string => {
  const digest = hash("sha256", causeOf(notice), "buffer");
  return `ntc-${base32Id((count) => digest.subarray(0, count))}`;
};

const read = (item: Item): Message =>
  parseStored(messageSchema(), item.data, `${item.pk}/${item.sk}`);

const toItem = (message: Message, version: number): Item => {
  const { noticeId, lastAt } = message;
  const due = nextDue(message);
  return {
    ...messageKey(noticeId),
    version,
    gsi1pk: noticesPartition,
    gsi1sk: `${sortableInstant(lastAt, "lastAt")}#${noticeId}`,
    ...(due !== undefined && {
      gsi2pk: noticesDuePartition,
      gsi2sk: `${sortableInstant(due, "due")}#${noticeId}`,
    }),
    ttl: Math.floor(Date.parse(lastAt) / 1000) + keptSeconds.messages,
    data: parseToStore(messageSchema(), message, `notice ${noticeId}`),
  };
};

/** Of one cause: what was counted already changes nothing. @throws RetryableContention, BrokenFacts; both name it */
export const addToMessage = (
  table: Table,
  noticeId: string,
  told: readonly [Told, ...Told[]],
): Promise<Message> =>
  untilWritten(`notice ${noticeId}`, async () => {
    const item = await table.get(messageKey(noticeId));
    const before = item === undefined ? undefined : read(item);
    const message = foldTold(noticeId, before, told);
    if (message === before) return message;
    const { kind } = await table.put(
      toItem(message, (item?.version ?? 0) + 1),
      item === undefined ? { ifAbsent: true } : { ifVersion: item.version },
    );
    return kind === "WRITTEN" ? message : undefined;
  });

export const getMessage = async (table: Table, noticeId: string): Promise<Message | undefined> => {
  const item = await table.get(messageKey(noticeId));
  return item === undefined ? undefined : read(item);
};

/** A change that returns its argument itself writes nothing. @throws BrokenNotFound, BrokenFacts, RetryableContention; all name it */
export const updateMessage = (
  table: Table,
  noticeId: string,
  change: (message: Message) => Message,
): Promise<Message> =>
  updateItem(table, messageKey(noticeId), {
    name: `notice ${noticeId}`,
    read,
    change,
    toItem,
  });

/** Longest due first, each as it stands now; found through an index, which may lag. */
export const listDueMessages = async (
  table: Table,
  { now, limit }: { readonly now: Date; readonly limit: number },
): Promise<ReturnType<typeof readEach<Item, Message>>> => {
  const { items } = await table.query({
    index: "gsi2",
    partition: noticesDuePartition,
    to: `${now.toISOString()}${afterAll}`,
    limit,
  });
  return readEach(items, read);
};

/** Told last first. @throws BrokenInput naming `cursor` or `limit` */
export const listMessages = (
  table: Table,
  {
    accountId,
    ...paging
  }: { readonly accountId?: AccountId; readonly limit: number; readonly cursor?: string },
): Promise<{ readonly items: readonly Message[]; readonly cursor?: string }> =>
  listNewestFirst(table, {
    index: "gsi1",
    partitions: [noticesPartition],
    scope: JSON.stringify([accountId ?? ""]),
    ...paging,
    select: (item) => {
      const message = read(item);
      return accountId === undefined || message.latest.accountId === accountId
        ? message
        : undefined;
    },
  });
