/**
 * Leases with a fencing number: one owner per resource. The item is never deleted, so that the number only grows.
 * Expiry is judged by the time in the item. A holder that asks right before a mutating call, renews what is a third gone, and
 * whose own time-out is far below two thirds of the lease's length can't be overtaken during that call. It also says which
 * evaluation was begun under it last: what that one left open stands in the way of the next, also where its end was never
 * written.
 */
import { leaseKey } from "./keys.ts";
import { readEpoch } from "./restores.ts";
import type { Item, Table } from "./table.ts";
import { untilWritten } from "./update-item.ts";

export interface Lease {
  readonly resource: string;
  readonly owner: string;
  /** Grows by one with each new holding. */
  readonly fence: number;
  /** ISO 8601 */
  readonly expiresAt: string;
  readonly isReleased: boolean;
  /** The evaluation that was begun under it last. Who only undoes something, or changes a target, leaves it as it is. */
  readonly begunBy?: string;
}

interface Held {
  readonly kind: "HELD";
  readonly fence: number;
  readonly expiresAt: string;
  readonly begunBy?: string;
}

export type Acquired =
  | Held
  | { readonly kind: "BUSY"; readonly owner: string; readonly expiresAt: string }
  /** Nobody holds it, and that evaluation has left something open under it. */
  | { readonly kind: "UNFINISHED"; readonly evaluationId: string };

const read = (item: Item): Lease => item.data as Lease;

/** Does anybody hold it at this time? */
export const isHeld = (lease: Lease, now: Date): boolean =>
  !lease.isReleased && Date.parse(lease.expiresAt) > now.getTime();

const expiry = (now: Date, seconds: number): string =>
  new Date(now.getTime() + seconds * 1000).toISOString();

const heldOf = ({ fence, expiresAt, begunBy }: Omit<Lease, "isReleased">): Held => ({
  kind: "HELD",
  fence,
  expiresAt,
  ...(begunBy === undefined ? {} : { begunBy }),
});

/** Undefined when somebody else wrote first. */
const writeLease = async (
  table: Table,
  old: Item | undefined,
  lease: Lease,
): Promise<Held | undefined> => {
  const { kind } = await table.put(
    { ...leaseKey(lease.resource), version: (old?.version ?? 0) + 1, data: lease },
    old === undefined ? { ifAbsent: true } : { ifVersion: old.version },
  );
  return kind === "WRITTEN" ? heldOf(lease) : undefined;
};

/**
 * An owner that did not release it keeps its fence: nobody else held it in between. Those that were given before the table was
 * restored may have been given a second time since: all that follow are above its epoch.
 */
const nextFence = (
  lease: Lease | undefined,
  { owner, epoch }: { readonly owner: string; readonly epoch: number },
): number => {
  const isContinued =
    lease !== undefined && lease.owner === owner && !lease.isReleased && lease.fence > epoch;
  return isContinued ? lease.fence : Math.max(lease?.fence ?? 0, epoch) + 1;
};

/** A lease is renewed once a third of it is gone. */
export const isFresh = (expiresAt: string, now: Date, seconds: number): boolean =>
  Date.parse(expiresAt) - now.getTime() > (seconds * 1000 * 2) / 3;

export interface LeaseWanted {
  readonly resource: string;
  readonly owner: string;
  readonly now: Date;
  readonly seconds: number;
  /** The owner is an evaluation that begins. Default: false. */
  readonly begins?: boolean;
  /**
   * Asked of another evaluation that was begun under it last, before it is taken: has that one left something open? What it
   * answers still holds when the lease is written, for nobody adds to what is open without the lease.
   */
  readonly leftOpen?: (begunBy: string) => Promise<boolean>;
}

const unfinishedUnder = async (
  { begunBy }: Pick<Lease, "begunBy">,
  { owner, leftOpen }: LeaseWanted,
): Promise<string | undefined> => {
  if (begunBy === undefined || begunBy === owner) return undefined;
  return (await leftOpen?.(begunBy)) === true ? begunBy : undefined;
};

const begunUnder = (
  lease: Lease | undefined,
  { owner, begins }: LeaseWanted,
): Pick<Lease, "begunBy"> => {
  const begunBy = begins === true ? owner : lease?.begunBy;
  return begunBy === undefined ? {} : { begunBy };
};

/** Why it can't be had now. */
const obstacleOf = async (
  lease: Lease | undefined,
  wanted: LeaseWanted,
): Promise<Exclude<Acquired, Held> | undefined> => {
  if (lease === undefined) return undefined;
  if (lease.owner !== wanted.owner && isHeld(lease, wanted.now)) {
    return { kind: "BUSY", owner: lease.owner, expiresAt: lease.expiresAt };
  }
  const evaluationId = await unfinishedUnder(lease, wanted);
  return evaluationId === undefined ? undefined : { kind: "UNFINISHED", evaluationId };
};

