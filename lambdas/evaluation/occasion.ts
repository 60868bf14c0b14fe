/**
 * Looks once more, right before something is given up, whether this is the time for it: images take minutes to hours, and
 * meanwhile a window may have closed, a freeze begun, or another switch of the account been rolled back.
 */
import { readSwitching } from "../../adapters/store/switching.ts";
import { judgeHalt } from "../../core/decide/switch/concurrency.ts";
import { judgeOccasion } from "../../core/decide/switch/occasion.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { Postponement } from "../../core/model/verdict.ts";
import type { EvaluationSession } from "./session.ts";

/** Undefined when now will do. The limits are the evaluation's; windows apart, account and target are read anew. */
export const postponementNow = async <Mode extends PipelineMode>(
  session: EvaluationSession<Mode>,
  expectedSeconds: number,
): Promise<Postponement | undefined> => {
  const { context, evaluation } = session;
  const [account, target] = [await session.account(), await session.target()];
  const at = context.now().toISOString();
  return (
    judgeOccasion({ account, target, policy: evaluation.policy, expectedSeconds, at }) ??
    judgeHalt(await readSwitching(context.table, evaluation.accountId), account)
  );
};
