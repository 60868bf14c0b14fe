/** Says what could not be read beforehand of the keys of encrypted volumes. */
import type { KeyAccess, KeyFacts } from "../../model/kms-key.ts";
import type { KeyWords } from "./key-words.ts";
import { listed } from "./objection.ts";

const unreadAccess = (whose: string, access: KeyAccess | undefined): readonly string[] =>
  access?.kind === "UNREAD" ? [`whether ${whose} may use it (${access.because})`] : [];

const unreadOf = (key: KeyFacts): string | undefined => {
  const of = listed(key.of);
  if (key.kind === "ABSENT") return undefined;
  if (key.kind === "UNREAD") {
    return `the key${key.keyId === undefined ? "" : ` ${key.keyId}`} of ${of} (${key.because})`;
  }
  const found = [
    ...unreadAccess("AWS's role for Spot", key.access?.spot),
    ...unreadAccess("our role", key.access?.role),
  ];
  return found.length === 0 ? undefined : `of key ${key.keyId} of ${of}, ${listed(found)}`;
};

/** Undefined: all that there is was read. */
export const unreadKeys = (
  keys: readonly KeyFacts[] | undefined,
  { whenUsed }: KeyWords,
): string | undefined => {
  const found = (keys ?? []).flatMap((key) => {
    const unread = unreadOf(key);
    return unread === undefined ? [] : [`${unread}; ${whenUsed(key.isLaunched)}`];
  });
  return found.length === 0 ? undefined : `Not read beforehand: ${found.join(". And ")}.`;
};
