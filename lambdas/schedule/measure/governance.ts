/** Reads from the table what waste was deleted, and what the enforcer has flagged. */
import { listEnforcerPlaces, readFindingsIn } from "../../../adapters/store/enforcer.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { readWasteIn } from "../../../adapters/store/waste-findings.ts";
import { readWasteSettings } from "../../../adapters/store/waste-settings.ts";
import type { GovernanceFacts } from "../../../core/decide/measures-of-governance.ts";
import type { Account } from "../../../core/model/account.ts";

/** Where the scanner was ever turned on: what it has deleted costs on in the Recycle Bin, whether it is on or not. */
const readWaste = async (
  table: Table,
  accounts: readonly Account[],
): Promise<GovernanceFacts["waste"]> => {
  const waste = [];
  for (const { accountId, regions } of accounts) {
    if ((await readWasteSettings(table, accountId)) === undefined) continue;
    for (const region of regions) waste.push(...(await readWasteIn(table, { accountId, region })));
  }
  return waste.map(({ finding }) => finding);
};

export const readGovernance = async (
  table: Table,
  accounts: readonly Account[],
): Promise<GovernanceFacts> => {
  const enforced = [];
  for (const place of await listEnforcerPlaces(table)) {
    const findings = (await readFindingsIn(table, place)).map(({ finding }) => finding);
    enforced.push({ place, findings });
  }
  return { waste: await readWaste(table, accounts), enforced };
};
