/** What whoever registers a target should know at once: permissions that are known to be missing, for a switch and for the way back. */
import { getAccount } from "../../adapters/store/accounts.ts";
import { missingPermissions } from "../../core/decide/switch/registration.ts";
import type { Target } from "../../core/model/target.ts";
import type { ApiContext } from "./context.ts";

/** Empty: none is known to be missing. The way back alone needs the option of the role to launch On-Demand. */
export const registrationNotices = async (
  { table }: Pick<ApiContext, "table">,
  target: Target,
): Promise<readonly string[]> => {
  const account = await getAccount(table, target.accountId);
  if (account === undefined || target.pipelineMode === "KUBERNETES") return [];
  const found =
    missingPermissions({ account, target }) ??
    missingPermissions({ account, target, kind: "FALL_BACK" });
  return found === undefined ? [] : [found.sentence];
};
