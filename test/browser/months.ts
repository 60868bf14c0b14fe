/** Months of the ledger as the API tells them: made-up targets, summed up by the product itself. */
import { noTerm } from "../../core/ledger/terms.ts";
import { accountIdSchema, targetIdSchema } from "../../core/model/ids.ts";
import {
  termNames,
  type LedgerMonth,
  type TermName,
  type Terms,
} from "../../core/model/ledger/day.ts";
import {
  savingsSchema,
  targetSavingsJson,
  totalSavingsJson,
} from "../../lambdas/api/schemas/savings.ts";
import type * as z from "zod";

export type MonthJson = z.infer<typeof savingsSchema>;

const nano = (usd: number): bigint => BigInt(Math.round(usd * 1e6)) * 1000n;

const termsOf = (usd: Partial<Record<TermName, number>>, unknownUsd: number): Terms =>
  Object.fromEntries(
    termNames.map((name) => [
      name,
      {
        ...noTerm,
        nanoUsd: nano(usd[name] ?? 0),
        ...(name === "kept" &&
          unknownUsd > 0 && { source: "estimated", unknownNanoUsd: nano(unknownUsd) }),
      },
    ]),
  ) as Terms;

/** @param unknownUsd by so much more its volumes and images may have cost */
export const ledgerMonth = (month: string, index: number, unknownUsd = 0): LedgerMonth => ({
  accountId: accountIdSchema.parse("444455556666"),
  targetId: targetIdSchema.parse(`tgt-${String(index).padStart(20, "0")}`),
  month,
  days: 28,
  statedAt: `${month}-28T06:00:00.000Z`,
  terms: termsOf(
    {
      would: 70.08 + index,
      ran: 17.87 + index / 4,
      doubleRunning: 0.61,
      kept: 2.4,
      reservations: index % 2 === 0 ? 0.2 : 0,
      crossZone: 0.04,
      tool: 0.5,
    },
    unknownUsd,
  ),
  wantedSeconds: 28 * 86_400,
  downtimeSeconds: 330,
  spotDriftNanoUsd: 0n,
  isFinal: true,
});

export const monthJson = (month: string, months: readonly LedgerMonth[]): MonthJson =>
  savingsSchema.parse({
    month,
    items: months.map(targetSavingsJson),
    total: totalSavingsJson(months),
  });
