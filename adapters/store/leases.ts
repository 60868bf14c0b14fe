/**
 * Leases with a fencing number: one owner per resource. The item is never deleted, so that the number only grows.
 * Expiry is judged by the time in the item. A holder that asks right before a mutating call, renews what is a third gone, and
 * whose own time-out is far below two thirds of the lease's length can't be overtaken during that call.
 */
import { leaseKey } from "./keys.ts";
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
}

interface Held {
  readonly kind: "HELD";
  readonly fence: number;
  readonly expiresAt: string;
}

export type Acquired =
  Held | { readonly kind: "BUSY"; readonly owner: string; readonly expiresAt: string };

const read = (item: Item): Lease => item.data as Lease;

/** Does anybody hold it at this time? */
export const isHeld = (lease: Lease, now: Date): boolean =>
  !lease.isReleased && Date.parse(lease.expiresAt) > now.getTime();

const expiry = (now: Date, seconds: number): string =>
  new Date(now.getTime() + seconds * 1000).toISOString();

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
  return kind === "WRITTEN"
    ? { kind: "HELD", fence: lease.fence, expiresAt: lease.expiresAt }
    : undefined;
};

/** An owner that did not release it keeps its fence: nobody else held it in between. */
const nextFence = (lease: Lease | undefined, owner: string): number => {
  if (lease === undefined) return 1;
  const isContinued = lease.owner === owner && !lease.isReleased;
  return isContinued ? lease.fence : lease.fence + 1;
};

/** A lease is renewed once a third of it is gone. */
export const isFresh = (expiresAt: string, now: Date, seconds: number): boolean =>
  Date.parse(expiresAt) - now.getTime() > (seconds * 1000 * 2) / 3;

/**
 * HELD for so many seconds from now, or for two thirds of them at least where the owner has it already: then nothing is written. The owner that has it, or had it last without releasing it, keeps its fence;
 * every other holding gets a larger one. @throws RetryableContention naming the resource.
 */
export const acquireLease = (
  table: Table,
  request: {
    readonly resource: string;
    readonly owner: string;
    readonly now: Date;
    readonly seconds: number;
  },
): Promise<Acquired> => {
  const { resource, owner, now } = request;
  return untilWritten<Acquired>(`lease of ${resource}`, async () => {
    const item = await table.get(leaseKey(resource));
    const lease = item === undefined ? undefined : read(item);
    if (lease !== undefined && lease.owner !== owner && isHeld(lease, now)) {
      return { kind: "BUSY", owner: lease.owner, expiresAt: lease.expiresAt };
    }
    const fence = nextFence(lease, owner);
    const isOurs = lease !== undefined && lease.owner === owner && !lease.isReleased;
    if (isOurs && isFresh(lease.expiresAt, now, request.seconds)) {
      return { kind: "HELD", fence, expiresAt: lease.expiresAt };
    }
    const expiresAt = expiry(now, request.seconds);
    return writeLease(table, item, { resource, owner, fence, expiresAt, isReleased: false });
  });
};

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

/** As it stands, expired or released ones too: see `isHeld`. */
export const readLease = async (table: Table, resource: string): Promise<Lease | undefined> => {
  const item = await table.get(leaseKey(resource));
  return item === undefined ? undefined : read(item);
};