/** Undefined when somebody else wrote first. */
const take = async (table: Table, wanted: LeaseWanted): Promise<Acquired | undefined> => {
  const { resource, owner, now, seconds } = wanted;
  const item = await table.get(leaseKey(resource));
  const lease = item === undefined ? undefined : read(item);
  const obstacle = await obstacleOf(lease, wanted);
  if (obstacle !== undefined) return obstacle;
  const begun = begunUnder(lease, wanted);
  const fence = nextFence(lease, { owner, epoch: await readEpoch(table) });
  const isOurs =
    lease?.owner === owner &&
    lease.fence === fence &&
    !lease.isReleased &&
    lease.begunBy === begun.begunBy;
  if (isOurs && isFresh(lease.expiresAt, now, seconds)) return heldOf({ ...lease, fence });
  const expiresAt = expiry(now, seconds);
  return writeLease(table, item, {
    resource,
    owner,
    fence,
    expiresAt,
    isReleased: false,
    ...begun,
  });
};

/**
 * HELD for so many seconds from now, or for two thirds of them at least where the owner has it already: then nothing is
 * written. The owner that has it, or had it last without releasing it, keeps its fence; every other holding gets a larger
 * one. @throws RetryableContention naming the resource.
 */
export const acquireLease = (table: Table, wanted: LeaseWanted): Promise<Acquired> =>
  untilWritten<Acquired>(`lease of ${wanted.resource}`, () => take(table, wanted));

const isHolding = (
  lease: Lease | undefined,
  holder: { readonly owner: string; readonly fence: number },
): lease is Lease =>
  lease !== undefined &&
  lease.owner === holder.owner &&
  lease.fence === holder.fence &&
  !lease.isReleased;

export type Renewed =
  | Held
  /** Not ours any longer: as it stands now, if it was ever taken. Nothing was written. */
  | { readonly kind: "LOST"; readonly lease: Lease | undefined };

/**
 * HELD as `acquireLease` has it, but for who holds it under this fence alone: it never takes a lease that is free. One that
 * expired and that nobody took since is still the holder's. @throws RetryableContention naming the resource.
 */
export const renewLease = (
  table: Table,
  request: {
    readonly resource: string;
    readonly owner: string;
    readonly fence: number;
    readonly now: Date;
    readonly seconds: number;
  },
): Promise<Renewed> => {
  const { resource, now, seconds } = request;
  return untilWritten<Renewed>(`lease of ${resource}`, async () => {
    const item = await table.get(leaseKey(resource));
    const lease = item === undefined ? undefined : read(item);
    if (!isHolding(lease, request)) return { kind: "LOST", lease };
    const { fence, expiresAt } = lease;
    if (isFresh(expiresAt, now, seconds)) return { kind: "HELD", fence, expiresAt };
    return writeLease(table, item, { ...lease, expiresAt: expiry(now, seconds) });
  });
};

/** LOST when there was nothing left to release: as good for the caller, and worth a line in its log. */
export const releaseLease = (
  table: Table,
  request: { readonly resource: string; readonly owner: string; readonly fence: number },
): Promise<{ readonly kind: "RELEASED" | "LOST" }> =>
  untilWritten<{ kind: "RELEASED" | "LOST" }>(`lease of ${request.resource}`, async () => {
    const item = await table.get(leaseKey(request.resource));
    const lease = item === undefined ? undefined : read(item);
    if (!isHolding(lease, request)) return { kind: "LOST" };
    const written = await writeLease(table, item, { ...lease, isReleased: true });
    return written === undefined ? undefined : { kind: "RELEASED" };
  });

/**
 * Takes it from whoever has it in a table that was restored: an execution that began before and lives on acts no longer.
 * @throws RetryableContention naming the resource
 */
export const cutLease = async (table: Table, resource: string, epoch: number): Promise<void> => {
  await untilWritten(`lease of ${resource}`, async () => {
    const item = await table.get(leaseKey(resource));
    if (item === undefined || read(item).fence > epoch) return true;
    const cut: Lease = { ...read(item), fence: epoch + 1, isReleased: true };
    return (await writeLease(table, item, cut)) === undefined ? undefined : true;
  });
};

/** As it stands, expired or released ones too: see `isHeld`. */
export const readLease = async (table: Table, resource: string): Promise<Lease | undefined> => {
  const item = await table.get(leaseKey(resource));
  return item === undefined ? undefined : read(item);
};
