/** The targets of one place. */
import type { Table } from "../../adapters/store/table.ts";
import { listTargets } from "../../adapters/store/targets.ts";
import type { Place } from "../../core/model/place.ts";
import type { Target } from "../../core/model/target.ts";

const pageSize = 100;

export const targetsIn = async (
  table: Table,
  { accountId, region }: Place,
): Promise<readonly Target[]> => {
  const targets: Target[] = [];
  let cursor: string | undefined;
  do {
    const page = await listTargets(table, {
      accountId,
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    targets.push(...page.items.filter((target) => target.region === region));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return targets;
};
