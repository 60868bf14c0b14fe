/**
 * Off-board: carries out what was agreed to about accounts that leave, in an order in which each part can be cut off and done again:
 * no switch may begin, then targets are forgotten, what is due is settled, our tags go, and last of all the account itself. It ends
 * no instance but an original that its owner has named, and that one as the janitor would.
 */
import * as z from "zod";
import { getAccount } from "../../../adapters/store/accounts.ts";
import { appendAudit } from "../../../adapters/store/audit.ts";
import { engagedFor } from "../../../adapters/store/kill-switch.ts";
import {
  forgetOffBoarding,
  listOffBoardings,
  noteOffBoarding,
} from "../../../adapters/store/off-boardings.ts";
import type { Account } from "../../../core/model/account.ts";
import type { OffBoarding } from "../../../core/model/off-boarding.ts";
import { disconnect } from "../../evaluation/disconnect-account.ts";
import type { DutyClients } from "../../evaluation/duty.ts";
import type { Step } from "../../runtime/step.ts";
import { oneByOne, type OneByOne } from "../one-by-one.ts";
import { settleDue } from "./due.ts";
import type { Leaving, OffBoardContext } from "./leaving.ts";
import { takeTagsAway } from "./tags.ts";
import { forgetTargets } from "./targets.ts";

const clients = [
  "autoScaling",
  "classicElb",
  "cloudWatch",
  "ec2",
  "elb",
  "resourceGroups",
  "ssm",
] as const satisfies readonly DutyClients[];

const leavingOf = (
  context: OffBoardContext,
  turns: OneByOne,
  { account, offBoarding }: { readonly account: Account; readonly offBoarding: OffBoarding },
): Leaving => ({
  context,
  account,
  offBoarding,
  customer: (region) => context.customer(account, region, `off-board-${account.accountId}`),
  attempt: async (name, work) => {
    if (!turns.hasTime()) return "The next run goes on.";
    const keys = { accountId: account.accountId };
    const done = await turns.attempt({ name, keys }, async () => ({ waited: await work() }));
    return done === undefined ? `${name}: see the log of schedule-off-board.` : done.waited;
  },
});

/** A part begins once nothing of the one before is left. */
const workOn = async (leaving: Leaving): Promise<readonly string[]> => {
  const { context, account } = leaving;
  const stopped = await engagedFor(context.table, account.accountId);
  if (stopped !== undefined) return [`The kill switch is on: ${stopped.reason}`];
  for (const part of [forgetTargets, settleDue, takeTagsAway]) {
    const waits = await part(leaving);
    if (waits.length > 0) return waits;
  }
  return [];
};

const finish = async ({ context, account, offBoarding }: Leaving): Promise<void> => {
  const { accountId } = account;
  await appendAudit(context.table, {
    at: context.now().toISOString(),
    actor: offBoarding.by,
    action: "DELETE_ACCOUNT",
    resource: `account ${accountId}`,
    detail: { plan: offBoarding.plan, end: offBoarding.end },
  });
  await disconnect(context, account);
  context.log.info(`Account ${accountId} is off-boarded.`, { accountId });
};

/** Enough to be read: each is a sentence. */
const mostTold = 20;

/** @returns whether it is over */
const offBoard = async (
  context: OffBoardContext,
  turns: OneByOne,
  offBoarding: OffBoarding,
): Promise<boolean> => {
  const { accountId } = offBoarding;
  const account = await getAccount(context.table, accountId);
  // Who died right before the last write has left this of an account that is gone, or was connected anew since.
  if (account === undefined || account.createdAt > offBoarding.at) {
    await forgetOffBoarding(context.table, accountId);
    return true;
  }
  const leaving = leavingOf(context, turns, { account, offBoarding });
  const waits = await workOn(leaving);
  if (waits.length === 0) {
    await finish(leaving);
    return true;
  }
  const workedAt = context.now().toISOString();
  await noteOffBoarding(context.table, accountId, { waitsFor: waits.slice(0, mostTold), workedAt });
  return false;
};

const outputSchema = z.object({ kind: z.literal("OFF_BOARDED"), summary: z.string() });

export const offBoardStep: Step<unknown, z.infer<typeof outputSchema>, OffBoardContext> = {
  name: "off-board",
  clients,
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const turns = oneByOne(context);
    const counts = { over: 0, waiting: 0 };
    for (const offBoarding of await listOffBoardings(context.table)) {
      if (!turns.hasTime()) break;
      const { accountId } = offBoarding;
      const item = { name: `Account ${accountId} was not off-boarded`, keys: { accountId } };
      const isOver = await turns.attempt(item, () => offBoard(context, turns, offBoarding));
      counts[isOver === true ? "over" : "waiting"] += 1;
    }
    turns.finish();
    return {
      kind: "OFF_BOARDED",
      summary: `${String(counts.over)} off-boarded, ${String(counts.waiting)} waiting.`,
    };
  },
};
