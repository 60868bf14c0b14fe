/** Joins ledger and bill by resource and hour, and judges what they differ by. All sums are whole nano-dollars. */
import { sizeOf } from "./amount.ts";
import type { BillRow } from "./bill-row.ts";
import { comparedKinds, instanceTypeOf, isCompared, type ComparedKind } from "./kinds.ts";
import type { LedgerHour } from "./ledger-hours.ts";

/** Of a month, in thousandths. */
const monthTolerances: Readonly<Record<ComparedKind, bigint>> = {
  SPOT: 10n,
  ON_DEMAND: 1n,
  RESERVATION: 1n,
  VOLUME: 5n,
  ADDRESS: 1n,
};

/** Of one hour of Spot: the larger of a tenth of a cent and 2 %. */
const spotHourNano = 1_000_000n;
const spotHourThousandths = 20n;

export interface Window {
  readonly fromMs: number;
  /** Hours that begin before it. */
  readonly toMs: number;
}

export interface Pair {
  readonly kind: ComparedKind;
  /** Its id; without ids in the bill the account and the type. */
  readonly what: string;
  readonly hourMs: number;
  readonly ledgerNano: bigint;
  readonly billNano: bigint;
}

export interface MonthOfKind {
  readonly kind: ComparedKind;
  /** `2026-11` */
  readonly month: string;
  readonly hours: number;
  readonly ledgerNano: bigint;
  readonly billNano: bigint;
  /** Thousandths of the bill. */
  readonly tolerance: bigint;
  readonly isWithin: boolean;
}

export interface Comparison {
  readonly both: readonly Pair[];
  /** The ledger has cost in the hour, and the bill has none. */
  readonly onlyOurs: readonly Pair[];
  /** The other way round, of what the ledger knows in another hour. */
  readonly onlyTheirs: readonly Pair[];
  /** Hours of Spot, in both, that differ by more than an hour may. */
  readonly farOff: readonly Pair[];
  /** Hours that the ledger says it does not know, with what the bill says of them. */
  readonly unknown: readonly Pair[];
  /** Of the bill alone: what the ledger never had. Not a difference. */
  readonly strangers: { readonly resources: number; readonly billNano: bigint };
  readonly months: readonly MonthOfKind[];
}

interface Sum {
  readonly kind: ComparedKind;
  readonly what: string;
  readonly hourMs: number;
  nano: bigint;
  isUnknown: boolean;
}

const keyOf = ({ kind, what, hourMs }: Pick<Sum, "kind" | "what" | "hourMs">): string =>
  `${kind} ${what} ${String(hourMs)}`;

const addTo = (
  sums: Map<string, Sum>,
  item: Omit<Sum, "nano" | "isUnknown">,
  more: { readonly nano: bigint; readonly isUnknown: boolean },
): void => {
  const key = keyOf(item);
  const sum = sums.get(key) ?? { ...item, nano: 0n, isUnknown: false };
  sum.nano += more.nano;
  sum.isUnknown ||= more.isUnknown;
  sums.set(key, sum);
};

interface Sides {
  readonly window: Window;
  readonly rows: readonly BillRow[];
  readonly hours: readonly LedgerHour[];
  /** False: by account and type of instance. */
  readonly byResource: boolean;
  /** The files tell of Spot alone. */
  readonly isSpotAlone: boolean;
}

const isIn = ({ fromMs, toMs }: Window, hourMs: number): boolean =>
  hourMs >= fromMs && hourMs < toMs;

const typeKey = (accountId: string, instanceType: string | undefined): string | undefined =>
  instanceType === undefined ? undefined : `${accountId} ${instanceType}`;

const billSums = ({ window, rows, byResource }: Sides): Map<string, Sum> => {
  const sums = new Map<string, Sum>();
  for (const row of rows) {
    const { becomes, kind, hourMs } = row;
    if (becomes !== "USAGE" || !isCompared(kind) || !isIn(window, hourMs)) continue;
    const what = byResource
      ? row.resourceId
      : typeKey(row.accountId, instanceTypeOf(row.usageType));
    if (what === undefined) continue;
    addTo(sums, { kind, what, hourMs }, { nano: row.nanoUsd, isUnknown: false });
  }
  return sums;
};

/** How the ledger's hour is called when it is joined; undefined: it can't be. */
const ledgerName = (hour: LedgerHour, byResource: boolean): string | undefined =>
  byResource ? hour.resourceId : typeKey(hour.accountId, hour.instanceType);

