/** Filter: which pools could take the instance, and why the others can't. */
import * as z from "zod";
import { saveOffers } from "../../../adapters/store/evaluations.ts";
import { filterCandidates } from "../../../core/decide/offers/candidates.ts";
import { nameOf } from "../../../core/model/subject.ts";
import { judgeOf } from "../../../core/decide/judges.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { readMarketFacts } from "../../evaluation/facts.ts";

export const filterStep = defineEvaluationStep({
  name: "filter",
  input: evaluationInputSchema,
  output: z.object({ kind: z.literal("FILTERED"), summary: z.string() }),
  run: async (session) => {
    const { context, evaluation } = session;
    const facts = await readMarketFacts(session);
    const { policy } = evaluation;
    const need = judgeOf(evaluation.mode).needOf(facts, policy);
    const candidates = filterCandidates({ need, market: facts.market, policy });
    await saveOffers(context.table, evaluation.evaluationId, candidates);
    const kept = candidates.filter((candidate) => candidate.rejection === undefined).length;
    return {
      output: {
        kind: "FILTERED" as const,
        summary: `${String(kept)} of ${String(candidates.length)} candidates can take ${nameOf(evaluation.subject)}.`,
      },
    };
  },
});
