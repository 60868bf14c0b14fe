/** Lays a large value over several items, as saveBlob does with more than an item holds: nobody wants 350 KB among the fixtures. */
import type { Key, Table } from "../../../../adapters/store/table.ts";

interface Head {
  readonly digest: string;
  readonly bytes?: Uint8Array;
  readonly partKeys: readonly string[];
}

/** Of a value that is stored in one item. */
export const splitIntoParts = async (table: Table, key: Key): Promise<void> => {
  const item = await table.get(key);
  if (item === undefined) throw new Error(`${key.pk}/${key.sk} is not stored.`);
  const { bytes = new Uint8Array(), ...head } = item.data as Head;
  const half = Math.ceil(bytes.byteLength / 2);
  const parts = [bytes.subarray(0, half), bytes.subarray(half)];
  const partKeys = parts.map((_, index) => `${key.sk}#1#${head.digest}#${String(index)}`);
  for (const [index, data] of parts.entries()) {
    await table.put(
      { pk: key.pk, sk: partKeys[index] ?? "", version: 1, data },
      { ifAbsent: true },
    );
  }
  const split: Head = { ...head, partKeys };
  await table.put({ ...item, version: item.version + 1, data: split }, { ifVersion: item.version });
};
