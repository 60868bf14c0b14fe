/** Tells at each sweep in which accounts no switch begins, until a person lets them begin again: the operator's alarm counts these lines. */
import { readSwitching } from "../../../adapters/store/switching.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { judgeHalt } from "../../../core/decide/switch/concurrency.ts";
import type { Account } from "../../../core/model/account.ts";
import type { Log } from "../../runtime/log.ts";
import type { OneByOne } from "../one-by-one.ts";

export const tellHalted = async (
  { table, log }: { readonly table: Table; readonly log: Log },
  accounts: readonly Account[],
  turns: OneByOne,
): Promise<void> => {
  for (const account of accounts) {
    const { accountId } = account;
    const name = `Whether account ${accountId} is halted is not known`;
    await turns.attempt({ name, keys: { accountId } }, async () => {
      const { halt } = await readSwitching(table, accountId);
      const halted = judgeHalt({ ...(halt !== undefined && { halt }) }, account);
      if (halt === undefined || halted === undefined) return;
      log.warn(halted.sentence, { accountId, haltedSince: halt.at, error: halt.error });
    });
  }
};
