/** A target's day in the ledger, as tests change it: one m5.large On-Demand at $0.10 an hour, Spot at $0.03. */
import {
  accountIdSchema,
  evaluationIdSchema,
  instanceIdSchema,
  targetIdSchema,
} from "../../../core/model/ids.ts";
import type { LedgerDay } from "../../../core/model/ledger/day.ts";
import type { InstanceSpan, PriceKind } from "../../../core/model/ledger/span.ts";
import type { PriceBook, PricePoint } from "../../../core/ledger/prices.ts";
import { stateDay, type DayFacts } from "../../../core/ledger/state-day.ts";

export const day = "2026-03-02";
export const nextDay = "2026-03-03";

/** On that day, `12:30` or `12:30:20`; of another one by its date. */
export const at = (time: string, on: string = day): string =>
  new Date(`${on}T${time.length === 5 ? `${time}:00` : time}.000Z`).toISOString();

const usd = (amount: number): bigint => BigInt(Math.round(amount * 1e9));
export const since = (time: string, hourlyUsd: number): PricePoint => ({
  since: Date.parse(at(time)),
  nanoPerHour: usd(hourlyUsd),
});

export const large: PriceKind = {
  instanceType: "m5.large",
  product: "Linux/UNIX",
  tenancy: "default",
  zoneId: "use1-az1",
};

const original = instanceIdSchema.parse("i-0000000000000000a");
const replacement = instanceIdSchema.parse("i-0000000000000000b");
const evaluationId = evaluationIdSchema.parse("evl-aaaaaaaaaa");

export const span = (rest: Partial<InstanceSpan> = {}): InstanceSpan => ({
  accountId: accountIdSchema.parse("111122223333"),
  region: "us-east-1",
  targetId: targetIdSchema.parse("tgt-aaaaaaaaaa"),
  instanceId: original,
  state: "RUNNING",
  ...large,
  purchase: "ON_DEMAND",
  hasLentAddress: false,
  volumes: [],
  startedAt: at("00:00", "2026-03-01"),
  ...rest,
});

/** It serves from its start on unless told. */
export const spot = (rest: Partial<InstanceSpan> & { readonly startedAt: string }): InstanceSpan =>
  span({
    instanceId: replacement,
    purchase: "SPOT",
    launchedBy: evaluationId,
    replaces: original,
    baseline: large,
    serves: { from: rest.startedAt },
    ...rest,
  });

export const endedAt = (
  time: string,
  by: NonNullable<InstanceSpan["end"]>["by"],
  on: string = day,
): Pick<InstanceSpan, "end"> => ({ end: { earliest: at(time, on), latest: at(time, on), by } });

const always = (hourlyUsd: number): readonly PricePoint[] => [
  { since: Date.parse("2026-02-01T00:00:00Z"), nanoPerHour: usd(hourlyUsd) },
];

export const book = (rest: Partial<PriceBook> = {}): PriceBook => ({
  onDemand: ({ instanceType }) => always(instanceType === "m5.xlarge" ? 0.2 : 0.1),
  spot: () => always(0.03),
  volume: () => usd(0.0744),
  snapshot: usd(0.05),
  address: usd(0.005),
  ...rest,
});

export const facts = (rest: Partial<DayFacts>): DayFacts => ({
  accountId: span().accountId,
  targetId: span().targetId,
  day,
  since: at("00:00", "2026-03-01"),
  statedAt: at("02:00", nextDay),
  isSingle: true,
  spans: [],
  knownUntil: at("01:45", nextDay),
  prices: book(),
  coveredNanoPerHour: 0n,
  reservations: [],
  images: [],
  downtimeSeconds: 0,
  evaluations: 0,
  ...rest,
});

/** @throws Error where nothing can be stated */
export const stated = (rest: Partial<DayFacts>): LedgerDay => {
  const found = stateDay(facts(rest));
  if (found === undefined) throw new Error("Nothing is known of that day.");
  return found;
};

/** Known dollars of each term but the product's own, to six digits; those of zero are left out. */
export const dollars = ({ terms }: LedgerDay): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(terms)
      .filter(([name, { nanoUsd }]) => name !== "tool" && nanoUsd !== 0n)
      .map(([name, { nanoUsd }]) => [name, Number(nanoUsd) / 1e9]),
  );
