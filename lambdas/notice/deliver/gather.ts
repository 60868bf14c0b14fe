/** Makes messages of what was told: first the message, then what it was made of is let go. */
import { addToMessage, noticeIdOf } from "../../../adapters/store/messages.ts";
import { readOutbox, removeFromOutbox, type InOutbox } from "../../../adapters/store/outbox.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { writeWatchedEnds } from "../../../adapters/store/watched-ends.ts";
import type { Message } from "../../../core/model/notice.ts";
import type { Told } from "../../../core/notice/fold.ts";
import { inGroups } from "../../../core/in-groups.ts";
import { lookForEnds } from "./ends.ts";

/** Of some 600 bytes each: one reading of the table. The rest follows in a minute. */
const mostAtOnce = 1000;

/** Their keys stand in the message, so that none is counted twice. */
const mostInOneWrite = 50;

const byCause = <Each extends Told>(told: readonly Each[]): ReadonlyMap<string, Each[]> => {
  const groups = new Map<string, Each[]>();
  for (const each of told) {
    const noticeId = noticeIdOf(each.notice);
    groups.set(noticeId, [...(groups.get(noticeId) ?? []), each]);
  }
  return groups;
};

const isToldThere = (told: Told): told is InOutbox => "item" in told;

const addAll = async (
  table: Table,
  noticeId: string,
  told: readonly Told[],
): Promise<Message | undefined> => {
  let message: Message | undefined;
  for (const [first, ...others] of inGroups(told, mostInOneWrite)) {
    if (first === undefined) continue;
    message = await addToMessage(table, noticeId, [first, ...others]);
    for (const each of [first, ...others].filter(isToldThere)) await removeFromOutbox(table, each);
  }
  return message;
};

/** Those that something was added to, as they stand now. @throws what the table answers: what was not gathered is gathered by the next run */
export const gather = async (table: Table, now: Date): Promise<readonly Message[]> => {
  const { told, watched } = await lookForEnds(table, now);
  const all: readonly Told[] = [...(await readOutbox(table, { limit: mostAtOnce })), ...told];
  const messages: Message[] = [];
  for (const [noticeId, group] of byCause(all)) {
    const message = await addAll(table, noticeId, group);
    if (message !== undefined) messages.push(message);
  }
  await writeWatchedEnds(table, watched);
  return messages;
};
