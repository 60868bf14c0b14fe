/** Forgets the targets of an account that is off-boarded: from then on no evaluation of theirs begins. */
import { deleteTarget } from "../../../adapters/store/targets.ts";
import { flagsToReturn } from "../../../core/decide/linear/deletion-flags.ts";
import { offBoardingOf } from "../../../core/model/lease-holder.ts";
import type { Target } from "../../../core/model/target.ts";
import { listTargetsOf } from "../../evaluation/account-holdings.ts";
import { giveFlags } from "../../evaluation/return-flags.ts";
import { underTargetLease } from "../../evaluation/target-lease.ts";
import type { Leaving } from "./leaving.ts";

/** Returned first: once the target is forgotten, nobody knows how its owner had them. */
const returnFlags = async (leaving: Leaving, target: Target): Promise<void> => {
  const owner = target.pipelineMode === "LINEAR" ? target.ownersDeletionFlags : undefined;
  if (owner === undefined || !leaving.offBoarding.isReachable) return;
  const { ec2 } = await leaving.customer(target.region);
  await giveFlags(ec2, target.instanceId, (found) => flagsToReturn(found, owner));
};

const forget = async (leaving: Leaving, target: Target): Promise<string | undefined> => {
  const { context } = leaving;
  const done = await underTargetLease(context, target, {
    owner: offBoardingOf(leaving.account.accountId),
    act: async () => {
      await returnFlags(leaving, target);
      await deleteTarget(context.table, target.targetId);
    },
  });
  if (done.kind === "DONE") return undefined;
  return done.kind === "BUSY"
    ? `${target.targetId} is worked on.`
    : `Evaluation ${done.evaluationId} has left open what it had begun at ${target.targetId}.`;
};

/** @returns why targets are left, in sentences */
export const forgetTargets = async (leaving: Leaving): Promise<readonly string[]> => {
  const { context, account } = leaving;
  const waits: string[] = [];
  for (const target of await listTargetsOf(context.table, account.accountId)) {
    const waited = await leaving.attempt(`${target.targetId} was not forgotten`, () =>
      forget(leaving, target),
    );
    if (waited !== undefined) waits.push(waited);
  }
  return waits;
};
