/**
 * Gives an instance that a switch brought to Spot its owner's deletion flags back, before its target is forgotten. Until
 * then nothing with data or addresses is deleted with it; afterwards that is its owner's choice again.
 */
import { readAttachments, setDeletionFlag } from "../../adapters/aws/ec2/deletion-flags.ts";
import { readInstanceState } from "../../adapters/aws/ec2/instances.ts";
import { getAccount } from "../../adapters/store/accounts.ts";
import { engagedFor } from "../../adapters/store/kill-switch.ts";
import { flagsToReturn, namesOf } from "../../core/decide/linear/deletion-flags.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Account } from "../../core/model/account.ts";
import type { DeletionFlags } from "../../core/model/deletion-flags.ts";
import { hasEnded } from "../../core/model/instance.ts";
import type { Target } from "../../core/model/target.ts";
import type { CustomerClients } from "../runtime/context.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem } from "./problem.ts";

const orLeave = "or leave them as they are with deletion_flags=leave";

/** Throws the problem 409 where nothing may be changed in the account. */
const requireChangeable = async (context: ApiContext, target: Target): Promise<Account> => {
  const { accountId, instanceId } = target;
  const what = `The deletion flags of ${instanceId} can't be returned to its owner`;
  const stopped = await engagedFor(context.table, accountId);
  if (stopped !== undefined) {
    throw new ApiProblem(
      "conflict",
      `${what}: the kill switch is on (${stopped.reason}). Lift it first, ${orLeave}.`,
    );
  }
  const account = await getAccount(context.table, accountId);
  if (account?.status === "ACTIVE") return account;
  throw new ApiProblem(
    "conflict",
    `${what}: account ${accountId} is ${account?.status ?? "not connected"}. Verify it first, ${orLeave}.`,
  );
};

const notVisible = (sentence: string, resource: string): SpotOptimizerError =>
  new SpotOptimizerError("RetryableNotVisible", sentence, { resource });

const whatDiffers = async (
  ec2: CustomerClients["ec2"],
  instanceId: string,
  owner: DeletionFlags,
): Promise<ReturnType<typeof flagsToReturn>> => {
  const found = await readAttachments(ec2, instanceId);
  if (found !== undefined) return flagsToReturn(found, owner);
  // With an instance that is gone, what it held is already kept or gone.
  const state = await readInstanceState(ec2, instanceId);
  if (state === undefined || hasEnded(state)) return [];
  throw notVisible(`EC2 does not show what is attached to ${instanceId}.`, instanceId);
};

/**
 * Returns the ids of what was given another flag. Throws the problem 409, and what AWS answers otherwise: then some may be
 * returned and others not, and the same request goes on with them.
 */
export const returnFlags = async (
  context: ApiContext,
  target: Target,
): Promise<readonly string[]> => {
  const owner = target.pipelineMode === "LINEAR" ? target.ownersDeletionFlags : undefined;
  if (owner === undefined) return [];
  const { instanceId, region } = target;
  const account = await requireChangeable(context, target);
  const { ec2 } = await context.customer(account, region, `flags-${context.randomId()}`);
  const changes = await whatDiffers(ec2, instanceId, owner);
  for (const change of changes) await setDeletionFlag(ec2, instanceId, change);
  const left = changes.length === 0 ? [] : await whatDiffers(ec2, instanceId, owner);
  if (left.length > 0) {
    throw notVisible(`EC2 does not show yet the flags of ${namesOf(left)}.`, instanceId);
  }
  return changes.map((change) =>
    change.kind === "VOLUME" ? change.volumeId : change.networkInterfaceId,
  );
};
