/**
 * Fixtures of stored items: the rows of one kind as a version of the schema wrote them, and what is read from them. A file
 * each in fixtures/v<version>/; bytes stand in base64.
 */
import { readdirSync, readFileSync, writeFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Attributes } from "../../../../adapters/store/attribute-values.ts";
import {
  fromItemAttributes,
  toItemAttributes,
} from "../../../../adapters/store/item-attributes.ts";
import { unpack } from "../../../../adapters/store/pack.ts";
import { itemSchemaVersion } from "../../../../adapters/store/schema.ts";
import type { Item, Table } from "../../../../adapters/store/table.ts";
import { createMemoryTable } from "../../../../local/platform/memory-table.ts";
import type { StoredKind } from "./kinds.ts";

interface Fixture {
  readonly rows: readonly Attributes[];
  /** What the store gives for them. */
  readonly value: unknown;
}

const root = join(import.meta.dirname, "..", "fixtures");

const folderOf = (version: number): string => join(root, `v${String(version)}`);

const fileOf = (version: number, kind: string): string => join(folderOf(version), `${kind}.json`);

/** In the order of the numbers. */
export const fixtureVersions = (): readonly number[] =>
  readdirSync(root)
    .map((name) => Number(name.slice(1)))
    .toSorted((one, other) => one - other);

export const fixtureKinds = (version: number): readonly string[] =>
  readdirSync(folderOf(version)).map((name) => name.replace(/\.json$/, ""));

const bytesToText = (value: AttributeValue): unknown => {
  if (value.B !== undefined) return { B: Buffer.from(value.B).toString("base64") };
  if (value.L !== undefined) return { L: value.L.map(bytesToText) };
  if (value.M !== undefined) {
    const members = Object.entries(value.M).map(([name, one]) => [name, bytesToText(one)]);
    return { M: Object.fromEntries(members) as unknown };
  }
  return value;
};

const textToBytes = (value: AttributeValue): AttributeValue => {
  if (value.B !== undefined) return { B: Buffer.from(String(value.B), "base64") };
  if (value.L !== undefined) return { L: value.L.map(textToBytes) };
  if (value.M !== undefined) return { M: attributesOf(value.M) };
  return value;
};

const attributesOf = (row: Attributes): Attributes =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, textToBytes(value)]));

export const readFixture = (version: number, kind: string): Fixture => {
  const { rows, value } = JSON.parse(readFileSync(fileOf(version, kind), "utf8")) as Fixture;
  return { rows: rows.map(attributesOf), value };
};

/** A table in memory that keeps the last row written under each key. */
const recording = (): { readonly table: Table; readonly items: ReadonlyMap<string, Item> } => {
  const inner = createMemoryTable();
  const items = new Map<string, Item>();
  const table: Table = {
    get: (key) => inner.get(key),
    query: (input) => inner.query(input),
    delete: (key, condition) => {
      items.delete(`${key.pk}/${key.sk}`);
      return inner.delete(key, condition);
    },
    put: async (item, condition) => {
      const result = await inner.put(item, condition);
      if (result.kind === "WRITTEN") items.set(`${item.pk}/${item.sk}`, item);
      return result;
    },
  };
  return { table, items };
};

/** As the present code writes them. */
export const writtenRows = async ({ write }: StoredKind): Promise<readonly Attributes[]> => {
  const { table, items } = recording();
  await write(table);
  return [...items.values()].map(toItemAttributes);
};

const makeFixture = async (kind: StoredKind): Promise<unknown> => {
  const rows = (await writtenRows(kind)).map((row) => bytesToText({ M: row }));
  return { rows: rows.map((row) => (row as { readonly M: unknown }).M), value: kind.value };
};

/** A part of a large value, named by the digest of its bytes: how these come out is the affair of zlib. */
export const isPart = ({ sk }: Attributes): boolean => /#\d+#[0-9a-f]{64}#\d+$/.test(sk?.S ?? "");

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

const unpacked = (value: unknown): unknown => {
  if (ArrayBuffer.isView(value)) {
    const bytes = value as Uint8Array;
    return isGzip(bytes) ? JSON.parse(gunzipSync(bytes).toString("utf8")) : unpack(bytes);
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unpacked);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, unpacked(one)]));
};

/** A row as plain data with what is compressed in it. Of a large value without what its bytes alone decide. */
export const contentOf = (row: Attributes): Readonly<Record<string, unknown>> => {
  const { data, ...head } = fromItemAttributes(row);
  if (typeof data !== "object" || data === null || !("partKeys" in data)) {
    return { ...head, data: unpacked(data) };
  }
  const { partKeys: _named, digest: _ofBytes, ...blob } = data as Record<string, unknown>;
  return { ...head, data: unpacked(blob) };
};

/** Of the present version, where it is not there yet: what was written once is read for good. Answers whether it was written. */
export const writeFixture = async (name: string, kind: StoredKind): Promise<boolean> => {
  const file = fileOf(itemSchemaVersion, name);
  if (existsSync(file)) return false;
  mkdirSync(folderOf(itemSchemaVersion), { recursive: true });
  writeFileSync(file, `${JSON.stringify(await makeFixture(kind), undefined, 2)}\n`);
  return true;
};
