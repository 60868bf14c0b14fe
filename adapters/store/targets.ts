/** Registered targets. An instance is registered once at most (see instance-claims.ts). */
import { SpotOptimizerError } from "../../core/errors.ts";
import type { AccountId, InstanceId, TargetId } from "../../core/model/ids.ts";
import { targetSchema } from "../../core/model/target.ts";
import type { Target } from "../../core/model/target.ts";
import { claimInstance, readClaim, releaseClaim } from "./instance-claims.ts";
import { targetKey, targetsOfPartition, targetsPartition } from "./keys.ts";
import { parseStored, parseToStore, sortableInstant } from "./parsed-data.ts";
import type { Item, Table, WriteResult } from "./table.ts";
import { firstVersion, removeItem, updateItem } from "./update-item.ts";

export interface TargetPage {
  readonly items: readonly Target[];
  readonly cursor?: string;
}

const nameOf = (targetId: string): string => `target ${targetId}`;

const read = (item: Item): Target =>
  parseStored(targetSchema, item.data, nameOf(item.pk.slice("TARGET#".length)));

const toItem = (target: Target, version: number): Item => {
  const order = `${sortableInstant(target.createdAt, "createdAt")}#${target.targetId}`;
  return {
    ...targetKey(target.targetId),
    version,
    gsi1pk: targetsPartition,
    gsi1sk: order,
    gsi2pk: targetsOfPartition(target.accountId),
    gsi2sk: order,
    data: parseToStore(targetSchema, target, nameOf(target.targetId)),
  };
};

/** CONFLICT if the id exists, or another target has the instance (`findTargetOf` tells which). @throws BrokenInput. */
export const createTarget = async (table: Table, target: Target): Promise<WriteResult> => {
  const item = toItem(target, firstVersion(target.createdAt));
  const { instanceId, targetId } = target;
  const claim = await claimInstance(table, { instanceId, targetId, claimedAt: target.createdAt });
  if (claim.kind === "TAKEN") return { kind: "CONFLICT" };
  const written = await table.put(item, { ifAbsent: true });
  if (written.kind === "CONFLICT") {
    const existing = await getTarget(table, targetId);
    if (existing?.instanceId !== instanceId) await releaseClaim(table, { instanceId, targetId });
  }
  return written;
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
  const claim = await readClaim(table, instanceId);
  const target = claim === undefined ? undefined : await getTarget(table, claim.targetId);
  return target?.instanceId === instanceId ? target : undefined;
};

const claimFor = async (table: Table, target: Target): Promise<void> => {
  const claim = await claimInstance(table, {
    instanceId: target.instanceId,
    targetId: target.targetId,
    claimedAt: target.updatedAt,
  });
  if (claim.kind === "HELD") return;
  throw new SpotOptimizerError(
    "BrokenInput",
    `Instance ${target.instanceId} is registered as ${nameOf(claim.by)} already.`,
    { resource: nameOf(target.targetId), nextStep: `delete ${nameOf(claim.by)} first.` },
  );
};

/**
 * A change of the instance must set `updatedAt`: the age of the claim is judged by it.
 * @throws BrokenNotFound, BrokenFacts, RetryableContention; BrokenInput if the target does not fit its schema or
 * another one has its new instance. All name the target.
 */
export const updateTarget = (
  table: Table,
  targetId: TargetId,
  change: (target: Target) => Target,
): Promise<Target> =>
  updateItem(table, targetKey(targetId), {
    name: nameOf(targetId),
    read,
    change,
    toItem,
    before: async (old, changed) => {
      if (changed.instanceId !== old.instanceId) await claimFor(table, changed);
    },
    after: async (old, changed) => {
      if (changed.instanceId !== old.instanceId) await releaseClaim(table, old);
    },
  });

export const deleteTarget = async (
  table: Table,
  targetId: TargetId,
): Promise<{ readonly kind: "DELETED" | "ABSENT" }> => {
  const removal = await removeItem(table, targetKey(targetId));
  if (removal.kind === "DELETED") await releaseClaim(table, read(removal.was));
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