/** In the window or outside it: what it has once had, it must have whenever it costs. */
const knownTo = ({ hours, byResource }: Sides): ReadonlySet<string | undefined> =>
  new Set(hours.map((hour) => ledgerName(hour, byResource)));

const ledgerSums = ({ window, hours, byResource }: Sides): Map<string, Sum> => {
  const sums = new Map<string, Sum>();
  for (const hour of hours) {
    const { kind, hourMs, nanoUsd: nano, isUnknown } = hour;
    if (!isIn(window, hourMs)) continue;
    const what = ledgerName(hour, byResource);
    if (what === undefined) continue;
    addTo(sums, { kind, what, hourMs }, { nano, isUnknown });
  }
  return sums;
};

const isFarOff = ({ kind, ledgerNano, billNano }: Pair): boolean => {
  if (kind !== "SPOT") return false;
  const share = (billNano * spotHourThousandths) / 1000n;
  return sizeOf(ledgerNano - billNano) > (share > spotHourNano ? share : spotHourNano);
};

const monthOf = ({ hourMs }: Pair): string => new Date(hourMs).toISOString().slice(0, 7);

const monthsOf = (pairs: readonly Pair[]): readonly MonthOfKind[] =>
  comparedKinds.flatMap((kind) => {
    const months = Map.groupBy(
      pairs.filter((pair) => pair.kind === kind),
      monthOf,
    );
    return [...months].sort().map(([month, group]): MonthOfKind => {
      const ledgerNano = group.reduce((sum, pair) => sum + pair.ledgerNano, 0n);
      const billNano = group.reduce((sum, pair) => sum + pair.billNano, 0n);
      const tolerance = monthTolerances[kind];
      const isWithin = sizeOf(ledgerNano - billNano) * 1000n <= sizeOf(billNano) * tolerance;
      return { kind, month, hours: group.length, ledgerNano, billNano, tolerance, isWithin };
    });
  });

const pairsOf = (ours: ReadonlyMap<string, Sum>, theirs: ReadonlyMap<string, Sum>) => {
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])];
  return keys.flatMap((key) => {
    const [our, their] = [ours.get(key), theirs.get(key)];
    const some = our ?? their;
    if (some === undefined) return [];
    const { kind, what, hourMs } = some;
    const pair = { kind, what, hourMs, ledgerNano: our?.nano ?? 0n, billNano: their?.nano ?? 0n };
    return [{ pair, isUnknown: our?.isUnknown === true, isOurs: our !== undefined }];
  });
};

const byHour = (one: Pair, other: Pair): number =>
  one.hourMs - other.hourMs || one.what.localeCompare(other.what);

const isSpot = ({ kind }: LedgerHour): boolean => kind === "SPOT";

/** What costs nothing in an hour is not there in it: AWS leaves such lines out, or does not. */
export const compare = (given: Sides): Comparison => {
  const { isSpotAlone, hours } = given;
  const sides = isSpotAlone ? { ...given, hours: hours.filter(isSpot) } : given;
  const ours = ledgerSums(sides);
  const theirs = billSums(sides);
  const known = knownTo(sides);
  const all = pairsOf(ours, theirs).sort((one, other) => byHour(one.pair, other.pair));
  const tested = all.filter(({ pair, isUnknown }) => known.has(pair.what) && !isUnknown);
  const pairs = tested.map(({ pair }) => pair);
  const both = pairs.filter(({ ledgerNano, billNano }) => ledgerNano !== 0n && billNano !== 0n);
  const strange = all.filter(({ pair }) => !known.has(pair.what)).map(({ pair }) => pair);
  return {
    both,
    onlyOurs: pairs.filter(({ ledgerNano, billNano }) => ledgerNano !== 0n && billNano === 0n),
    onlyTheirs: pairs.filter(({ ledgerNano, billNano }) => ledgerNano === 0n && billNano !== 0n),
    farOff: pairs.filter(isFarOff),
    unknown: all.filter(({ isUnknown }) => isUnknown).map(({ pair }) => pair),
    strangers: {
      resources: new Set(strange.map(({ what }) => what)).size,
      billNano: strange.reduce((sum, { billNano }) => sum + billNano, 0n),
    },
    months: monthsOf(pairs),
  };
};
