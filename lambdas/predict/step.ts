/** Predict: the probability of losing each remaining pool within the horizon, by the assigned model. */
import { z } from "zod";
import { saveOffers } from "../../adapters/store/evaluations.ts";
import { estimateRisks } from "../../core/risk/predict.ts";
import { findModel } from "../../core/risk/registry.ts";
import { readMarketFacts, readOffers } from "../runtime/facts.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../runtime/evaluation-step.ts";

export const predictStep = defineEvaluationStep({
  name: "predict",
  input: evaluationInputSchema,
  output: z.object({ kind: z.literal("PREDICTED"), summary: z.string() }),
  run: async (session) => {
    const { context, evaluation } = session;
    const { market } = await readMarketFacts(session);
    const offers = estimateRisks({
      candidates: await readOffers(session),
      market,
      policy: evaluation.policy,
      model: findModel(evaluation.modelVersion),
    });
    await saveOffers(context.table, evaluation.evaluationId, offers);
    const judged = offers.filter((offer) => offer.risk !== undefined).length;
    return {
      output: {
        kind: "PREDICTED" as const,
        summary: `Model ${evaluation.modelVersion} judged ${String(judged)} ${judged === 1 ? "pool" : "pools"} over ${String(evaluation.policy.horizonHours)} h.`,
      },
    };
  },
});
