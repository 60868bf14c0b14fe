/** Roll-backs have stopped new switches in an account, as its operator finds it in the morning. */
import { updateSwitching } from "../../adapters/store/switching.ts";
import { accountIdSchema } from "../../core/model/ids.ts";
import type { LabAccount } from "./account.ts";

export const haltSwitches = async ({ accountId, clock, table }: LabAccount): Promise<void> => {
  const halt = {
    at: new Date(clock.now()).toISOString(),
    error: "BrokenQuota",
    evaluationIds: [],
  };
  await updateSwitching(table, accountIdSchema.parse(accountId), (stored) => ({ ...stored, halt }));
};
