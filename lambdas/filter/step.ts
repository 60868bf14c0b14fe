/** Filter: which pools could take the instance, and why the others can't. */
import { z } from "zod";
import { saveOffers } from "../../adapters/store/evaluations.ts";
import { filterCandidates } from "../../core/decide/candidates.ts";
import { readMarketFacts } from "../runtime/facts.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../runtime/evaluation-step.ts";

export const filterStep = defineEvaluationStep({
  name: "filter",
  input: evaluationInputSchema,
  output: z.object({ kind: z.literal("FILTERED"), summary: z.string() }),
  run: async (session) => {
    const { context, evaluation } = session;
    const facts = await readMarketFacts(session);
    const candidates = filterCandidates({ ...facts, policy: evaluation.policy });
    await saveOffers(context.table, evaluation.evaluationId, candidates);
    const kept = candidates.filter((candidate) => candidate.rejection === undefined).length;
    return {
      output: {
        kind: "FILTERED" as const,
        summary: `${String(kept)} of ${String(candidates.length)} candidates can take ${evaluation.instanceId}.`,
      },
    };
  },
});
