/** What looks like waste in customers' accounts, and when each account and region is read next. */
import { hash } from "node:crypto";
import * as z from "zod";
import { atFirstUse } from "../../core/at-first-use.ts";
import type { Place } from "../../core/model/place.ts";
import {
  wasteFindingSchema,
  type WasteFinding,
  type WasteKind,
} from "../../core/model/waste/finding.ts";
import { base32Id } from "../../core/random-id.ts";
import {
  wasteDuePartition,
  wasteFindingKey,
  wasteFindingPrefix,
  wasteIdPartition,
  wastePartition,
  wasteScanKey,
} from "./governance-keys.ts";
import { afterAll } from "./keys.ts";
import { parseStored, parseToStore, sortableInstant } from "./parsed-data.ts";
import { readValue, updateValue, type SingleValue } from "./single-value.ts";
import { keptSeconds } from "./retention.ts";
import type { Item, Table, WriteResult } from "./table.ts";
import { updateItem } from "./update-item.ts";

/** The same for the same resource, whenever it is found. */
export const wasteIdOf = (
  { accountId, region }: Place,
  kind: WasteKind,
  resourceId: string,
): string => {
  const digest = hash("sha256", JSON.stringify([accountId, region, kind, resourceId]), "buffer");
  return `wst-${base32Id((count) => digest.subarray(0, count))}`;
};

const nameOf = ({ findingId }: Pick<WasteFinding, "findingId">): string => `finding ${findingId}`;

const read = (item: Item): WasteFinding =>
  parseStored(wasteFindingSchema(), item.data, `${item.pk}/${item.sk}`);

const toItem = (finding: WasteFinding, version: number): Item => {
  const { closed, deletion, findingId } = finding;
  const nextAt = closed === undefined ? deletion?.nextAt : undefined;
  return {
    ...wasteFindingKey(finding, finding),
    version,
    gsi1pk: wasteIdPartition(findingId),
    gsi1sk: wasteFindingPrefix,
    ...(nextAt !== undefined && {
      gsi2pk: wasteDuePartition,
      gsi2sk: `${sortableInstant(nextAt, "nextAt")}#${findingId}`,
    }),
    ...(closed !== undefined && {
      ttl: Math.floor(Date.parse(closed.at) / 1000) + keptSeconds.wasteFindings,
    }),
    data: parseToStore(wasteFindingSchema(), finding, nameOf(finding)),
  };
};

/** A finding as it was read: it is written under that version. */
export interface StoredFinding {
  readonly finding: WasteFinding;
  readonly version: number;
}

/** All of one account and region, read consistently. */
export const readWasteIn = async (
  table: Table,
  place: Place,
): Promise<readonly StoredFinding[]> => {
  const { items } = await table.query({
    partition: wastePartition(place),
    prefix: wasteFindingPrefix,
  });
  return items.map((item) => ({ finding: read(item), version: item.version }));
};

/** `version`: of the finding that was read; undefined where there was none. CONFLICT if another has written it since. */
export const writeWaste = (
  table: Table,
  finding: WasteFinding,
  version: number | undefined,
): Promise<WriteResult> =>
  version === undefined
    ? table.put(toItem(finding, 1), { ifAbsent: true })
    : table.put(toItem(finding, version + 1), { ifVersion: version });

/** CONFLICT if another has written it since it was read. */
export const forgetWaste = (
  table: Table,
  { finding, version }: StoredFinding,
): Promise<WriteResult> => table.delete(wasteFindingKey(finding, finding), { ifVersion: version });

/** By its id, which an index tells: one that was found a moment ago may be missing. */
export const getWaste = async (
  table: Table,
  findingId: string,
): Promise<WasteFinding | undefined> => {
  const { items } = await table.query({ index: "gsi1", partition: wasteIdPartition(findingId) });
  const [item] = items;
  return item === undefined ? undefined : read(item);
};

/** Whose deletion is to be looked at now, longest due first; each is judged as it stands now. */
export const listDueWaste = async (
  table: Table,
  { now, limit }: { readonly now: Date; readonly limit: number },
): Promise<readonly WasteFinding[]> => {
  const until = now.toISOString();
  const { items } = await table.query({
    index: "gsi2",
    partition: wasteDuePartition,
    to: `${until}${afterAll}`,
    limit,
  });
  return items
    .map(read)
    .filter(
      ({ closed, deletion }) => closed === undefined && (deletion?.nextAt ?? afterAll) <= until,
    );
};

/** A change that returns its argument itself writes nothing. @throws BrokenNotFound, BrokenFacts, RetryableContention; all name it */
export const updateWaste = (
  table: Table,
  finding: WasteFinding,
  change: (finding: WasteFinding) => WasteFinding,
): Promise<WasteFinding> =>
  updateItem(table, wasteFindingKey(finding, finding), {
    name: nameOf(finding),
    read,
    change,
    toItem,
  });

const scanSchema = atFirstUse(() =>
  z.strictObject({
    /** When it is read next. ISO 8601 */
    dueAt: z.iso.datetime(),
    /** When it was last read to the end, and of which kinds not all was read then. */
    readAt: z.iso.datetime().exactOptional(),
    incomplete: z.array(z.string()).exactOptional(),
  }),
);
export type WasteScan = Readonly<z.infer<ReturnType<typeof scanSchema>>>;

const scanOf = (place: Place): SingleValue<WasteScan, undefined> => ({
  key: wasteScanKey(place),
  name: `waste scan of ${place.region} in account ${place.accountId}`,
  schema: scanSchema(),
  none: undefined,
});

/** Undefined: never read. @throws BrokenFacts */
export const readScan = (table: Table, place: Place): Promise<WasteScan | undefined> =>
  readValue(table, scanOf(place));

/** @throws RetryableContention, BrokenFacts; both name the place */
export const noteScan = async (table: Table, place: Place, scan: WasteScan): Promise<void> => {
  await updateValue(table, scanOf(place), (before) => ({ ...before, ...scan }));
};
