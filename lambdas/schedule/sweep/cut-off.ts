/** Ends evaluations that were cut off before their workflow was started: few at any time. */
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import type { Evaluation } from "../../../core/model/evaluation.ts";
import type { StartContext } from "../../evaluation/start.ts";
import { awaitedExecution, settleUnstarted } from "../../evaluation/unstarted.ts";
import type { Log } from "../../runtime/log.ts";
import type { OneByOne } from "../one-by-one.ts";

const pageSize = 100;

const openStatuses = ["PENDING", "RUNNING"] as const;

const isAwaiting = (evaluation: Evaluation): boolean => awaitedExecution(evaluation) !== undefined;

/** @returns how many have ended */
export const settleCutOff = async (
  context: StartContext & { readonly log: Log },
  turns: OneByOne,
): Promise<number> => {
  let ended = 0;
  for (const status of openStatuses) {
    let cursor: string | undefined;
    do {
      const page = await listEvaluations(context.table, {
        status,
        limit: pageSize,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const listed of page.items.filter(isAwaiting)) {
        if (!turns.hasTime()) return ended;
        const { evaluationId } = listed;
        const keys = { evaluationId };
        const item = { name: `${evaluationId} still waits for its execution`, keys };
        const settled = await turns.attempt(item, () => settleUnstarted(context, listed));
        if (settled !== "ENDED") continue;
        ended += 1;
        context.log.warn(
          `${evaluationId} was cut off before its workflow was started, and has ended.`,
          keys,
        );
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
  return ended;
};
