/** Disconnects an account, and leaves what is kept of it to who removes it. */
import { deleteAccount } from "../../adapters/store/accounts.ts";
import { forgetApprovalSettings } from "../../adapters/store/approval-settings.ts";
import { forgetEnforcerSettings } from "../../adapters/store/enforcer.ts";
import { forgetFindByTags } from "../../adapters/store/find-by-tags.ts";
import { forgetNoticeSettings } from "../../adapters/store/notice-settings.ts";
import { forgetOffBoarding } from "../../adapters/store/off-boardings.ts";
import { noteReading } from "../../adapters/store/unclaimed.ts";
import { forgetWasteSettings } from "../../adapters/store/waste-settings.ts";
import type { Account } from "../../core/model/account.ts";
import type { CommonContext } from "../runtime/context.ts";

type Context = Pick<CommonContext, "now" | "table">;

/** The longest that a function lives which may still write what it knows of the account. */
const forgottenAfterMs = 15 * 60_000;

/** "Find unclaimed" removes what is kept of a region that it knows by its reading, and that is no longer connected. */
const leaveToForget = async ({ table, now }: Context, account: Account): Promise<void> => {
  const { accountId, regions } = account;
  const dueAt = new Date(now().getTime() + forgottenAfterMs).toISOString();
  for (const region of regions) await noteReading(table, { accountId, region, dueAt });
  await forgetFindByTags(table, accountId);
  await forgetApprovalSettings(table, accountId);
  await forgetEnforcerSettings(table, accountId);
  await forgetWasteSettings(table, accountId);
  await forgetNoticeSettings(table, accountId);
};

/** Of one that has no targets. Last of all that it is on its way out: who dies before goes on with that. */
export const disconnect = async (context: Context, account: Account): Promise<void> => {
  const { accountId } = account;
  await leaveToForget(context, account);
  await deleteAccount(context.table, accountId);
  await forgetOffBoarding(context.table, accountId);
};
