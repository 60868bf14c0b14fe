/** Keeps the list of all that share a cause: what a pool has taken, which targets of a region met the same refusal. One that was not in it is told at once. */
import type { Message, Notice } from "../model/notice.ts";

/** What was not told again for so long is no longer listed, and is new when it is. */
const listedMs = 24 * 3_600_000;

/** The last ones. */
const mostListed = 500;

type Listed = Pick<Message, "joined" | "members">;
type Member = NonNullable<Message["members"]>[number];

const latestOf = (members: readonly Member[]): readonly Member[] => {
  const byName = new Map<string, Member>();
  for (const one of members.toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
    byName.delete(one.name);
    byName.set(one.name, one);
  }
  return [...byName.values()];
};

/** @param fresh what was not counted yet, in any order. None of it names a member: nothing changes */
export const withMembers = (before: Listed, fresh: readonly Notice[]): Listed => {
  const told = fresh.flatMap(({ member, at }) =>
    member === undefined ? [] : [{ name: member, at }],
  );
  const { members = [], joined = 0 } = before;
  if (told.length === 0) return { ...(before.members !== undefined && { members, joined }) };
  const known = new Set(members.map(({ name }) => name));
  const news = new Set(told.map(({ name }) => name).filter((name) => !known.has(name)));
  const all = latestOf([...members, ...told]);
  const since = Date.parse(all.at(-1)?.at ?? "") - listedMs;
  return {
    members: all.filter(({ at }) => Date.parse(at) >= since).slice(-mostListed),
    joined: joined + news.size,
  };
};

/** Newest first. */
export const membersOf = ({ members = [] }: Listed): readonly string[] =>
  members.map(({ name }) => name).toReversed();
