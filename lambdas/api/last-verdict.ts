/** What the last sweep has judged of a target, with the pool that it would go to first. */
import { loadJudgedBody } from "../../adapters/store/judged-bodies.ts";
import { getJudged } from "../../adapters/store/judged-runs.ts";
import type { FirstJudged } from "../../core/model/judged-facts.ts";
import { callsForAction } from "../../core/model/verdict.ts";
import type { Target } from "../../core/model/target.ts";
import type { ApiContext } from "./context.ts";
import { lastVerdictJson } from "./schemas/judged-runs.ts";

/** Undefined: none has judged it yet, or it is told of another place. @throws BrokenFacts */
export const lastVerdictOf = async (
  { table }: Pick<ApiContext, "table">,
  target: Target,
): Promise<ReturnType<typeof lastVerdictJson> | undefined> => {
  const run = await getJudged(table, target, target.targetId);
  if (run === undefined) return undefined;
  // All verdicts of a run have the same first pool.
  const first = (await loadJudgedBody(table, target, run.first)) as FirstJudged;
  const [pool] = callsForAction(first.verdict) ? first.verdict.offers : [];
  return lastVerdictJson(run, pool);
};
