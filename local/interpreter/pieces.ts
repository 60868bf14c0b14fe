/** Long texts in the table: one item holds 400 KB at most, so they are cut. */

import type { Item, Key, Table } from "../../adapters/store/table.ts";

/** UTF-16 units: at most three bytes each, with room for the keys. */
const pieceLength = 100_000;

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** Never between the halves of a character. */
export const cut = (text: string, length: number = pieceLength): readonly string[] => {
  const pieces: string[] = [];
  for (let begin = 0; begin < text.length;) {
    let end = Math.min(text.length, begin + length);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    pieces.push(text.slice(begin, end));
    begin = end;
  }
  return pieces;
};

const pieceKey = ({ pk, sk }: Key, index: number): Key => ({ pk, sk: `${sk}#${String(index)}` });

const holds = (item: Item | undefined, text: string): boolean =>
  (item?.data as { readonly text: string } | undefined)?.text === text;

/** Overwrites what a process that died may have left there. Two that write the same text at a time don't stand in each other's way. */
const putPiece = async (table: Table, key: Key, data: { readonly text: string }): Promise<void> => {
  const first = await table.put({ ...key, version: 1, data }, { ifAbsent: true });
  if (first.kind === "WRITTEN") return;
  const left = await table.get(key);
  if (holds(left, data.text)) return;
  const ifVersion = left?.version ?? 0;
  const second = await table.put({ ...key, version: ifVersion + 1, data }, { ifVersion });
  if (second.kind === "WRITTEN" || holds(await table.get(key), data.text)) return;
  throw new Error(`${key.pk} ${key.sk} is being written by another process.`);
};

/** @returns the number of pieces */
export const writePieces = async (
  table: Table,
  { text, ...key }: Key & { readonly text: string },
): Promise<number> => {
  const pieces = cut(text);
  for (const [index, piece] of pieces.entries()) {
    await putPiece(table, pieceKey(key, index), { text: piece });
  }
  return pieces.length;
};

export const readPieces = async (
  table: Table,
  { count, ...key }: Key & { readonly count: number },
): Promise<string> => {
  const texts: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const item = await table.get(pieceKey(key, index));
    if (item === undefined) throw new Error(`${key.pk} ${key.sk} lacks piece ${String(index)}.`);
    texts.push((item.data as { readonly text: string }).text);
  }
  return texts.join("");
};

export const deletePieces = async (
  table: Table,
  { count, ...key }: Key & { readonly count: number },
): Promise<void> => {
  for (let index = 0; index < count; index += 1) {
    const place = pieceKey(key, index);
    const item = await table.get(place);
    if (item !== undefined) await table.delete(place, { ifVersion: item.version });
  }
};
