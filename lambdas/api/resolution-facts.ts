/** What is read before a person's decision about a switch that was left open is judged, in each mode. */
import { getAccount } from "../../adapters/store/accounts.ts";
import { engagedFor } from "../../adapters/store/kill-switch.ts";
import { readLease } from "../../adapters/store/leases.ts";
import { findTargetOf } from "../../adapters/store/targets.ts";
import type { Account } from "../../core/model/account.ts";
import type { Evaluation } from "../../core/model/evaluation.ts";
import { instanceIdSchema, type TargetId } from "../../core/model/ids.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem } from "./problem.ts";

/** Throws the problem 409. */
export const requireAccount = async (
  context: ApiContext,
  { accountId, evaluationId }: Evaluation,
): Promise<Account> => {
  const account = await getAccount(context.table, accountId);
  if (account !== undefined) return account;
  const sentence = `Account ${accountId} of evaluation ${evaluationId} is no longer connected.`;
  throw new ApiProblem("conflict", sentence);
};

export const whyStopped = async (
  { table }: ApiContext,
  { accountId, status }: Account,
): Promise<string | undefined> => {
  const engaged = await engagedFor(table, accountId);
  if (engaged !== undefined) return `The kill switch is on: ${engaged.reason}.`;
  return status === "DISABLED" ? `Account ${accountId} is DISABLED.` : undefined;
};

/** Which of the instances another target is registered for. */
export const readRegistrations = async (
  { table }: ApiContext,
  targetId: TargetId,
  instanceIds: readonly string[],
): Promise<Readonly<Record<string, string>>> => {
  const found: Record<string, string> = {};
  for (const instanceId of new Set(instanceIds)) {
    const target = await findTargetOf(table, instanceIdSchema.parse(instanceId));
    if (target !== undefined && target.targetId !== targetId) found[instanceId] = target.targetId;
  }
  return found;
};

export const latestBegun = async (
  { table }: ApiContext,
  { evaluationId, leases }: Evaluation,
): Promise<{ readonly supersededBy?: string }> => {
  const lease = await readLease(table, leases.at(-1)?.resource ?? leases[0].resource);
  const begunBy = lease?.begunBy;
  return begunBy === undefined || begunBy === evaluationId ? {} : { supersededBy: begunBy };
};
