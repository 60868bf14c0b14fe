/** What ran for targets, an item for each stretch in which an instance ran or was stopped. */
import type { InstanceId } from "../../core/model/ids.ts";
import { instanceSpanSchema, type InstanceSpan } from "../../core/model/ledger/span.ts";
import type { Place } from "../../core/model/place.ts";
import { afterAll } from "./keys.ts";
import {
  endedSpanKey,
  endedSpanPrefix,
  ledgerPartition,
  openSpanKey,
  openSpanPrefix,
} from "./ledger-keys.ts";
import { parseStored, parseToStore } from "./parsed-data.ts";
import { putLast } from "./put-last.ts";
import { keptSeconds } from "./retention.ts";
import type { Item, Table } from "./table.ts";
import { removeItem } from "./update-item.ts";

const read = ({ pk, sk, data }: Item): InstanceSpan =>
  parseStored(instanceSpanSchema(), data, `${pk}/${sk}`);

const toData = (span: InstanceSpan): InstanceSpan =>
  parseToStore(instanceSpanSchema(), span, `span of ${span.instanceId}`);

const readAll = async (
  table: Table,
  query: { readonly partition: string; readonly from: string; readonly to: string },
): Promise<readonly InstanceSpan[]> => {
  const { items } = await table.query(query);
  return items.map(read);
};

/** Of a place, read consistently. @throws BrokenFacts */
export const listOpenSpans = async (
  table: Table,
  place: Place,
): Promise<ReadonlyMap<InstanceId, InstanceSpan>> => {
  const spans = await readAll(table, {
    partition: ledgerPartition(place),
    from: openSpanPrefix,
    to: `${openSpanPrefix}${afterAll}`,
  });
  return new Map(spans.map((span) => [span.instanceId, span]));
};

/** Those that ended then or later, ISO 8601. @throws BrokenFacts */
export const listEndedSpans = (
  table: Table,
  place: Place,
  since: string,
): Promise<readonly InstanceSpan[]> =>
  readAll(table, {
    partition: ledgerPartition(place),
    from: `${endedSpanPrefix}${since}`,
    to: `${endedSpanPrefix}${afterAll}`,
  });

/** Open or ended, as it is. The last writer wins: of a place one function writes. */
export const putSpan = async (table: Table, span: InstanceSpan): Promise<void> => {
  const { end, startedAt, instanceId } = span;
  if (end === undefined) {
    await putLast(table, openSpanKey(span, instanceId), { data: toData(span) });
    return;
  }
  const { latest: endedAt } = end;
  await putLast(table, endedSpanKey(span, { endedAt, startedAt, instanceId }), {
    data: toData(span),
    ttl: Math.floor(Date.parse(endedAt) / 1000) + keptSeconds.ledgerSpans,
  });
};

/** Once it is written as ended, or goes on as another one. */
export const removeOpenSpan = async (
  table: Table,
  place: Place,
  instanceId: InstanceId,
): Promise<void> => {
  await removeItem(table, openSpanKey(place, instanceId));
};
