/** Ends evaluations that were cut off before their workflow was started, and those whose execution has ended without them: few at any time. */
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import type { Evaluation } from "../../../core/model/evaluation.ts";
import { settleDead } from "../../evaluation/dead.ts";
import type { StartContext } from "../../evaluation/start.ts";
import { awaitedExecution, settleUnstarted } from "../../evaluation/unstarted.ts";
import type { Log } from "../../runtime/log.ts";
import type { OneByOne } from "../one-by-one.ts";

const pageSize = 100;

const openStatuses = ["PENDING", "RUNNING"] as const;

type Context = StartContext & { readonly log: Log };

const settle = async (context: Context, listed: Evaluation): Promise<string | undefined> => {
  if (awaitedExecution(listed) !== undefined) {
    const settled = await settleUnstarted(context, listed);
    return settled === "ENDED" ? "was cut off before its workflow was started" : undefined;
  }
  const settled = await settleDead(context, listed);
  return settled === "ENDED" ? "has lost its execution before its end was written" : undefined;
};

const settlePage = async (
  context: Context,
  turns: OneByOne,
  evaluations: readonly Evaluation[],
): Promise<number> => {
  let ended = 0;
  for (const listed of evaluations) {
    if (!turns.hasTime()) break;
    const { evaluationId } = listed;
    const keys = { evaluationId };
    const item = { name: `${evaluationId} still waits for its execution`, keys };
    const why = await turns.attempt(item, () => settle(context, listed));
    if (why === undefined) continue;
    ended += 1;
    context.log.warn(`${evaluationId} ${why}, and has ended.`, keys);
  }
  return ended;
};

/** @returns how many have ended */
export const settleCutOff = async (context: Context, turns: OneByOne): Promise<number> => {
  let ended = 0;
  for (const status of openStatuses) {
    let cursor: string | undefined;
    do {
      if (!turns.hasTime()) return ended;
      const page = await listEvaluations(context.table, {
        status,
        limit: pageSize,
        ...(cursor === undefined ? {} : { cursor }),
      });
      ended += await settlePage(context, turns, page.items);
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
  return ended;
};
