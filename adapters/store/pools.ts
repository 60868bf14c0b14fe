/** Herd memory: which pools took an instance away or refused to give one, and when. */
import type { Environment } from "../../core/model/account.ts";
import type { AccountId, EvaluationId, TargetId } from "../../core/model/ids.ts";
import type { Pool, PoolMemory } from "../../core/model/market.ts";
import { asRemembered } from "../../core/model/pool-quarantine.ts";
import type { ToldLoss } from "../../core/risk/distinct-losses.ts";
import { poolKey } from "../../core/model/market.ts";
import { lossPrefix, poolPartition, refusalPrefix, reportKey } from "./keys.ts";
import { sortableInstant } from "./parsed-data.ts";
import { listQuarantines } from "./pool-quarantines.ts";
import type { Item, Key, Table } from "./table.ts";
import { removeItem } from "./update-item.ts";

export interface PoolEvent {
  readonly pool: Pool;
  /** ISO 8601 */
  readonly at: string;
  /** What happened, once: the instance that was lost, or the launch that was refused. Reported again it counts once. */
  readonly what: string;
  readonly evaluationId?: EvaluationId;
  /** Whose instance it was. Absent: it was not noted. */
  readonly accountId?: AccountId;
  /** Of that account. Absent: it was not noted. */
  readonly environment?: Environment;
  /** A sweep has found it, and no event told of it. */
  readonly isLate?: true;
  /** How many instances of a target that has many the pool held right after. */
  readonly held?: { readonly targetId: TargetId; readonly instances: number };
}

interface Since {
  readonly region: string;
  /** ISO 8601, inclusive. */
  readonly since: string;
  /** For which it is read: what a pool held of its instances is told, and of no other target's. */
  readonly targetId?: TargetId;
}

const read = (item: Item, targetId: TargetId | undefined): ToldLoss => {
  const { pool, at, held, accountId, environment } = item.data as PoolEvent;
  return {
    zoneId: pool.zoneId,
    instanceType: pool.instanceType,
    at,
    ...(held !== undefined && held.targetId === targetId && { held: held.instances }),
    ...(accountId !== undefined && { accountId }),
    ...(environment !== undefined && { environment }),
  };
};

interface Report {
  /** When it was reported first. */
  readonly at: string;
  /** It turned out that the pool had no part in it. */
  readonly isWithdrawn?: true;
}

type Named = Pick<PoolEvent, "pool" | "what">;

/** `isToldAgain`: it was reported before, most likely: looked up first, it costs one call less. */
type Reported = PoolEvent & { readonly isToldAgain?: boolean };

const reportOf = async (
  table: Table,
  prefix: string,
  { pool, what }: Named,
): Promise<(Item & { readonly data: Report }) | undefined> => {
  const item = await table.get(reportKey(pool.region, prefix, what));
  return item && { ...item, data: item.data as Report };
};

/** A step that is repeated sees the same thing later, and a notice may come twice. */
const firstReport = async (table: Table, prefix: string, event: Reported): Promise<Report> => {
  const { pool, at, what, isToldAgain } = event;
  const known = isToldAgain === true ? await reportOf(table, prefix, event) : undefined;
  if (known !== undefined) return known.data;
  const key = reportKey(pool.region, prefix, what);
  const { kind } = await table.put({ ...key, version: 1, data: { at } }, { ifAbsent: true });
  const there = kind === "WRITTEN" ? undefined : await reportOf(table, prefix, event);
  return there?.data ?? { at };
};

const eventKey = (prefix: string, { pool, what }: Named, at: string): Key => ({
  pk: poolPartition(pool.region),
  sk: `${prefix}${at}#${poolKey(pool)}#${what}`,
});

const recordEvent = async (
  table: Table,
  prefix: string,
  { isToldAgain = false, ...event }: Reported,
): Promise<void> => {
  const asked = { ...event, isToldAgain, at: sortableInstant(event.at, "at") };
  const { at, isWithdrawn } = await firstReport(table, prefix, asked);
  if (isWithdrawn === true) return;
  // A conflict means that this very event is recorded: all that it says is in the key.
  await table.put(
    { ...eventKey(prefix, event, at), version: 1, data: { ...event, at } },
    { ifAbsent: true },
  );
};

