/** Days and months of the savings ledger. Amounts are stored as decimal digits: a table's numbers are not whole beyond 38 of them, and JSON knows no bigint. */
import * as z from "zod";
import { atFirstUse } from "../../core/at-first-use.ts";
import { monthPattern } from "../../core/ledger/sum-month.ts";
import {
  accountIdSchema,
  targetIdSchema,
  type AccountId,
  type TargetId,
} from "../../core/model/ids.ts";
import {
  termNames,
  termSources,
  type LedgerDay,
  type LedgerMonth,
  type TermName,
} from "../../core/model/ledger/day.ts";
import {
  ledgerDayKey,
  ledgerDayPrefix,
  ledgerMonthKey,
  ledgerMonthPartition,
  ledgerMonthPrefix,
  ledgerOfPartition,
} from "./ledger-keys.ts";
import { parseStored, parseToStore } from "./parsed-data.ts";
import { putLast } from "./put-last.ts";
import { keptSeconds } from "./retention.ts";
import type { Table } from "./table.ts";

const amountSchema = z.string().regex(/^-?\d+$/, "must be whole billionths of a dollar");

const termSchema = atFirstUse(() =>
  z.strictObject({
    nanoUsd: amountSchema,
    source: z.enum(termSources),
    unknownNanoUsd: amountSchema,
    unboundedSeconds: z.number().nonnegative(),
  }),
);

const sumsShape = atFirstUse(() => ({
  accountId: accountIdSchema,
  targetId: targetIdSchema,
  isFinal: z.boolean(),
  statedAt: z.iso.datetime(),
  terms: z.strictObject(
    Object.fromEntries(termNames.map((name) => [name, termSchema()])) as Record<
      TermName,
      ReturnType<typeof termSchema>
    >,
  ),
  wantedSeconds: z.number().nonnegative(),
  downtimeSeconds: z.number().nonnegative(),
  spotDriftNanoUsd: amountSchema,
}));

const daySchema = atFirstUse(() => z.strictObject({ ...sumsShape(), day: z.iso.date() }));
const monthSchema = atFirstUse(() =>
  z.strictObject({
    ...sumsShape(),
    month: z.string().regex(monthPattern),
    days: z.int().positive(),
  }),
);

type Sums = Pick<LedgerDay, "terms" | "spotDriftNanoUsd">;
type StoredSums = Pick<z.infer<ReturnType<typeof daySchema>>, keyof Sums>;

const ofTerms = <From, To>(terms: Readonly<Record<TermName, From>>, each: (term: From) => To) =>
  Object.fromEntries(termNames.map((name) => [name, each(terms[name])])) as Record<TermName, To>;

const stored = <Record extends Sums>({ terms, spotDriftNanoUsd, ...rest }: Record) => ({
  ...rest,
  terms: ofTerms(terms, ({ nanoUsd, unknownNanoUsd, ...term }) => ({
    ...term,
    nanoUsd: String(nanoUsd),
    unknownNanoUsd: String(unknownNanoUsd),
  })),
  spotDriftNanoUsd: String(spotDriftNanoUsd),
});

const recalled = <Record extends StoredSums>({ terms, spotDriftNanoUsd, ...rest }: Record) => ({
  ...rest,
  terms: ofTerms(terms, ({ nanoUsd, unknownNanoUsd, ...term }) => ({
    ...term,
    nanoUsd: BigInt(nanoUsd),
    unknownNanoUsd: BigInt(unknownNanoUsd),
  })),
  spotDriftNanoUsd: BigInt(spotDriftNanoUsd),
});

const ttlOf = ({ statedAt }: Pick<LedgerDay, "statedAt">): number =>
  Math.floor(Date.parse(statedAt) / 1000) + keptSeconds.ledgerDays;

export const putLedgerDay = (table: Table, day: LedgerDay): Promise<void> =>
  putLast(table, ledgerDayKey(day.targetId, day.day), {
    data: parseToStore(daySchema(), stored(day), `ledger day ${day.day} of ${day.targetId}`),
    ttl: ttlOf(day),
  });

export const putLedgerMonth = (table: Table, month: LedgerMonth): Promise<void> =>
  putLast(table, ledgerMonthKey(month.month, month), {
    data: parseToStore(
      monthSchema(),
      stored(month),
      `ledger month ${month.month} of ${month.targetId}`,
    ),
    ttl: ttlOf(month),
  });

/** In order. @throws BrokenFacts */
export const listLedgerDays = async (
  table: Table,
  { targetId, month }: { readonly targetId: TargetId; readonly month: string },
): Promise<readonly LedgerDay[]> => {
  const { items } = await table.query({
    partition: ledgerOfPartition(targetId),
    prefix: `${ledgerDayPrefix}${month}-`,
  });
  return items.map(({ pk, sk, data }) => recalled(parseStored(daySchema(), data, `${pk}/${sk}`)));
};

/** Of all targets, or of one account's. By account and target. @throws BrokenFacts */
export const listLedgerMonths = async (
  table: Table,
  { month, accountId }: { readonly month: string; readonly accountId?: AccountId | undefined },
): Promise<readonly LedgerMonth[]> => {
  const { items } = await table.query({
    partition: ledgerMonthPartition(month),
    ...(accountId !== undefined && { prefix: ledgerMonthPrefix(accountId) }),
  });
  return items.map(({ pk, sk, data }) => recalled(parseStored(monthSchema(), data, `${pk}/${sk}`)));
};
