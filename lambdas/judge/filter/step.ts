/**
 * Filter: which pools could take the instance, and why the others can't. It only counts them: "Predict" works them out again, and
 * writes them with their risks. To write them costs more than to filter.
 */
import * as z from "zod";
import { nameOf } from "../../../core/model/subject.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { readMarketFacts } from "../../evaluation/facts.ts";
import { candidatesOf } from "../candidates.ts";

export const filterStep = defineEvaluationStep({
  name: "filter",
  input: evaluationInputSchema,
  output: z.object({ kind: z.literal("FILTERED"), summary: z.string() }),
  run: async (session) => {
    const candidates = candidatesOf(session, await readMarketFacts(session));
    const kept = candidates.filter((candidate) => candidate.rejection === undefined).length;
    return {
      output: {
        kind: "FILTERED" as const,
        summary: `${String(kept)} of ${String(candidates.length)} candidates can take ${nameOf(session.evaluation.subject)}.`,
      },
    };
  },
});
