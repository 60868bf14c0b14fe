/**
 * Which target an EC2 instance is registered for: an item per instance, so that two registrations of one
 * instance cannot both succeed. The claim is made before the target is written and let go after it is moved or
 * deleted; what a crash leaves between the two is taken over once nobody can still be at work on it.
 */
import type { InstanceId, TargetId } from "../../core/model/ids.ts";
import { instanceClaimKey, targetKey } from "./keys.ts";
import type { Table } from "./table.ts";
import { firstVersion, untilWritten } from "./update-item.ts";

export interface InstanceClaim {
  readonly instanceId: InstanceId;
  readonly targetId: TargetId;
  /** ISO 8601 */
  readonly claimedAt: string;
}

/** Longest run of a Lambda function: whoever claimed before that has ended, with or without its target. */
const longestWriterMs = 15 * 60 * 1000;

export const readClaim = async (
  table: Table,
  instanceId: InstanceId,
): Promise<InstanceClaim | undefined> =>
  (await table.get(instanceClaimKey(instanceId)))?.data as InstanceClaim | undefined;

const isAbandoned = async (
  table: Table,
  held: InstanceClaim,
  wantedAt: string,
): Promise<boolean> => {
  if (Date.parse(wantedAt) - Date.parse(held.claimedAt) <= longestWriterMs) return false;
  const holder = await table.get(targetKey(held.targetId));
  const registered = (holder?.data as { readonly instanceId?: unknown } | undefined)?.instanceId;
  return registered !== held.instanceId;
};

/** HELD if the claim is ours now (or was before), TAKEN with the target that has it. */
export const claimInstance = (
  table: Table,
  claim: InstanceClaim,
): Promise<{ readonly kind: "HELD" } | { readonly kind: "TAKEN"; readonly by: TargetId }> => {
  const key = instanceClaimKey(claim.instanceId);
  return untilWritten(`claim of ${claim.instanceId}`, async () => {
    const item = await table.get(key);
    const held = item?.data as InstanceClaim | undefined;
    const isForeign = held !== undefined && held.targetId !== claim.targetId;
    if (isForeign && !(await isAbandoned(table, held, claim.claimedAt))) {
      return { kind: "TAKEN", by: held.targetId };
    }
    const version = item === undefined ? firstVersion(claim.claimedAt) : item.version + 1;
    const { kind } = await table.put(
      { ...key, version, data: claim },
      item === undefined ? { ifAbsent: true } : { ifVersion: item.version },
    );
    return kind === "WRITTEN" ? { kind: "HELD" } : undefined;
  });
};

/** Lets go what the target holds; a claim of another target stays. */
export const releaseClaim = async (
  table: Table,
  claim: Pick<InstanceClaim, "instanceId" | "targetId">,
): Promise<void> => {
  const key = instanceClaimKey(claim.instanceId);
  const item = await table.get(key);
  const held = item?.data as InstanceClaim | undefined;
  if (item === undefined || held?.targetId !== claim.targetId) return;
  // A conflict means that the claim was written anew since: then it is not the one to let go.
  await table.delete(key, { ifVersion: item.version });
};