const itemsSince = async (
  table: Table,
  prefix: string,
  { region, since }: Omit<Since, "targetId">,
): Promise<readonly Item[]> => {
  const from = `${prefix}${sortableInstant(since, "since")}`;
  return (await table.query({ partition: poolPartition(region), prefix, from })).items;
};

const listEvents = async (
  table: Table,
  prefix: string,
  { targetId, ...since }: Since,
): Promise<readonly ToldLoss[]> =>
  (await itemsSince(table, prefix, since)).map((item) => read(item, targetId));

/** What is remembered of pools before it is weighed: who lost what is told. */
export interface ToldMemory extends Pick<PoolMemory, "quarantined"> {
  readonly losses: readonly ToldLoss[];
  readonly refusals: readonly ToldLoss[];
}

/** What the pools of a region have taken back and refused, and which are in quarantine, read once for many targets. */
export interface RegionMemory {
  /** As `listLosses` and `listRefusals` give them for the target. */
  readonly of: (targetId: TargetId, since: Date) => ToldMemory;
}

/** @param input.since ISO 8601: as far back as any of the targets looks */
export const readRegionMemory = async (
  table: Table,
  { region, since, now }: Omit<Since, "targetId"> & { readonly now: Date },
): Promise<RegionMemory> => {
  const losses = await itemsSince(table, lossPrefix, { region, since });
  const refusals = await itemsSince(table, refusalPrefix, { region, since });
  const quarantined = (await listQuarantines(table, { region, now })).map(asRemembered);
  const told = (items: readonly Item[], targetId: TargetId, from: Date): readonly ToldLoss[] =>
    items.map((item) => read(item, targetId)).filter(({ at }) => Date.parse(at) >= from.getTime());
  return {
    of: (targetId, from) => ({
      losses: told(losses, targetId, from),
      refusals: told(refusals, targetId, from),
      quarantined,
    }),
  };
};

type OfPool = ToldLoss & Pick<Pool, "product"> & Pick<PoolEvent, "isLate">;

const ofPool = (item: Item): OfPool => {
  const { pool, isLate } = item.data as PoolEvent;
  return {
    ...read(item, undefined),
    product: pool.product,
    ...(isLate !== undefined && { isLate }),
  };
};

/** Losses and refusals of a region with the product of each pool, oldest first. */
export const listPoolEvents = async (
  table: Table,
  since: Omit<Since, "targetId">,
): Promise<{ readonly losses: readonly OfPool[]; readonly refusals: readonly OfPool[] }> => ({
  losses: (await itemsSince(table, lossPrefix, since)).map(ofPool),
  refusals: (await itemsSince(table, refusalPrefix, since)).map(ofPool),
});

/** The pool took an instance away. */
export const recordLoss = (table: Table, loss: Reported): Promise<void> =>
  recordEvent(table, lossPrefix, loss);

/** Another than the pool took it: no later verdict rests on it, and told again it is not remembered anew. @throws RetryableContention */
export const withdrawLoss = async (table: Table, loss: Named): Promise<void> => {
  const report = await reportOf(table, lossPrefix, loss);
  if (report === undefined) return;
  const { version, data } = report;
  if (data.isWithdrawn !== true) {
    const withdrawn = { ...report, version: version + 1, data: { ...data, isWithdrawn: true } };
    await table.put(withdrawn, { ifVersion: version });
  }
  await removeItem(table, eventKey(lossPrefix, loss, data.at));
};

/** The pool had no capacity for a launch. */
export const recordRefusal = (table: Table, refusal: PoolEvent): Promise<void> =>
  recordEvent(table, refusalPrefix, refusal);

/** Losses of a region since then, oldest first. */
export const listLosses = (table: Table, input: Since): Promise<readonly ToldLoss[]> =>
  listEvents(table, lossPrefix, input);

/** Refusals of a region since then, oldest first. */
export const listRefusals = (table: Table, input: Since): Promise<readonly ToldLoss[]> =>
  listEvents(table, refusalPrefix, input);
