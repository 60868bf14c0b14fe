/** Makes one message of all notices of a cause, in whatever order and however often they are met. */
import type { Message, Notice } from "../model/notice.ts";
import { withMembers } from "./members.ts";

/** As it stands in the outbox, under a key that is the same however often the same is told. */
export interface Told {
  readonly key: string;
  readonly notice: Notice;
}

const later = (one: Told, other: Told): Told =>
  other.notice.at > one.notice.at || (other.notice.at === one.notice.at && other.key > one.key)
    ? other
    : one;

const earliest = (told: readonly Told[]): string =>
  told.map(({ notice }) => notice.at).reduce((one, other) => (other < one ? other : one));

const membersAfter = (before: Pick<Message, "joined" | "members">, told: readonly Told[]) =>
  withMembers(
    before,
    told.map(({ notice }) => notice),
  );

const firstOf = (noticeId: string, told: readonly [Told, ...Told[]]): Omit<Message, "counted"> => {
  const { notice } = told.reduce(later);
  return {
    noticeId,
    latest: notice,
    firstAt: earliest(told),
    lastAt: notice.at,
    times: told.length,
    ...membersAfter({}, told),
    sent: {},
  };
};

/** What comes late changes what was told first and how often, and the list, and nothing else. */
const withFresh = (old: Message, told: readonly [Told, ...Told[]]): Message => {
  const fresh = firstOf(old.noticeId, told);
  const before = { ...old, ...membersAfter(old, told) };
  const times = before.times + fresh.times;
  const firstAt = before.firstAt < fresh.firstAt ? before.firstAt : fresh.firstAt;
  if (fresh.lastAt < before.lastAt) return { ...before, times, firstAt };
  const { overAt: _past, ...kept } = before;
  return { ...kept, times, firstAt, lastAt: fresh.lastAt, latest: fresh.latest };
};

/**
 * `told`: all of this cause that stand in the outbox now, at least one, each key once.
 * Returns `before` itself where all of them are counted.
 */
export const foldTold = (
  noticeId: string,
  before: Message | undefined,
  told: readonly [Told, ...Told[]],
): Message => {
  const counted = told.map(({ key }) => key);
  if (before === undefined) return { ...firstOf(noticeId, told), counted };
  const known = new Set(before.counted);
  const [first, ...others] = told.filter(({ key }) => !known.has(key));
  if (first === undefined) return before;
  return { ...withFresh(before, [first, ...others]), counted };
};
