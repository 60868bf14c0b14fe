/** What AWS has told of Spot, an item for each: appended, never changed, forgotten after a month. */
import type { InstanceId } from "../../core/model/ids.ts";
import type { Place } from "../../core/model/place.ts";
import {
  clocksApartMs,
  spotEventSchema,
  type SpotEvent,
  type SpotEventOf,
} from "../../core/model/spot-event.ts";
import { spotEventKey, toldPartition } from "./keys.ts";
import { parseStored, parseToStore, sortableInstant } from "./parsed-data.ts";
import { keptSeconds } from "./retention.ts";
import type { Item, Table } from "./table.ts";

const read = ({ pk, sk, data }: Item): SpotEvent =>
  parseStored(spotEventSchema(), data, `${pk}/${sk}`);

/** What happened, once: told twice, or by the rules of two regions, it has one key. */
const subjectOf = (event: SpotEvent): string =>
  event.kind === "FIS_EXPERIMENT"
    ? `${event.experimentId}#${event.status}`
    : event.kind === "STATE_CHANGE"
      ? `${event.instanceId}#${event.state}`
      : event.instanceId;

/** KNOWN: it was told before. */
export const keepSpotEvent = async (
  table: Table,
  event: SpotEvent,
): Promise<{ readonly kind: "KEPT" | "KNOWN" }> => {
  const at = sortableInstant(event.at, "at");
  const { kind } = await table.put(
    {
      ...spotEventKey(event, { kind: event.kind, at, subject: subjectOf(event) }),
      version: 1,
      ttl: Math.floor(Date.parse(event.receivedAt) / 1000) + keptSeconds.spotEvents,
      data: parseToStore(spotEventSchema(), event, `an event of ${event.accountId}`),
    },
    { ifAbsent: true },
  );
  return { kind: kind === "WRITTEN" ? "KEPT" : "KNOWN" };
};

/** What was told there, of one kind since then or of all. */
export const listSpotEvents = async (
  table: Table,
  place: Place,
  only?: { readonly kind: SpotEvent["kind"]; /** ISO 8601 */ readonly since: string },
): Promise<readonly SpotEvent[]> => {
  const prefix = only === undefined ? undefined : `${only.kind}#`;
  const { items } = await table.query({
    partition: toldPartition(place),
    ...(prefix !== undefined && {
      prefix,
      from: `${prefix}${sortableInstant(only?.since ?? "", "since")}`,
    }),
  });
  return items.map(read);
};

const kinds = [
  "INTERRUPTION_WARNING",
  "REBALANCE_RECOMMENDATION",
  "STATE_CHANGE",
  "TERMINATE_HOOK",
  "FIS_EXPERIMENT",
] as const satisfies readonly SpotEvent["kind"][];

/** Of whatever kind, the one that happened last. Undefined: none was told within a month. */
export const readLastTold = async (table: Table, place: Place): Promise<SpotEvent | undefined> => {
  const partition = toldPartition(place);
  const pages = await Promise.all(
    kinds.map((kind) => table.query({ partition, prefix: `${kind}#`, descending: true, limit: 1 })),
  );
  return pages
    .flatMap(({ items }) => items.map(read))
    .toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at))[0];
};

export type Warning = SpotEventOf<"INTERRUPTION_WARNING">;

/**
 * The instances there whose end EC2 has announced, by one query however many are asked for. What was announced stays announced: such an
 * instance is not attached, adopted, rolled back to or counted. Of one that is not among them no event has told, which does not say that
 * it stays.
 * @param since ISO 8601, by our clock: before the first of them was launched
 */
export const listWarned = async (
  table: Table,
  place: Place,
  since: string,
): Promise<ReadonlyMap<InstanceId, Warning>> => {
  const told = await listSpotEvents(table, place, {
    kind: "INTERRUPTION_WARNING",
    since: new Date(Date.parse(since) - clocksApartMs).toISOString(),
  });
  return new Map(
    told
      .filter((event): event is Warning => event.kind === "INTERRUPTION_WARNING")
      .map((warning) => [warning.instanceId, warning]),
  );
};

/** Has EC2 announced the end of so many there since then (ISO 8601)? One query, which reads no more of them than that. */
export const areManyWarned = async (
  table: Table,
  place: Place,
  { since, many }: { readonly since: string; readonly many: number },
): Promise<boolean> => {
  const prefix = "INTERRUPTION_WARNING#";
  const { items } = await table.query({
    partition: toldPartition(place),
    prefix,
    from: `${prefix}${sortableInstant(since, "since")}`,
    limit: many,
  });
  return items.length === many;
};

/** The instances there that EC2 has recommended to leave since then (ISO 8601): one query. */
export const listRecommended = async (
  table: Table,
  place: Place,
  since: string,
): Promise<ReadonlySet<InstanceId>> => {
  const told = await listSpotEvents(table, place, { kind: "REBALANCE_RECOMMENDATION", since });
  return new Set(
    told.flatMap((event) => (event.kind === "REBALANCE_RECOMMENDATION" ? [event.instanceId] : [])),
  );
};
