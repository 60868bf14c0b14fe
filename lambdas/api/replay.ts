/**
 * Judges an evaluation again from the facts in its record. Without a change the outcome must be the stored one,
 * compared as canonical JSON, byte for byte; with another policy or model the differences are the answer.
 */
import type * as z from "./zod.ts";
import { loadJudgedFacts, loadOffers } from "../../adapters/store/evaluations.ts";
import { canonicalJson } from "../../core/canonical.ts";
import { filterCandidates } from "../../core/decide/offers/candidates.ts";
import type { Judge } from "../../core/decide/offers/judge.ts";
import { judgeOf } from "../../core/decide/judges.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Account } from "../../core/model/account.ts";
import {
  isAskedFor,
  type Evaluation,
  type EvaluationFacts,
  type Registered,
} from "../../core/model/evaluation.ts";
import { judgementVersionOf } from "../../core/model/judgement-version.ts";
import type { Offer } from "../../core/model/offer.ts";
import type { Verdict } from "../../core/model/verdict.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { policySchema, type Policy } from "../../core/policy/policy.ts";
import type { RiskModel } from "../../core/risk/model.ts";
import { stoodInBy } from "../../core/decide/offers/need.ts";
import { riskQuestions, type RiskQuestions } from "../../core/risk/predict.ts";
import { readModelStanding } from "../judge/model-standing.ts";
import { loadRiskModel } from "../judge/risk-models.ts";
import { policyVersionOf } from "../evaluation/new-record.ts";
import { requireApplicable } from "./applicable-overrides.ts";
import type { ApiContext } from "./context.ts";
import { differencesBetween } from "./differences.ts";
import { snakeKeys } from "./letter-case.ts";
import { ApiProblem, invalid } from "./problem.ts";
import type { replayRequestSchema } from "./schemas/evaluations.ts";
import type { JudgementJson, ReplayJson } from "./schemas/replay.ts";
import { overridesFromJson } from "./schemas/policy.ts";

type ReplayRequest = z.infer<typeof replayRequestSchema>;

interface Judgement {
  readonly verdict: Verdict;
  readonly offers: readonly Offer[];
}

interface StoredStory {
  readonly verdict: Verdict;
  readonly facts: EvaluationFacts;
  readonly registered: Registered;
}

const storedStory = async (context: ApiContext, evaluation: Evaluation): Promise<StoredStory> => {
  const { evaluationId, verdict, registered } = evaluation;
  const facts = await loadJudgedFacts(context.table, evaluationId);
  if (verdict !== undefined && facts !== undefined && registered !== undefined) {
    return { verdict, facts, registered };
  }
  throw new ApiProblem(
    "not-replayable",
    `Evaluation ${evaluationId} is ${evaluation.status} and has ${verdict === undefined ? "no verdict" : "no facts"}, so there is nothing to replay.`,
  );
};

/** Throws the problem 422 naming every override that does not apply to the evaluation's mode. */
const policyOf = (
  { mode, policy }: Evaluation,
  { policy_overrides: overrides }: ReplayRequest,
): Policy =>
  overrides === undefined
    ? policy
    : policySchema().parse({
        ...policy,
        ...requireApplicable(mode, overridesFromJson(overrides)),
      });

/** What the model will be asked: nothing when the market was not looked at. */
export const questionsOf = (
  judge: Judge<PipelineMode>,
  { market, ...facts }: EvaluationFacts,
  registered: Policy,
): RiskQuestions => {
  const policy = judge.policyFor(facts, registered);
  if (market === undefined) return { features: [], horizonHours: policy.horizonHours };
  const need = judge.needOf({ ...facts, market }, policy);
  return riskQuestions({
    candidates: filterCandidates({ need, market, policy }),
    market,
    policy,
    ...stoodInBy(need),
    isStandingJudged: true,
  });
};

/** Stands for a version that was never registered: such an evaluation was refused without asking it. */
const neverAsked = (version: string): RiskModel => ({
  version,
  probability: () => {
    throw new SpotOptimizerError("BrokenModel", `There is no risk model ${version}.`);
  },
});

/** Also an archived one: what was judged must be judged the same again. Throws the problem 422. */
export const modelOf = async (
  context: ApiContext,
  versions: { readonly stored: string; readonly asked: string | undefined },
  questions: RiskQuestions,
): Promise<RiskModel> => {
  const version = versions.asked ?? versions.stored;
  const { status } = await readModelStanding(context.table, version);
  if (status !== "unknown") return loadRiskModel(context.table, version, questions);
  if (versions.asked === undefined) return neverAsked(version);
  const message = `there is no risk model ${version}; GET /models lists them`;
  throw invalid("body", [{ field: "model_version", message }]);
};

/** Another model is asked what it would have said, whatever the one assigned was allowed to. */
const factsFor = (facts: EvaluationFacts, request: ReplayRequest): EvaluationFacts => {
  if (request.model_version === undefined) return facts;
  const { riskModel: _assigned, ...others } = facts;
  return others;
};

/** No decision looks at the ExternalId, and the record holds none. */
export const accountOf = ({ account }: Registered): Account => ({
  ...account,
  externalId: "",
});

const judgementJson = ({ verdict, offers }: Judgement): JudgementJson => ({
  verdict: snakeKeys(verdict),
  candidates: offers.length,
  accepted: offers.filter((offer) => offer.rejection === undefined).length,
});

export const replayEvaluation = async (
  context: ApiContext,
  evaluation: Evaluation,
  request: ReplayRequest,
): Promise<ReplayJson> => {
  const { verdict, facts, registered } = await storedStory(context, evaluation);
  const stored = {
    verdict,
    offers: (await loadOffers(context.table, evaluation.evaluationId)) ?? [],
  };
  const policy = policyOf(evaluation, request);
  // The target that was recorded is of the evaluation's mode.
  const judge = judgeOf(evaluation.mode);
  const versions = { stored: evaluation.modelVersion, asked: request.model_version };
  const model = await modelOf(context, versions, questionsOf(judge, facts, policy));
  const judged = judge.judge({
    account: accountOf(registered),
    target: registered.target,
    facts: factsFor(facts, request),
    policy,
    policyVersion:
      request.policy_overrides === undefined ? evaluation.policyVersion : policyVersionOf(policy),
    model,
    judgementVersion: judgementVersionOf(verdict),
    isAskedFor: isAskedFor(evaluation),
    ...(evaluation.lastSwitchAt === undefined ? {} : { lastSwitchAt: evaluation.lastSwitchAt }),
  });
  // What is stored of a judgement: what a batch costs follows from it.
  const recomputed = { verdict: judged.verdict, offers: judged.offers };
  return {
    evaluation_id: evaluation.evaluationId,
    identical: canonicalJson(stored) === canonicalJson(recomputed),
    stored: judgementJson(stored),
    recomputed: judgementJson(recomputed),
    differences: differencesBetween(toShow(stored), toShow(recomputed)),
  };
};

/** Under the names by which GET /evaluations/{id} shows them. */
const toShow = ({ verdict, offers }: Judgement): unknown =>
  snakeKeys({ verdict, candidates: offers });
