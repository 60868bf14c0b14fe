/** The whole judgement on one instance, from facts to verdict: what the steps do one by one, and what a replay does at once. */
import { SpotOptimizerError } from "../../errors.ts";
import { isRecovery } from "../../model/evaluation-kind.ts";
import type { InstanceFacts } from "../../model/instance.ts";
import type { ChooseInput, JudgeInput } from "../offers/judge.ts";
import { chooseOffers, type Choice } from "../offers/choice.ts";
import { offersOn } from "../offers/offers-on.ts";
import { heldBackByFailure } from "../switch/failed-attempt.ts";
import { causesOf } from "./cause.ts";
import { heldBack } from "../switch/occasion.ts";
import { heldBackByLoss, isLastMoveRecovery } from "../switch/spot-backoff.ts";
import { refusal } from "../switch/objection.ts";
import { tellNotes } from "../switch/notes.ts";
import { heldBackByWish } from "../switch/wish.ts";
import { judgeEligibility } from "./eligibility.ts";
import { expectedDowntimeSeconds } from "./expected-downtime.ts";
import { chooseForLost } from "./choice-for-lost.ts";
import { chooseForMove } from "./choice-for-move.ts";
import { needOfFacts } from "./need.ts";
import { notesOnInstance } from "./notes.ts";

type LinearInput = JudgeInput<"LINEAR">;

/** What is on offer for the instance that the facts hold. */
export const chooseForInstance = ({ facts, ...input }: ChooseInput<"LINEAR">): Choice => {
  const { market, lost } = facts;
  const need = needOfFacts(facts, input.policy);
  const { lastSwitchAt, ...others } = input;
  // After a recovery the back-off says when it may go to Spot again.
  const isDwelling = !isLastMoveRecovery(facts.backoff, lastSwitchAt) || facts.kind === "MOVE";
  const asked = {
    ...others,
    need,
    market,
    ...(isDwelling && lastSwitchAt !== undefined && { lastSwitchAt }),
  };
  if (lost !== undefined) return chooseForLost(asked, lost);
  return facts.kind === "MOVE" ? chooseForMove(asked, facts) : chooseOffers(asked);
};

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
  const facts = { ...input.facts, instance, market };
  const need = needOfFacts(facts, policy);
  const offersFor = input.offersOn ?? offersOn;
  const choice = chooseForInstance({
    facts,
    policy,
    policyVersion,
    offers: offersFor({ need, market, policy, model, isStandingJudged: true }),
    modelVersion: model.version,
    judgementVersion,
    ...(lastSwitchAt !== undefined && { lastSwitchAt }),
  });
  if (isRecovery(facts)) return choice;
  const { account, target, isAskedFor } = input;
  const reader = causesOf(instance);
  const asked = heldBackByWish(choice.verdict, { target, isAskedFor });
  const { backoff } = facts;
  const lately = heldBackByLoss(asked, { backoff, isAskedFor });
  const willing = heldBackByFailure(lately, { target, isAskedFor, reader });
  const expectedSeconds = expectedDowntimeSeconds(policy, target);
  const verdict = heldBack(willing, { account, target, policy, expectedSeconds });
  return { ...choice, verdict: tellNotes(verdict, notesOnInstance(input.facts)) };
};

const whatIsAsked = ({
  kind,
  placedBy,
  lost,
}: LinearInput["facts"]): Pick<LinearInput["facts"], "kind" | "placedBy" | "lost"> => ({
  ...(kind !== undefined && { kind }),
  ...(placedBy !== undefined && { placedBy }),
  ...(lost !== undefined && { lost }),
});

/** Throws BrokenFacts when the instance is eligible and the facts hold no market. */
export const judgeLinear = (input: LinearInput): Choice => {
  const { account, target, policy, policyVersion, model, judgementVersion, facts } = input;
  const { instance, originalType: type, riskModel, deploymentId, commands, launch } = facts;
  const eligibility = judgeEligibility({
    account,
    target,
    instance,
    type,
    policy,
    ...whatIsAsked(facts),
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
