/** The whole judgement on nodes of a group, from facts to verdict: what the steps do one by one, and what a replay does at once. */
import { SpotOptimizerError } from "../../errors.ts";
import type { FactsOn } from "../../model/evaluation.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Choice } from "../offers/choice.ts";
import type { JudgeInput } from "../offers/judge.ts";
import { offersOn } from "../offers/offers-on.ts";
import { heldBackByFailure } from "../switch/failed-attempt.ts";
import { causesOfGroup } from "../switch/group-cause.ts";
import { tellNotes } from "../switch/notes.ts";
import { notNow } from "../switch/not-now.ts";
import { refusal, type JudgedBy } from "../switch/objection.ts";
import { heldBack } from "../switch/occasion.ts";
import { heldBackByWish } from "../switch/wish.ts";
import { chooseForNodes } from "./choice.ts";
import { judgeNodesEligibility } from "./eligibility.ts";
import { needOfKubernetesFacts } from "./need.ts";
import { notesOnNodes } from "./notes.ts";

type KubernetesInput = JudgeInput<"KUBERNETES">;

/** What its owner has put into the Spot node group may be launched: it is not compared with the old type. */
export const policyOfNodes = (
  { nodeGroup, spotNodeGroup }: FactsOn<"KUBERNETES">,
  policy: Policy,
): Policy =>
  nodeGroup === undefined || spotNodeGroup === undefined
    ? policy
    : {
        ...policy,
        allowedTypes: [...new Set([...policy.allowedTypes, ...spotNodeGroup.instanceTypes])],
      };

/** The offers on eligible nodes. Throws BrokenFacts when the facts hold no market. */
const judgeMarket = (input: KubernetesInput): Choice => {
  const { policyVersion, model, judgementVersion, lastSwitchAt, account, target } = input;
  const { market } = input.facts;
  const { nodeGroup } = target.node;
  if (market === undefined) {
    throw new SpotOptimizerError(
      "BrokenFacts",
      `No market facts are stored for node group ${nodeGroup}, so no verdict can be given.`,
      { resource: nodeGroup, nextStep: "evaluate the target anew." },
    );
  }
  const facts = { ...input.facts, market };
  const policy = policyOfNodes(facts, input.policy);
  const need = needOfKubernetesFacts(facts);
  const offersFor = input.offersOn ?? offersOn;
  const choice = chooseForNodes({
    facts,
    policy,
    policyVersion,
    offers: offersFor({
      need,
      market,
      policy,
      model,
      isStandingJudged: judgementVersion >= 3,
    }),
    modelVersion: model.version,
    judgementVersion,
    ...(lastSwitchAt !== undefined && { lastSwitchAt }),
  });
  const { isAskedFor } = input;
  const asked = heldBackByWish(choice.verdict, { target, isAskedFor });
  const reader = causesOfGroup(facts.group);
  const willing = heldBackByFailure(asked, { target, isAskedFor, reader });
  const verdict = heldBack(willing, { account, target, policy, expectedSeconds: 0 });
  return { ...choice, verdict: tellNotes(verdict, notesOnNodes(facts, policy, judgementVersion)) };
};

/** Throws BrokenFacts when nodes are eligible and the facts hold no market. */
export const judgeKubernetes = (input: KubernetesInput): Choice => {
  const { account, target, policy, policyVersion, model, judgementVersion, facts } = input;
  const eligibility = judgeNodesEligibility({
    account,
    target,
    policy,
    facts,
    judgementVersion,
  });
  if (eligibility.kind === "ELIGIBLE") return judgeMarket(input);
  const by: JudgedBy = {
    modelVersion: model.version,
    judgementVersion,
    policyVersion,
    judgedAt: facts.observedAt,
  };
  const verdict =
    eligibility.kind === "NOT_NOW"
      ? notNow({ ...by, delays: eligibility.delays })
      : refusal({ ...by, objections: eligibility.objections });
  return { verdict, offers: [] };
};
