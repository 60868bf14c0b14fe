/** Predict: the probability of losing each remaining pool within the horizon, by the assigned model. */
import * as z from "zod";
import { saveOffers } from "../../../adapters/store/evaluations.ts";
import { judgeOf } from "../../../core/decide/judges.ts";
import { stoodInBy } from "../../../core/decide/offers/need.ts";
import { estimateRisks, riskQuestions } from "../../../core/risk/predict.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { readMarketFacts } from "../../evaluation/facts.ts";
import { candidatesOf } from "../candidates.ts";
import { readModelStanding, requireAllowed } from "../model-standing.ts";
import { loadRiskModel } from "../risk-models.ts";

export const predictStep = defineEvaluationStep({
  name: "predict",
  input: evaluationInputSchema,
  output: z.object({ kind: z.literal("PREDICTED"), summary: z.string() }),
  run: async (session) => {
    const { context, evaluation } = session;
    const { modelVersion } = evaluation;
    // Checked when it was assigned and when this began; it may be archived, or the account PROD, since.
    const { environment } = await session.account();
    requireAllowed(await readModelStanding(context.table, modelVersion), environment);
    const facts = await readMarketFacts(session);
    const judge = judgeOf(evaluation.mode);
    const policy = judge.policyFor(facts, evaluation.policy);
    const asked = {
      candidates: candidatesOf(session, facts),
      market: facts.market,
      policy,
      ...stoodInBy(judge.needOf(facts, policy)),
      isStandingJudged: true,
    };
    const model = await loadRiskModel(context.table, modelVersion, riskQuestions(asked));
    const offers = estimateRisks({ ...asked, model });
    await saveOffers(context.table, evaluation.evaluationId, offers, { isFirst: true });
    const judged = offers.filter((offer) => offer.risk !== undefined).length;
    return {
      output: {
        kind: "PREDICTED" as const,
        summary: `Model ${modelVersion} judged ${String(judged)} ${judged === 1 ? "pool" : "pools"} over ${String(policy.horizonHours)} h.`,
      },
    };
  },
});
