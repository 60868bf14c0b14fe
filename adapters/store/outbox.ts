/** What is to be told, until the deliverer has made it part of its message. */
import { hash } from "node:crypto";
import { canonicalJson } from "../../core/canonical.ts";
import { noticeSchema, type Notice } from "../../core/model/notice.ts";
import type { Told } from "../../core/notice/fold.ts";
import { outboxKey, outboxPartition } from "./notice-keys.ts";
import { parseStored, parseToStore, readEach, sortableInstant } from "./parsed-data.ts";
import type { Item, Table } from "./table.ts";

/** So that each is paid for as one kilobyte. What is cut off stands where its path leads. */
const longestSentence = 400;

const clipped = (sentence: string): string =>
  sentence.length <= longestSentence ? sentence : `${sentence.slice(0, longestSentence - 1)}…`;

const digestOf = (notice: Notice): string => hash("sha256", canonicalJson(notice)).slice(0, 16);

/** One write. The same notice told again by a repeated step is the same item. @throws what the table answers; BrokenInput for one that may not be stored */
export const tell = async (table: Table, notice: Notice): Promise<void> => {
  const short = { ...notice, sentence: clipped(notice.sentence) };
  const data = parseToStore(noticeSchema(), short, `the notice of ${notice.resource}`);
  const key = outboxKey(sortableInstant(notice.at, "at"), digestOf(data));
  await table.put({ ...key, version: 1, data }, { ifAbsent: true });
};

/** A notice as it stands there. */
export interface InOutbox extends Told {
  readonly item: Item;
}

const read = (item: Item): InOutbox => ({
  key: item.sk,
  notice: parseStored(noticeSchema(), item.data, `${item.pk}/${item.sk}`),
  item,
});

/** The first that were told, read consistently. */
export const readOutbox = async (
  table: Table,
  { limit }: { readonly limit: number },
): Promise<ReturnType<typeof readEach<Item, InOutbox>>> =>
  readEach((await table.query({ partition: outboxPartition, limit })).items, read);

/** Once it is part of its message. */
export const removeFromOutbox = async (table: Table, { item }: InOutbox): Promise<void> => {
  await table.delete(item, { ifVersion: item.version });
};
