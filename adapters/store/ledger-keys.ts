/**
 * Keys of the savings ledger; all others stand in keys.ts and governance-keys.ts.
 *
 * | Item         | pk                    | sk                              |
 * |--------------|-----------------------|---------------------------------|
 * | open span    | LEDGER#account#region | OPEN#instance                   |
 * | ended span   | LEDGER#account#region | ENDED#ended#started#instance    |
 * | size         | LEDGER#account#region | SNAPSHOT#snapshot               |
 * | standing     | LEDGER_PLACES         | account#region                  |
 * | prices       | LEDGER_PRICES#region  | product                         |
 * | day          | LEDGER_OF#target      | DAY#day                         |
 * | month        | LEDGER_MONTH#month    | account#target                  |
 * | hours        | LEDGER_HOURS#account  | day#target                      |
 * | shadow month | LEDGER_SHADOW#month   | account#target                  |
 */
import type { Place } from "../../core/model/place.ts";
import type { Key } from "./table.ts";

/** What ran in one account and region. */
export const ledgerPartition = ({ accountId, region }: Place): string =>
  `LEDGER#${accountId}#${region}`;

export const openSpanPrefix = "OPEN#";
export const endedSpanPrefix = "ENDED#";

export const openSpanKey = (place: Place, instanceId: string): Key => ({
  pk: ledgerPartition(place),
  sk: `${openSpanPrefix}${instanceId}`,
});

export const endedSpanKey = (
  place: Place,
  span: { readonly endedAt: string; readonly startedAt: string; readonly instanceId: string },
): Key => ({
  pk: ledgerPartition(place),
  sk: `${endedSpanPrefix}${span.endedAt}#${span.startedAt}#${span.instanceId}`,
});

export const keptSnapshotPrefix = "SNAPSHOT#";

export const keptSnapshotKey = (place: Place, snapshotId: string): Key => ({
  pk: ledgerPartition(place),
  sk: `${keptSnapshotPrefix}${snapshotId}`,
});

/** All places, so that one query tells which are due. */
export const ledgerPlacesPartition = "LEDGER_PLACES";

export const ledgerPlaceKey = ({ accountId, region }: Place): Key => ({
  pk: ledgerPlacesPartition,
  sk: `${accountId}#${region}`,
});

export const ledgerPricesKey = (region: string, product: string): Key => ({
  pk: `LEDGER_PRICES#${region}`,
  sk: product,
});

export const ledgerOfPartition = (targetId: string): string => `LEDGER_OF#${targetId}`;

export const ledgerDayPrefix = "DAY#";

export const ledgerDayKey = (targetId: string, day: string): Key => ({
  pk: ledgerOfPartition(targetId),
  sk: `${ledgerDayPrefix}${day}`,
});

export const ledgerMonthPartition = (month: string): string => `LEDGER_MONTH#${month}`;

export const ledgerMonthPrefix = (accountId: string): string => `${accountId}#`;

export const ledgerMonthKey = (
  month: string,
  { accountId, targetId }: { readonly accountId: string; readonly targetId: string },
): Key => ({
  pk: ledgerMonthPartition(month),
  sk: `${ledgerMonthPrefix(accountId)}${targetId}`,
});

/** Of an account, each settled day. */
export const ledgerHoursPartition = (accountId: string): string => `LEDGER_HOURS#${accountId}`;

export const ledgerHoursPrefix = (day: string): string => `${day}#`;

export const ledgerHoursKey = ({
  accountId,
  day,
  targetId,
}: {
  readonly accountId: string;
  readonly day: string;
  readonly targetId: string;
}): Key => ({
  pk: ledgerHoursPartition(accountId),
  sk: `${ledgerHoursPrefix(day)}${targetId}`,
});

/** Of what verdicts in shadow mode would have saved. */
export const shadowMonthPartition = (month: string): string => `LEDGER_SHADOW#${month}`;

export const shadowMonthKey = ({
  accountId,
  targetId,
  month,
}: {
  readonly accountId: string;
  readonly targetId: string;
  readonly month: string;
}): Key => ({
  pk: shadowMonthPartition(month),
  sk: `${ledgerMonthPrefix(accountId)}${targetId}`,
});
