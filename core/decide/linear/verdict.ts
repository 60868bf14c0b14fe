/** The whole judgement on one instance, from facts to verdict: what the steps do one by one, and what a replay does at once. */
import { SpotOptimizerError } from "../../errors.ts";
import type { InstanceFacts } from "../../model/instance.ts";
import { judgementMark, type JudgementVersion } from "../../model/judgement-version.ts";
import type { Verdict } from "../../model/verdict.ts";
import { estimateRisks } from "../../risk/predict.ts";
import type { JudgeInput } from "../offers/judge.ts";
import { filterCandidates } from "../offers/candidates.ts";
import { chooseOffers, type Choice } from "../offers/choice.ts";
import { heldBackByFailure } from "../switch/failed-attempt.ts";
import { causesOf } from "./cause.ts";
import { heldBack } from "../switch/occasion.ts";
import { tellUnread } from "../switch/unread.ts";
import { heldBackByWish } from "../switch/wish.ts";
import { judgeEligibility } from "./eligibility.ts";
import { expectedDowntimeSeconds } from "./expected-downtime.ts";
import { needOfFacts } from "./need.ts";
import type { Objection } from "./eligibility/rule.ts";
import { unreadKeys } from "./unread-keys.ts";

/**
 * REFUSE for the first objection, STAY where that says that it stands there already; the sentence names the codes of the others too, so that the owner need not find
 * them one evaluation at a time. Throws BrokenInput without any objection.
 */
export const refusal = (input: {
  readonly objections: readonly Objection[];
  readonly modelVersion: string;
  readonly judgementVersion: JudgementVersion;
  readonly policyVersion: string;
  /** ISO 8601 */
  readonly judgedAt: string;
}): Verdict => {
  const [first, ...others] = input.objections;
  if (first === undefined) {
    throw new SpotOptimizerError("BrokenInput", "A refusal needs at least one objection.");
  }
  const also =
    others.length === 0 ? "" : ` Also: ${others.map((objection) => objection.code).join(", ")}.`;
  return {
    kind: first.isThereAlready === true ? "STAY" : "REFUSE",
    reason: first.code,
    sentence: first.sentence + also,
    offers: [],
    modelVersion: input.modelVersion,
    ...judgementMark(input.judgementVersion),
    policyVersion: input.policyVersion,
    judgedAt: input.judgedAt,
  };
};

type LinearInput = JudgeInput<"LINEAR">;

/** The offers on an eligible instance. Throws BrokenFacts when the facts hold no market. */
const judgeMarket = (input: LinearInput, instance: InstanceFacts): Choice => {
  const { policy, policyVersion, model, judgementVersion, lastSwitchAt } = input;
  const { market } = input.facts;
  if (market === undefined) {
    throw new SpotOptimizerError(
      "BrokenFacts",
      `No market facts are stored for ${instance.instanceId}, so no verdict can be given.`,
      { resource: instance.instanceId, nextStep: "evaluate the target anew." },
    );
  }
  const need = needOfFacts({ ...input.facts, instance, market }, policy);
  const candidates = filterCandidates({ need, market, policy });
  const offers = estimateRisks({ candidates, market, policy, model });
  const choice = chooseOffers({
    need,
    market,
    policy,
    policyVersion,
    offers,
    modelVersion: model.version,
    judgementVersion,
    ...(lastSwitchAt !== undefined && { lastSwitchAt }),
  });
  const { account, target, isAskedFor } = input;
  const reader = causesOf(instance);
  const asked = heldBackByWish(choice.verdict, { target, isAskedFor });
  const willing = heldBackByFailure(asked, { target, isAskedFor, reader });
  const expectedSeconds = expectedDowntimeSeconds(policy, target);
  const verdict = heldBack(willing, { account, target, policy, expectedSeconds });
  return { ...choice, verdict: tellUnread(verdict, unreadKeys(input.facts.launch?.keys)) };
};

/** Throws BrokenFacts when the instance is eligible and the facts hold no market. */
export const judgeLinear = (input: LinearInput): Choice => {
  const { account, target, policy, policyVersion, model, judgementVersion, facts } = input;
  const { instance, originalType: type, riskModel, deploymentId, commands, launch } = facts;
  const { kind, placedBy } = facts;
  const eligibility = judgeEligibility({
    account,
    target,
    instance,
    type,
    policy,
    ...(kind !== undefined && { kind }),
    ...(placedBy !== undefined && { placedBy }),
    ...(riskModel !== undefined && { riskModel }),
    ...(deploymentId !== undefined && { deploymentId }),
    ...(commands !== undefined && { commands }),
    ...(launch !== undefined && { launch }),
  });
  if (eligibility.kind === "ELIGIBLE" && instance !== undefined)
    return judgeMarket(input, instance);
  return {
    verdict: refusal({
      objections: eligibility.kind === "ELIGIBLE" ? [] : eligibility.objections,
      modelVersion: model.version,
      judgementVersion,
      policyVersion,
      judgedAt: facts.observedAt,
    }),
    offers: [],
  };
};
