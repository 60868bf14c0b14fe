/** Months of what shadow mode would have saved, by account and target. Amounts are stored as decimal digits. */
import * as z from "zod";
import { atFirstUse } from "../../core/at-first-use.ts";
import { monthPattern } from "../../core/ledger/sum-month.ts";
import { accountIdSchema, targetIdSchema, type AccountId } from "../../core/model/ids.ts";
import {
  shadowAmounts,
  shadowCounts,
  unscoredReasons,
  type ShadowAmount,
  type ShadowMonth,
  type ShadowSums,
} from "../../core/model/ledger/shadow.ts";
import { ledgerMonthPrefix, shadowMonthKey, shadowMonthPartition } from "./ledger-keys.ts";
import { parseStored } from "./parsed-data.ts";
import { readValue, updateValue } from "./single-value.ts";
import type { Table } from "./table.ts";

const amountSchema = z.string().regex(/^-?\d+$/, "must be whole billionths of a dollar");

const fieldsOf = <Name extends string, Schema>(names: readonly Name[], schema: Schema) =>
  Object.fromEntries(names.map((name) => [name, schema])) as Record<Name, Schema>;

const sumsSchema = atFirstUse(() =>
  z.strictObject({
    ...fieldsOf(shadowAmounts, amountSchema),
    ...fieldsOf(shadowCounts, z.number().nonnegative()),
  }),
);

const monthSchema = atFirstUse(() =>
  z.strictObject({
    accountId: accountIdSchema,
    targetId: targetIdSchema,
    month: z.string().regex(monthPattern),
    until: z.iso.datetime(),
    proven: sumsSchema(),
    unproven: sumsSchema(),
    // A reason that came later was not counted before.
    unscored: z.strictObject(fieldsOf(unscoredReasons, z.int().nonnegative().default(0))),
  }),
);

type StoredMonth = Readonly<z.infer<ReturnType<typeof monthSchema>>>;
type StoredSums = StoredMonth["proven"];

const amountsOf = <From, To>(
  sums: Readonly<Record<ShadowAmount, From>>,
  each: (amount: From) => To,
) =>
  Object.fromEntries(shadowAmounts.map((name) => [name, each(sums[name])])) as Record<
    ShadowAmount,
    To
  >;

const storedSums = (sums: ShadowSums): StoredSums => ({ ...sums, ...amountsOf(sums, String) });
const recalledSums = (sums: StoredSums): ShadowSums => ({ ...sums, ...amountsOf(sums, BigInt) });

const stored = (month: ShadowMonth): StoredMonth => ({
  ...month,
  proven: storedSums(month.proven),
  unproven: storedSums(month.unproven),
});
const recalled = (month: StoredMonth): ShadowMonth => ({
  ...month,
  proven: recalledSums(month.proven),
  unproven: recalledSums(month.unproven),
});

type Name = Pick<ShadowMonth, "accountId" | "targetId" | "month">;

const singleOf = (name: Name) => ({
  key: shadowMonthKey(name),
  name: `shadow month ${name.month} of ${name.targetId}`,
  schema: monthSchema(),
  none: undefined,
});

/** Undefined: nothing was scored. @throws BrokenFacts */
export const readShadowMonth = async (
  table: Table,
  name: Name,
): Promise<ShadowMonth | undefined> => {
  const month = await readValue(table, singleOf(name));
  return month && recalled(month);
};

/** @throws RetryableContention, BrokenFacts */
export const updateShadowMonth = async (
  table: Table,
  name: Name,
  change: (month: ShadowMonth | undefined) => ShadowMonth,
): Promise<void> => {
  await updateValue(table, singleOf(name), (before) => {
    const month = before && recalled(before);
    const changed = change(month);
    // Nothing is written where nothing changes.
    return changed === month ? before : stored(changed);
  });
};

/** Of all targets, or of one account's. By account and target. @throws BrokenFacts */
export const listShadowMonths = async (
  table: Table,
  { month, accountId }: { readonly month: string; readonly accountId?: AccountId | undefined },
): Promise<readonly ShadowMonth[]> => {
  const { items } = await table.query({
    partition: shadowMonthPartition(month),
    ...(accountId !== undefined && { prefix: ledgerMonthPrefix(accountId) }),
  });
  return items.map(({ pk, sk, data }) => recalled(parseStored(monthSchema(), data, `${pk}/${sk}`)));
};
