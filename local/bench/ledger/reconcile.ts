/** The ledger of a simulated month beside the bill of the simulated cloud, which knows nothing of it. */
import { listLedgerDays } from "../../../adapters/store/ledger-days.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import type { LedgerDay, TermName } from "../../../core/model/ledger/day.ts";
import type { BillLine } from "../../cloud/billing/line.ts";
import { dayMs, passMonth, type Month, type MonthWanted } from "../../lab/month.ts";

/** Of what is billed: by so much the ledger may miss it. */
export const ledgerAim = 0.001;

/** USD. */
interface Compared {
  readonly billed: number;
  readonly stated: number;
}

export interface Reconciled {
  readonly seed: number;
  readonly happened: Readonly<Record<string, number>>;
  /** Instances, serving and beside, and capacity that was held: what the ledger prices exactly. */
  readonly paid: Compared;
  /** What the owner would have paid: billed in the same month without us. */
  readonly would: Compared;
  /** What volumes and snapshots cost beyond the owner's own: the ledger states a range, and may miss it at neither end. */
  readonly kept: {
    readonly billed: number;
    readonly least: number;
    readonly most: number;
  };
  /** Of what is billed, the larger of the first two. */
  readonly difference: number;
  readonly failures: number;
  readonly meets: boolean;
}

const isInstance = ({ usageType }: BillLine): boolean => /(^|-)(Box|Spot)Usage:/.test(usageType);
const isHeld = ({ usageType }: BillLine): boolean => /(^|-)UnusedBox:/.test(usageType);
const isStorage = ({ usageType }: BillLine): boolean =>
  /(^|-)EBS:(VolumeUsage|SnapshotUsage)/.test(usageType);

const usd = (nano: bigint): number => Number(nano) / 1e9;

const billedFor = (lines: readonly BillLine[], ...kinds: ((line: BillLine) => boolean)[]): number =>
  usd(
    lines
      .filter((line) => kinds.some((is) => is(line)))
      .reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n),
  );

/** The price list begins to hold on the first day: before that nothing has a price. */
const firstDay = "2026-03-02";
const months = ["2026-03", "2026-04"];

const settledDays = async ({ account: { table }, sites }: Month): Promise<readonly LedgerDay[]> => {
  const days: LedgerDay[] = [];
  for (const site of sites) {
    const targetId = targetIdSchema.parse(site.targetId);
    for (const month of months) days.push(...(await listLedgerDays(table, { targetId, month })));
  }
  return days.filter(({ isFinal, day }) => isFinal && day > firstDay);
};

const statedFor = (
  days: readonly LedgerDay[],
  names: readonly TermName[],
  of: "nanoUsd" | "unknownNanoUsd" = "nanoUsd",
): number =>
  usd(
    days.flatMap(({ terms }) => names.map((name) => terms[name][of])).reduce((a, b) => a + b, 0n),
  );

const within = (days: readonly LedgerDay[]): { readonly from: string; readonly to: string } => {
  const dates = days.map(({ day }) => day).toSorted();
  const from = `${dates[0] ?? firstDay}T00:00:00.000Z`;
  return { from, to: new Date(Date.parse(dates.at(-1) ?? from) + dayMs).toISOString() };
};

const shareOf = ({ billed, stated }: Compared): number => (stated - billed) / billed;

export const reconcileMonth = async (wanted: MonthWanted): Promise<Reconciled> => {
  const month = await passMonth(wanted);
  const days = await settledDays(month);
  const lines = month.bill.lines(within(days));
  const twin = await passMonth({ ...wanted, isQuiet: true });
  const without = twin.bill.lines(within(days));
  const paid = {
    billed: billedFor(lines, isInstance, isHeld),
    stated: statedFor(days, ["ran", "doubleRunning", "reservations"]),
  };
  const would = { billed: billedFor(without, isInstance), stated: statedFor(days, ["would"]) };
  const least = statedFor(days, ["kept"]);
  const kept = {
    billed: billedFor(lines, isStorage) - billedFor(without, isStorage),
    least,
    most: least + statedFor(days, ["kept"], "unknownNanoUsd"),
  };
  const tolerance = paid.billed * ledgerAim;
  const [difference = NaN] = [paid, would]
    .map(shareOf)
    .toSorted((one, other) => Math.abs(other) - Math.abs(one));
  const failures = month.failures.length;
  return {
    seed: wanted.seed,
    happened: month.happened,
    paid,
    would,
    kept,
    difference,
    failures,
    meets:
      Math.abs(difference) <= ledgerAim &&
      kept.least <= kept.billed + tolerance &&
      kept.most >= kept.billed - tolerance &&
      failures === 0,
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
