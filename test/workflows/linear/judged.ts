/** What sweeps have judged of a target, without an evaluation. */
import { getJudged, listEndedRuns } from "../../../adapters/store/judged-runs.ts";
import { getTarget } from "../../../adapters/store/targets.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import type { JudgedRun } from "../../../core/model/judged-run.ts";
import type { LabAccount } from "../../../local/lab/account.ts";

/** Oldest first; the last one is the current one. */
export const judgedRunsOf = async (
  { table }: Pick<LabAccount, "table">,
  id: string,
): Promise<readonly JudgedRun[]> => {
  const targetId = targetIdSchema.parse(id);
  const target = await getTarget(table, targetId);
  if (target === undefined) throw new Error(`Target ${id} is gone.`);
  const { items } = await listEndedRuns(table, { targetId, limit: 1000 });
  const current = await getJudged(table, target, targetId);
  return [...items.toReversed(), ...(current === undefined ? [] : [current])];
};
