/** Items whose data our own code alone reads: JSON, packed for as long as that saves a kilobyte that is paid for. */
import { SpotOptimizerError } from "../../core/errors.ts";
import { writeIdAttribute } from "./item-attributes.ts";
import { pack, unpack } from "./pack.ts";
import type { Item, Table } from "./table.ts";

/** In every item: `data`, `schema` with a digit, and the id of the write, a UUID (dynamo-table.ts). */
const inEachBytes = "data".length + "schema1".length + writeIdAttribute.length + 36;

/** Of an item beside its packed bytes: the names and values of its keys, those of indexes too, and its version. */
const besideBytesOf = (item: Omit<Item, "data">): number =>
  Object.entries(item).reduce(
    (sum, [name, value]) => sum + name.length + String(value).length,
    inEachBytes,
  );

export const packed = (
  { packing }: Pick<Table, "packing">,
  item: Omit<Item, "data">,
  value: unknown,
): Item => ({
  ...item,
  data: pack(value, { besideBytes: besideBytesOf(item), packing }),
});

/** @throws BrokenFacts naming the item if it is damaged */
export const unpacked = (item: Item): unknown => {
  try {
    return unpack(item.data as Uint8Array);
  } catch (cause) {
    const resource = `${item.pk}/${item.sk}`;
    throw new SpotOptimizerError("BrokenFacts", `${resource} does not hold a packed record.`, {
      resource,
      cause,
    });
  }
};
