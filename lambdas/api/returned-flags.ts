/**
 * Gives an instance that a switch brought to Spot its owner's deletion flags back, before its target is forgotten. Until
 * then nothing with data or addresses is deleted with it; afterwards that is its owner's choice again.
 */
import { getAccount } from "../../adapters/store/accounts.ts";
import { engagedFor } from "../../adapters/store/kill-switch.ts";
import { flagsToReturn } from "../../core/decide/linear/deletion-flags.ts";
import type { Account } from "../../core/model/account.ts";
import type { Target } from "../../core/model/target.ts";
import { giveFlags } from "../evaluation/return-flags.ts";
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
  return giveFlags(ec2, instanceId, (found) => flagsToReturn(found, owner));
};
