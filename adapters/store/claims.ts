/**
 * Which target an instance, a group or a node group is registered for: an item each, so that two registrations of one thing
 * cannot both succeed. Claims are made before the target is written and let go after it is moved or deleted; what a crash
 * leaves between the two is taken over once nobody can still be at work on it.
 */
import type { TargetId } from "../../core/model/ids.ts";
import { targetSchema, type Target } from "../../core/model/target.ts";
import { claimKey, groupClaim, instanceClaim, nodeGroupClaim, targetKey } from "./keys.ts";
import type { Table } from "./table.ts";
import { firstVersion, untilWritten } from "./update-item.ts";

export interface Claim {
  /** Of what is claimed: `INSTANCE#i-…`. */
  readonly name: string;
  readonly targetId: TargetId;
  /** ISO 8601 */
  readonly claimedAt: string;
}

/** All that no other target may be registered for. The member by which a group was registered is among it. */
export const claimsOf = (target: Target): readonly string[] => {
  const own = instanceClaim(target.instanceId);
  switch (target.pipelineMode) {
    case "LINEAR":
      return [own];
    case "CLUSTER":
      return [groupClaim(target, target.group.asgName), own];
    case "KUBERNETES":
      return target.node.scope === "ONE" ? [own] : [nodeGroupClaim(target, target.node), own];
  }
};

/** Longest run of a Lambda function: whoever claimed before that has ended, with or without its target. */
const longestWriterMs = 15 * 60 * 1000;

export const readClaim = async (table: Table, name: string): Promise<Claim | undefined> =>
  (await table.get(claimKey(name)))?.data as Claim | undefined;

const isAbandoned = async (table: Table, held: Claim, wantedAt: string): Promise<boolean> => {
  if (Date.parse(wantedAt) - Date.parse(held.claimedAt) <= longestWriterMs) return false;
  const holder = await table.get(targetKey(held.targetId));
  if (holder === undefined) return true;
  const registered = targetSchema().safeParse(holder.data);
  return registered.success && !claimsOf(registered.data).includes(held.name);
};

/** HELD if the claim is ours now (or was before), TAKEN with the target that has it. */
const claim = (
  table: Table,
  wanted: Claim,
): Promise<{ readonly kind: "HELD" } | { readonly kind: "TAKEN"; readonly by: TargetId }> => {
  const key = claimKey(wanted.name);
  return untilWritten(`claim of ${wanted.name}`, async () => {
    const item = await table.get(key);
    const held = item?.data as Claim | undefined;
    const isForeign = held !== undefined && held.targetId !== wanted.targetId;
    if (isForeign && !(await isAbandoned(table, held, wanted.claimedAt))) {
      return { kind: "TAKEN", by: held.targetId };
    }
    const version = item === undefined ? firstVersion(wanted.claimedAt) : item.version + 1;
    const { kind } = await table.put(
      { ...key, version, data: wanted },
      item === undefined ? { ifAbsent: true } : { ifVersion: item.version },
    );
    return kind === "WRITTEN" ? { kind: "HELD" } : undefined;
  });
};

/** Lets go what the target holds of these; a claim of another target stays. */
export const releaseClaims = async (
  table: Table,
  targetId: TargetId,
  names: readonly string[],
): Promise<void> => {
  for (const name of names) {
    const key = claimKey(name);
    const item = await table.get(key);
    const held = item?.data as Claim | undefined;
    if (item === undefined || held?.targetId !== targetId) continue;
    // A conflict means that the claim was written anew since: then it is not the one to let go.
    await table.delete(key, { ifVersion: item.version });
  }
};

export type Claimed =
  | { readonly kind: "HELD" }
  | { readonly kind: "TAKEN"; readonly by: TargetId; readonly name: string };

/** All or none: what was claimed before one that is taken is let go, unless the target had it before. */
export const makeClaims = async (
  table: Table,
  { targetId, claimedAt }: Omit<Claim, "name">,
  names: readonly string[],
): Promise<Claimed> => {
  for (const [index, name] of names.entries()) {
    const answer = await claim(table, { name, targetId, claimedAt });
    if (answer.kind === "HELD") continue;
    await releaseClaims(table, targetId, names.slice(0, index));
    return { ...answer, name };
  }
  return { kind: "HELD" };
};
