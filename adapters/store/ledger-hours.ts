/** Hours of the savings ledger, an item for each target and settled day: kept as long as bills come late. */
import { targetHoursSchema, type TargetHours } from "../../core/model/ledger/hours.ts";
import { ledgerHoursKey, ledgerHoursPartition, ledgerHoursPrefix } from "./ledger-keys.ts";
import { parseStored, parseToStore } from "./parsed-data.ts";
import { putLast } from "./put-last.ts";
import { keptSeconds } from "./retention.ts";
import type { Table } from "./table.ts";

/** What was stated last stands. @throws RetryableContention */
export const putLedgerHours = async (table: Table, hours: TargetHours): Promise<void> => {
  const key = ledgerHoursKey(hours);
  const data = parseToStore(targetHoursSchema(), hours, `ledger hours of ${hours.targetId}`);
  const ttl = Math.floor(Date.parse(hours.day) / 1000) + keptSeconds.ledgerHours;
  await putLast(table, key, { data, ttl });
};

interface HoursQuery extends Pick<TargetHours, "accountId" | "day"> {
  readonly limit: number;
  /** Of the page before. */
  readonly cursor?: string | undefined;
}

export interface HoursPage {
  readonly targets: readonly TargetHours[];
  /** Absent: these were the last. */
  readonly cursor?: string;
}

/** Of an account's day, by target. @throws BrokenFacts, BrokenInput naming `cursor` */
export const listLedgerHours = async (
  table: Table,
  { accountId, day, limit, cursor: before }: HoursQuery,
): Promise<HoursPage> => {
  const { items, cursor } = await table.query({
    partition: ledgerHoursPartition(accountId),
    prefix: ledgerHoursPrefix(day),
    limit,
    ...(before !== undefined && { cursor: before }),
  });
  const targets = items.map(({ pk, sk, data }) =>
    parseStored(targetHoursSchema(), data, `${pk}/${sk}`),
  );
  return { targets, ...(cursor !== undefined && { cursor }) };
};
