/** Which tags mark a retired original, what stood there before, and how that returns. */
import type { IntentBase } from "../../model/intents/base.ts";
import { managedByTag, retireAfterTag } from "../../model/tags.ts";

type Tags = Readonly<Record<string, string>>;
/** Null: the key was not there. */
export type TagsBefore = NonNullable<IntentBase["before"]>;

const keysOf = (ours: Tags): readonly string[] => [...Object.keys(ours), retireAfterTag];

/** What stands at the keys that will be written. */
export const tagsBefore = (found: Tags, ours: Tags): TagsBefore =>
  Object.fromEntries(keysOf(ours).map((key) => [key, found[key] ?? null]));

/** Ours, with the due time. `ManagedBy` is left as it is where its owner has one. */
export const retirementTags = (ours: Tags, dueAt: string, before: TagsBefore): Tags => {
  const isOwners = (key: string): boolean =>
    key === managedByTag.key && typeof before[key] === "string";
  return Object.fromEntries(
    Object.entries({ ...ours, [retireAfterTag]: dueAt }).filter(([key]) => !isOwners(key)),
  );
};

export interface TagReturn {
  /** Taken away by key and value: what somebody else wrote there since stays. */
  readonly remove: Tags;
  /** Written back, where our value still stands. */
  readonly restore: Tags;
}

/** @param found the tags that stand there now */
export const returnTags = (written: Tags, before: TagsBefore, found: Tags): TagReturn => {
  const entries = Object.entries(written);
  const restore = entries.flatMap(([key, value]): [string, string][] => {
    const earlier = before[key];
    const isOurs = found[key] === value;
    return typeof earlier === "string" && earlier !== value && isOurs ? [[key, earlier]] : [];
  });
  return {
    remove: Object.fromEntries(entries.filter(([key]) => typeof before[key] !== "string")),
    restore: Object.fromEntries(restore),
  };
};
