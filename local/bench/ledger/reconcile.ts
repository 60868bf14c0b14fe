/** The ledger of a simulated month beside the bill of the simulated cloud, which knows nothing of it. */
import { listLedgerDays } from "../../../adapters/store/ledger-days.ts";
import { sumMonth } from "../../../core/ledger/sum-month.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import type { LedgerDay, LedgerMonth, TermName } from "../../../core/model/ledger/day.ts";
import type { BillLine } from "../../cloud/billing/line.ts";
import { dayMs, passMonth, type Month } from "./month.ts";

/** Of what is billed: by so much the ledger may miss it. */
export const ledgerAim = 0.001;

export interface Reconciled {
  readonly seed: number;
  readonly happened: Readonly<Record<string, number>>;
  /** USD by part. */
  readonly parts: Readonly<Record<string, { readonly billed: number; readonly stated: number }>>;
  readonly billedUsd: number;
  readonly statedUsd: number;
  /** Of what is billed, for all parts together. */
  readonly difference: number;
  readonly isRange: boolean;
  readonly failures: number;
  readonly meets: boolean;
}

const isInstance = ({ usageType }: BillLine): boolean => /(^|-)(Box|Spot)Usage:/.test(usageType);
const isReservation = ({ usageType }: BillLine): boolean => /(^|-)UnusedBox:/.test(usageType);

const usd = (nano: bigint): number => Number(nano) / 1e9;

const billedFor = (lines: readonly BillLine[], is: (line: BillLine) => boolean): number =>
  usd(lines.filter(is).reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n));

const firstDay = "2026-03-02";
const months = ["2026-03", "2026-04"];

const daysOf = async ({ account: { table }, sites }: Month): Promise<readonly LedgerDay[]> => {
  const days: LedgerDay[] = [];
  for (const { targetId } of sites) {
    for (const month of months) {
      days.push(
        ...(await listLedgerDays(table, { targetId: targetIdSchema.parse(targetId), month })),
      );
    }
  }
  return days;
};

const statedFor = (sum: LedgerMonth | undefined, names: readonly TermName[]): number =>
  usd(names.reduce((all, name) => all + (sum?.terms[name].nanoUsd ?? 0n), 0n));

export const reconcileMonth = async (wanted: {
  readonly seed: number;
  readonly days: number;
}): Promise<Reconciled> => {
  const month = await passMonth(wanted);
  // The price list begins to hold on the first day.
  const settled = (await daysOf(month)).filter(({ isFinal, day }) => isFinal && day > firstDay);
  const dates = settled.map(({ day }) => day).toSorted();
  const from = `${dates[0] ?? firstDay}T00:00:00.000Z`;
  const to = new Date(Date.parse(dates.at(-1) ?? from) + dayMs).toISOString();
  const lines = month.bill.lines({ from, to });
  const sum = sumMonth(settled);
  const parts = {
    instances: {
      billed: billedFor(lines, isInstance),
      stated: statedFor(sum, ["ran", "doubleRunning"]),
    },
    reservations: {
      billed: billedFor(lines, isReservation),
      stated: statedFor(sum, ["reservations"]),
    },
  };
  const billed = Object.values(parts).reduce((all, part) => all + part.billed, 0);
  const stated = Object.values(parts).reduce((all, part) => all + part.stated, 0);
  const difference = (stated - billed) / billed;
  const unknown = sum === undefined ? 0n : sum.terms.ran.unknownNanoUsd;
  return {
    seed: wanted.seed,
    happened: month.happened,
    parts,
    billedUsd: billed,
    statedUsd: stated,
    difference,
    isRange: unknown > 0n,
    failures: month.failures.length,
    meets: Math.abs(difference) <= ledgerAim && month.failures.length === 0,
  };
};

const usualSeeds = 20;
const monthDays = 30;

/** One after the other. */
export const reconcileMonths = async ({
  seeds = usualSeeds,
  progress,
}: {
  readonly seeds?: number;
  readonly progress: (what: string) => void;
}): Promise<readonly Reconciled[]> => {
  const months: Reconciled[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    progress(`month ${String(seed)} of ${String(seeds)}`);
    months.push(await reconcileMonth({ seed, days: monthDays }));
  }
  return months;
};
