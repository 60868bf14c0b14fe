/** What stands in customers' accounts with our tags and no intent claims, and when each account and region was read last. */
import type { AccountId } from "../../core/model/ids.ts";
import type { Place } from "../../core/model/place.ts";
import {
  isListed,
  unclaimedSchema,
  type Listed,
  type Unclaimed,
} from "../../core/model/unclaimed.ts";
import {
  placePartition,
  readingKey,
  readingsPartition,
  unclaimedKey,
  unclaimedOfPartition,
  unclaimedPartition,
} from "./keys.ts";
import { listNewestFirst } from "./newest-first.ts";
import { parseStored, parseToStore, sortableInstant } from "./parsed-data.ts";
import type { Item, Table, WriteResult } from "./table.ts";
import { removeItem, untilWritten } from "./update-item.ts";

const nameOf = ({ kind, id }: Pick<Unclaimed, "kind" | "id">): string => `unclaimed ${kind} ${id}`;

export const readUnclaimed = (item: Item): Unclaimed =>
  parseStored(unclaimedSchema(), item.data, `${item.pk}/${item.sk}`);

/** What is too young is found by its place alone, and by no list. */
const toItem = (row: Unclaimed, version: number): Item => {
  const { accountId, region, kind, id, listedAt } = row;
  const order =
    listedAt === undefined
      ? undefined
      : `${sortableInstant(listedAt, "listedAt")}#${accountId}#${region}#${kind}#${id}`;
  return {
    ...unclaimedKey(row, row),
    version,
    ...(order !== undefined && {
      gsi1pk: unclaimedPartition,
      gsi1sk: order,
      gsi2pk: unclaimedOfPartition(accountId),
      gsi2sk: order,
    }),
    data: parseToStore(unclaimedSchema(), row, nameOf(row)),
  };
};

/** A row as it was read: it is written and forgotten under that version. */
export interface StoredUnclaimed {
  readonly row: Unclaimed;
  readonly version: number;
}

/** All of one account and region, too young ones among them, read consistently. */
export const readUnclaimedIn = async (
  table: Table,
  place: Place,
): Promise<readonly StoredUnclaimed[]> => {
  const { items } = await table.query({ partition: placePartition(place) });
  return items.map((item) => ({ row: readUnclaimed(item), version: item.version }));
};

/** `version`: of the row that was read; undefined where there was none. CONFLICT if another has written it since. */
export const writeUnclaimed = (
  table: Table,
  row: Unclaimed,
  version: number | undefined,
): Promise<WriteResult> =>
  version === undefined
    ? table.put(toItem(row, 1), { ifAbsent: true })
    : table.put(toItem(row, version + 1), { ifVersion: version });

export const forgetUnclaimed = async (table: Table, row: Unclaimed): Promise<void> => {
  await removeItem(table, unclaimedKey(row, row));
};

/** What stands in the list, newest first. @throws BrokenInput naming `cursor` or `limit`. */
export const listUnclaimed = (
  table: Table,
  input: {
    readonly accountId?: AccountId;
    readonly region?: string;
    readonly limit: number;
    readonly cursor?: string;
  },
): Promise<{ readonly items: readonly Listed[]; readonly cursor?: string }> => {
  const { accountId, region, ...paging } = input;
  return listNewestFirst(table, {
    ...(accountId === undefined
      ? { index: "gsi1" as const, partitions: [unclaimedPartition] }
      : { index: "gsi2" as const, partitions: [unclaimedOfPartition(accountId)] }),
    scope: JSON.stringify([accountId ?? "", region ?? ""]),
    ...paging,
    select: (item) => {
      const row = readUnclaimed(item);
      return isListed(row) && (region ?? row.region) === row.region ? row : undefined;
    },
  });
};

/** When a place is to be read next. */
export interface PlaceReading extends Place {
  /** ISO 8601 */
  readonly dueAt: string;
}

export const listReadings = async (table: Table): Promise<readonly PlaceReading[]> =>
  (await table.query({ partition: readingsPartition })).items.map(
    (item) => item.data as PlaceReading,
  );

/** @throws RetryableContention naming the place. */
export const noteReading = async (table: Table, reading: PlaceReading): Promise<void> => {
  const key = readingKey(reading);
  await untilWritten(`${key.pk}/${key.sk}`, async () => {
    const old = await table.get(key);
    const { kind } = await table.put(
      { ...key, version: (old?.version ?? 0) + 1, data: reading },
      old === undefined ? { ifAbsent: true } : { ifVersion: old.version },
    );
    return kind === "WRITTEN" ? true : undefined;
  });
};

/** Of a place that is no longer connected: nothing can be read there. */
export const forgetUnclaimedIn = async (table: Table, place: Place): Promise<void> => {
  for (const { row } of await readUnclaimedIn(table, place)) await forgetUnclaimed(table, row);
};

/** The last that is known of the place. */
export const forgetReading = async (table: Table, place: Place): Promise<void> => {
  await removeItem(table, readingKey(place));
};
