/** Makes messages of what was told: first the message, then what it was made of is let go. */
import { addToMessage, noticeIdOf } from "../../../adapters/store/messages.ts";
import { readOutbox, removeFromOutbox, type InOutbox } from "../../../adapters/store/outbox.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { writeWatchedEnds } from "../../../adapters/store/watched-ends.ts";
import type { Message } from "../../../core/model/notice.ts";
import type { Told } from "../../../core/notice/fold.ts";
import { inGroups } from "../../../core/in-groups.ts";
import type { CommonContext } from "../../runtime/context.ts";
import type { OneByOne } from "../../schedule/one-by-one.ts";
import { lookForEnds } from "./ends.ts";
import { tellUnreadable } from "./unreadable.ts";

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
    const done = [first, ...others].filter(isToldThere);
    await Promise.all(done.map((each) => removeFromOutbox(table, each)));
  }
  return message;
};

/**
 * Those that something was added to, as they stand now. One cause that can't be written holds up no other; ends are looked for again where one
 * could not. @throws what the table answers: what was not gathered is gathered by the next run
 */
export const gather = async (
  { table, now, log }: Pick<CommonContext, "table" | "now" | "log">,
  turns: OneByOne,
): Promise<readonly Message[]> => {
  const { told, watched } = await lookForEnds(table, now());
  const outbox = await readOutbox(table, { limit: mostAtOnce });
  tellUnreadable(log, outbox.unreadable);
  const messages: Message[] = [];
  let isWhole = true;
  for (const [noticeId, group] of byCause<Told>([...outbox.values, ...told])) {
    const item = { name: `Notice ${noticeId} was not gathered`, keys: { noticeId } };
    const message = turns.hasTime()
      ? await turns.attempt(item, () => addAll(table, noticeId, group))
      : undefined;
    if (message === undefined) isWhole = false;
    else messages.push(message);
  }
  if (isWhole) await writeWatchedEnds(table, watched);
  return messages;
};
