/** What many recoveries of an account and region share: for what they ask, who reads for all, and what was read last. */
import type { EvaluationId } from "../../core/model/ids.ts";
import type { Place } from "../../core/model/place.ts";
import {
  readingLeadSchema,
  sharedReadingSchema,
  type ReadingLead,
  type SharedReading,
} from "../../core/model/shared-reading.ts";
import {
  askedKey,
  askedPrefix,
  readingLeadKey,
  sharedReadingsPartition,
  sharedReadingKey,
} from "./keys.ts";
import { pack, unpack } from "./pack.ts";
import { parseStored, parseToStore, sortableInstant } from "./parsed-data.ts";
import { updateValue, type SingleValue } from "./single-value.ts";
import { keptSeconds } from "./retention.ts";
import type { Table } from "./table.ts";

const nameOf = (what: string, { accountId, region }: Place): string =>
  `${what} in ${region} of account ${accountId}`;

/** Asked again for the same it stands there once. @param at ISO 8601 */
export const askForReading = async (
  table: Table,
  place: Place,
  { instanceId, at }: { readonly instanceId: string; readonly at: string },
): Promise<void> => {
  await table.put(
    {
      ...askedKey(place, { instanceId, at: sortableInstant(at, "at") }),
      version: 1,
      ttl: Math.floor(Date.parse(at) / 1000) + keptSeconds.sharedReadings,
      data: { instanceId },
    },
    { ifAbsent: true },
  );
};

/** @param since ISO 8601 */
export const listAskedFor = async (
  table: Table,
  place: Place,
  since: string,
): Promise<readonly string[]> => {
  const asked = new Set<string>();
  const { items } = await table.query({
    partition: sharedReadingsPartition(place),
    prefix: askedPrefix,
    from: `${askedPrefix}${sortableInstant(since, "since")}`,
  });
  for (const { sk } of items) asked.add(sk.slice(sk.lastIndexOf("#") + 1));
  return [...asked];
};

/** Undefined where nobody has read. @throws BrokenFacts */
export const getSharedReading = async (
  table: Table,
  place: Place,
): Promise<SharedReading | undefined> => {
  const item = await table.get(sharedReadingKey(place));
  if (item === undefined) return undefined;
  const name = nameOf("shared reading", place);
  return parseStored(sharedReadingSchema(), unpack(item.data as Uint8Array), name);
};

/** What was begun later stays, and so does what somebody else writes at the same time. */
export const keepSharedReading = async (
  table: Table,
  place: Place,
  reading: SharedReading,
): Promise<void> => {
  const key = sharedReadingKey(place);
  const item = await table.get(key);
  const stored = item && (unpack(item.data as Uint8Array) as SharedReading);
  if (stored !== undefined && stored.beganAt >= reading.beganAt) return;
  const data = parseToStore(sharedReadingSchema(), reading, nameOf("shared reading", place));
  await table.put(
    {
      ...key,
      version: (item?.version ?? 0) + 1,
      ttl: Math.floor(Date.parse(reading.beganAt) / 1000) + keptSeconds.sharedReadings,
      data: pack(data, { packing: table.packing }),
    },
    item === undefined ? { ifAbsent: true } : { ifVersion: item.version },
  );
};

const leadOf = (place: Place): SingleValue<ReadingLead, undefined> => ({
  key: readingLeadKey(place),
  name: nameOf("lead of readings", place),
  schema: readingLeadSchema(),
  none: undefined,
});

/**
 * @param lead what it becomes; undefined: somebody has it
 * @returns whether it was taken: by one write, which only one of all who try makes
 * @throws RetryableContention, BrokenFacts
 */
export const takeLead = async (
  table: Table,
  place: Place,
  lead: (stored: ReadingLead | undefined) => ReadingLead | undefined,
): Promise<boolean> => {
  let isTaken = false;
  await updateValue(table, leadOf(place), (stored) => {
    const taken = lead(stored);
    isTaken = taken !== undefined;
    return taken ?? stored;
  });
  return isTaken;
};

/** One that was taken by somebody else meanwhile is left. @throws RetryableContention, BrokenFacts */
export const endLead = async (
  table: Table,
  place: Place,
  { evaluationId, until }: { readonly evaluationId: EvaluationId; readonly until: string },
): Promise<void> => {
  await updateValue(table, leadOf(place), (stored) =>
    stored?.evaluationId === evaluationId ? { evaluationId, until } : stored,
  );
};
