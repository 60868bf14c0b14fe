/** What is written down of swaps that were planned, before anything exists of them. */
import type { PlannedSwap } from "../../core/decide/cluster/batch.ts";
import type { ClusterEvaluation } from "../../core/model/evaluation.ts";
import type { InstanceId } from "../../core/model/ids.ts";
import type { SwapChange } from "../evaluation/evaluation-step.ts";
import { withProgress, type ClusterSession } from "./session.ts";

const plannedChange = (
  batch: number,
  swapId: string,
  { originalId, zoneId, offers, purchase, sentence }: PlannedSwap,
): SwapChange => ({
  swapId,
  change: (stored) =>
    stored ?? {
      swapId,
      originalId,
      batch,
      ...(purchase === undefined ? {} : { purchase }),
      offers,
      failed: [],
      stage: "PLANNED",
      sentence: `${originalId} in ${zoneId} is to be replaced: ${sentence}.`,
    },
});

/** From the first swap that was not planned before. */
export const plannedChanges = (
  { swaps: before }: ClusterSession,
  batch: number,
  planned: readonly PlannedSwap[],
): readonly SwapChange[] =>
  planned.map((swap, index) =>
    plannedChange(batch, `swap-${String(before.length + index + 1)}`, swap),
  );

/** Of a response: who is decided about. A message about one of them is answered. */
export const withDecided =
  (news: readonly InstanceId[]) =>
  (record: ClusterEvaluation): ClusterEvaluation =>
    withProgress({ decided: [...new Set([...(record.progress.decided ?? []), ...news])] })(record);
