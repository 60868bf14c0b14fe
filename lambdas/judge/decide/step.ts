/** Decide: the verdict with its reason, and whether a switch may be carried out now. */
import * as z from "zod";
import { saveOffers } from "../../../adapters/store/evaluations.ts";
import { currentJudgementVersion } from "../../../core/model/judgement-version.ts";
import { authorizeSwitch } from "../../../core/decide/switch/authorization.ts";
import { chooseOffers } from "../../../core/decide/offers/choice.ts";
import { judgeOf } from "../../../core/decide/judges.ts";
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { readMarketFacts, readOffers } from "../../evaluation/facts.ts";

export const decideStep = defineEvaluationStep({
  name: "decide",
  input: evaluationInputSchema,
  output: z.object({
    kind: z.enum([
      "STAY",
      "REFUSE",
      "FALLBACK_ON_DEMAND",
      "SHADOW",
      "APPROVAL_REQUIRED",
      "PROCEED",
    ]),
    summary: z.string(),
  }),
  run: async (session) => {
    const { context, evaluation } = session;
    const facts = await readMarketFacts(session);
    const { verdict, offers } = chooseOffers({
      need: judgeOf(evaluation.mode).needOf(facts, evaluation.policy),
      market: facts.market,
      policy: evaluation.policy,
      policyVersion: evaluation.policyVersion,
      offers: await readOffers(session),
      modelVersion: evaluation.modelVersion,
      judgementVersion: currentJudgementVersion,
      ...(evaluation.lastSwitchAt === undefined ? {} : { lastSwitchAt: evaluation.lastSwitchAt }),
    });
    await saveOffers(context.table, evaluation.evaluationId, offers);
    if (verdict.kind !== "SWITCH") {
      return {
        output: { kind: verdict.kind, summary: verdict.sentence },
        change: (record) => ({ ...record, verdict }),
      };
    }
    const authorization = authorizeSwitch({
      account: await session.account(),
      mode: evaluation.mode,
      isShadowMode: evaluation.isShadowMode,
      policy: evaluation.policy,
      verdict,
    });
    return {
      output: {
        kind: authorization.kind,
        summary: `${verdict.sentence} ${authorization.sentence}`,
      },
      change: (record) => ({ ...record, verdict, authorization }),
    };
  },
});
