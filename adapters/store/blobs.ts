/**
 * Large JSON values: packed in one item, or in several when the bytes exceed what an item holds. The head is
 * written last and names its parts, so that a reader sees the old value or the new one, never a mixture.
 */
import { hash } from "node:crypto";
import { SpotOptimizerError } from "../../core/errors.ts";
import { pack, unpack } from "./pack.ts";
import type { Item, Key, Table } from "./table.ts";
import { maxWriteAttempts, removeItem, untilWritten } from "./update-item.ts";

/** Under the 400 KB of an item with room for keys and names. */
const partBytes = 350 * 1024;

interface Head {
  /** What the owner wants to know without reading the body. */
  readonly info: unknown;
  /** Of the packed bytes, hexadecimal SHA-256. */
  readonly digest: string;
  /** Absent when the bytes are in parts. */
  readonly bytes?: Uint8Array;
  readonly partKeys: readonly string[];
}

export interface Blob {
  readonly info: unknown;
  readonly body: unknown;
}

const nameOf = (key: Key): string => `${key.pk}/${key.sk}`;

/** Of bytes that are in memory still: who reads them again does not hash them again. */
const digests = new WeakMap<Uint8Array, string>();

const digestOf = (bytes: Uint8Array): string => {
  const digest = digests.get(bytes) ?? hash("sha256", bytes);
  digests.set(bytes, digest);
  return digest;
};

const compress = ({ packing }: Table, key: Key, body: unknown): Uint8Array => {
  const bytes = pack(body, { packing });
  if (bytes !== undefined) return bytes;
  throw new SpotOptimizerError("BrokenInput", `${nameOf(key)} got a body that JSON cannot hold.`, {
    resource: nameOf(key),
  });
};

const split = (bytes: Uint8Array): readonly Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.byteLength / partBytes) }, (_, index) =>
    bytes.subarray(index * partBytes, (index + 1) * partBytes),
  );

const removeParts = async (table: Table, key: Key, head: Head): Promise<void> => {
  for (const sk of head.partKeys) await removeItem(table, { pk: key.pk, sk });
};

/**
 * The last writer wins.
 * @param isFirst none stands there, unless an earlier attempt has written it: it is not read before
 * @throws RetryableContention; BrokenInput on a body that JSON cannot hold.
 */
export const saveBlob = async (
  table: Table,
  key: Key,
  blob: Blob,
  { isFirst = false }: { readonly isFirst?: boolean } = {},
  // eslint-disable-next-line max-params -- where, what, and what is known of what stands there
): Promise<void> => {
  const bytes = compress(table, key, blob.body);
  const digest = digestOf(bytes);
  const parts = bytes.byteLength > partBytes ? split(bytes) : [];
  let isTried = !isFirst;
  await untilWritten(nameOf(key), async () => {
    const old = isTried ? await table.get(key) : undefined;
    isTried = true;
    const version = (old?.version ?? 0) + 1;
    // Same key, same bytes: a part that exists already is the one that we would write.
    const partKeys = parts.map(
      (_, index) => `${key.sk}#${String(version)}#${digest}#${String(index)}`,
    );
    for (const [index, part] of parts.entries()) {
      const sk = partKeys[index] ?? "";
      await table.put({ pk: key.pk, sk, version: 1, data: part }, { ifAbsent: true });
    }
    const head: Head = { info: blob.info, digest, partKeys, ...(parts.length === 0 && { bytes }) };
    const { kind } = await table.put(
      { ...key, version, data: head },
      old === undefined ? { ifAbsent: true } : { ifVersion: old.version },
    );
    if (kind === "CONFLICT") return undefined;
    if (old !== undefined) await removeParts(table, key, old.data as Head);
    return kind;
  });
};

/** Undefined if a part is gone: the head was replaced while we read. */
const readBytes = async (table: Table, key: Key, head: Head): Promise<Uint8Array | undefined> => {
  if (head.bytes !== undefined) return head.bytes;
  const items = await Promise.all(head.partKeys.map((sk) => table.get({ pk: key.pk, sk })));
  const parts = items.filter((item): item is Item => item !== undefined);
  if (parts.length < items.length) return undefined;
  return Buffer.concat(parts.map((part) => part.data as Uint8Array));
};

const broken = (key: Key, what: string, cause?: unknown): SpotOptimizerError =>
  new SpotOptimizerError("BrokenFacts", `${nameOf(key)} ${what}.`, {
    resource: nameOf(key),
    cause,
  });

const decompress = (key: Key, bytes: Uint8Array): unknown => {
  try {
    return unpack(bytes);
  } catch (error) {
    throw broken(key, "does not hold packed JSON", error);
  }
};

const readHead = async (
  table: Table,
  key: Key,
  reading: "CONSISTENT" | "EVENTUAL",
): Promise<Head | undefined> => (await table.get(key, reading))?.data as Head | undefined;

/** Undefined if a part is gone. */
const readBlob = async (table: Table, key: Key, head: Head): Promise<Blob | undefined> => {
  const bytes = await readBytes(table, key, head);
  if (bytes === undefined) return undefined;
  if (digestOf(bytes) !== head.digest) throw broken(key, "is damaged: its digest differs");
  return { info: head.info, body: decompress(key, bytes) };
};

/** @throws BrokenFacts naming the item if it is damaged or a part of it is missing for good. */
export const loadBlob = async (table: Table, key: Key): Promise<Blob | undefined> => {
  for (let attempt = 0; attempt < maxWriteAttempts; attempt += 1) {
    const head = await readHead(table, key, "CONSISTENT");
    if (head === undefined) return undefined;
    const blob = await readBlob(table, key, head);
    if (blob !== undefined) return blob;
  }
  throw broken(key, "lacks a part");
};

/** At half the price where something is found: it may be an earlier value, so for what does not change once it is there. */
export const loadSettledBlob = async (table: Table, key: Key): Promise<Blob | undefined> => {
  const seen = await readHead(table, key, "EVENTUAL");
  const blob = seen === undefined ? undefined : await readBlob(table, key, seen);
  return blob ?? loadBlob(table, key);
};
