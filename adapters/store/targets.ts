/** Registered targets. An instance, a group or a node group is registered once at most (see claims.ts). */
import { SpotOptimizerError } from "../../core/errors.ts";
import type { AccountId, InstanceId, TargetId } from "../../core/model/ids.ts";
import { nameOf, subjectOf } from "../../core/model/subject.ts";
import { targetSchema } from "../../core/model/target.ts";
import type { Target } from "../../core/model/target.ts";
import { claimsOf, makeClaims, readClaim, releaseClaims } from "./claims.ts";
import { noteForgotten, noteRegistered } from "./fleet.ts";
import {
  instanceClaim,
  policySetterKey,
  targetKey,
  targetsOfPartition,
  targetsPartition,
} from "./keys.ts";
import { parseStored, parseToStore, sortableInstant } from "./parsed-data.ts";
import type { Item, Table } from "./table.ts";
import { firstVersion, removeItem, updateItem } from "./update-item.ts";

export interface TargetPage {
  readonly items: readonly Target[];
  readonly cursor?: string;
}

const nameOfTarget = (targetId: string): string => `target ${targetId}`;

/** Stored before a raised maximum stood with its group (raised-maxima.ts): it is still handed back by its intent. */
const withoutRaise = (data: unknown): unknown => {
  if (typeof data !== "object" || data === null || !("raisedMax" in data)) return data;
  const { raisedMax: _, ...others } = data;
  return others;
};

const read = (item: Item): Target =>
  parseStored(
    targetSchema(),
    withoutRaise(item.data),
    nameOfTarget(item.pk.slice("TARGET#".length)),
  );

const toItem = (target: Target, version: number): Item => {
  const order = `${sortableInstant(target.createdAt, "createdAt")}#${target.targetId}`;
  return {
    ...targetKey(target.targetId),
    version,
    gsi1pk: targetsPartition,
    gsi1sk: order,
    gsi2pk: targetsOfPartition(target.accountId),
    gsi2sk: order,
    data: parseToStore(targetSchema(), target, nameOfTarget(target.targetId)),
  };
};

export type Created =
  | { readonly kind: "WRITTEN" }
  /** The id exists. */
  | { readonly kind: "EXISTS"; readonly target: Target }
  /** Another target has the instance, the group or the node group; it may not be written yet. */
  | { readonly kind: "TAKEN"; readonly by: TargetId };

/** @throws BrokenInput */
export const createTarget = async (table: Table, target: Target): Promise<Created> => {
  const item = toItem(target, firstVersion(target.createdAt));
  const { targetId, createdAt: claimedAt } = target;
  const names = claimsOf(target);
  const claimed = await makeClaims(table, { targetId, claimedAt }, names);
  if (claimed.kind === "TAKEN") return { kind: "TAKEN", by: claimed.by };
  const written = await table.put(item, { ifAbsent: true });
  if (written.kind === "WRITTEN") {
    await noteRegistered(table, target);
    return written;
  }
  const existing = await getTarget(table, targetId);
  const kept = existing === undefined ? [] : claimsOf(existing);
  await releaseClaims(
    table,
    targetId,
    names.filter((name) => !kept.includes(name)),
  );
  if (existing !== undefined) return { kind: "EXISTS", target: existing };
  throw new SpotOptimizerError(
    "RetryableContention",
    `${nameOfTarget(targetId)} was deleted while it was being registered.`,
    { resource: nameOfTarget(targetId) },
  );
};

/** @throws BrokenFacts naming the target if what is stored does not parse. */
export const getTarget = async (table: Table, targetId: TargetId): Promise<Target | undefined> => {
  const item = await table.get(targetKey(targetId));
  return item === undefined ? undefined : read(item);
};

/** The target that an instance is registered for now. */
export const findTargetOf = async (
  table: Table,
  instanceId: InstanceId,
): Promise<Target | undefined> => {
  const claim = await readClaim(table, instanceClaim(instanceId));
  const target = claim === undefined ? undefined : await getTarget(table, claim.targetId);
  return target?.instanceId === instanceId ? target : undefined;
};

const without = (names: readonly string[], others: readonly string[]): readonly string[] =>
  names.filter((name) => !others.includes(name));

const claimNew = async (table: Table, old: Target, changed: Target): Promise<void> => {
  const { targetId, updatedAt: claimedAt } = changed;
  const names = without(claimsOf(changed), claimsOf(old));
  const claimed = await makeClaims(table, { targetId, claimedAt }, names);
  if (claimed.kind === "HELD") return;
  throw new SpotOptimizerError(
    "BrokenInput",
    `${nameOf(subjectOf(changed))} is registered as ${nameOfTarget(claimed.by)} already.`,
    { resource: nameOfTarget(targetId), nextStep: `delete ${nameOfTarget(claimed.by)} first.` },
  );
};

/**
 * A change of instance, group or node group must set `updatedAt`: the age of the claim is judged by it.
 * @throws BrokenNotFound, BrokenFacts, RetryableContention; BrokenInput if the target does not fit its schema or
 * another one has its new subject. All name the target.
 */
export const updateTarget = (
  table: Table,
  targetId: TargetId,
  change: (target: Target) => Target,
): Promise<Target> =>
  updateItem(table, targetKey(targetId), {
    name: nameOfTarget(targetId),
    read,
    change,
    toItem,
    before: (old, changed) => claimNew(table, old, changed),
    after: (old, changed) =>
      releaseClaims(table, targetId, without(claimsOf(old), claimsOf(changed))),
  });

export const deleteTarget = async (
  table: Table,
  targetId: TargetId,
): Promise<{ readonly kind: "DELETED" | "ABSENT" }> => {
  const removal = await removeItem(table, targetKey(targetId));
  await removeItem(table, policySetterKey(targetId));
  if (removal.kind === "DELETED") {
    const target = read(removal.was);
    await releaseClaims(table, targetId, claimsOf(target));
    await noteForgotten(table, target);
  }
  return { kind: removal.kind };
};

/** Oldest first. @throws BrokenInput naming `cursor` or `limit`; BrokenFacts naming the target. */
export const listTargets = async (
  table: Table,
  input: { readonly accountId?: AccountId; readonly limit: number; readonly cursor?: string },
): Promise<TargetPage> => {
  const { accountId, ...paging } = input;
  const page = await table.query(
    accountId === undefined
      ? { index: "gsi1", partition: targetsPartition, ...paging }
      : { index: "gsi2", partition: targetsOfPartition(accountId), ...paging },
  );
  return { ...page, items: page.items.map(read) };
};
