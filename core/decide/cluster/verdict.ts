/** The whole judgement on one group, from facts to verdict: what the steps do one by one, and what a replay does at once. */
import { SpotOptimizerError } from "../../errors.ts";
import { isRecovery } from "../../model/evaluation-kind.ts";
import type { GroupFacts } from "../../model/group.ts";
import { policyOfGroup, readGroupTags } from "../../policy/group-tags.ts";
import type { Choice } from "../offers/choice.ts";
import { offersOn } from "../offers/offers-on.ts";
import type { JudgeInput } from "../offers/judge.ts";
import { heldBackByFailure } from "../switch/failed-attempt.ts";
import { notNow } from "../switch/not-now.ts";
import { refusal, type JudgedBy } from "../switch/objection.ts";
import { heldBack } from "../switch/occasion.ts";
import { tellNotes } from "../switch/notes.ts";
import { heldBackByWish } from "../switch/wish.ts";
import { causesOfGroup } from "../switch/group-cause.ts";
import { chooseForGroup } from "./choice.ts";
import { judgeGroupEligibility } from "./eligibility.ts";
import { needOfClusterFacts } from "./need.ts";
import { notesOnGroup } from "./notes.ts";

type ClusterInput = JudgeInput<"CLUSTER">;

/** The offers on an eligible group. Throws BrokenFacts when the facts hold no market. */
const judgeMarket = (input: ClusterInput, group: GroupFacts): Choice => {
  const { policyVersion, model, judgementVersion, lastSwitchAt, account, target } = input;
  const { market } = input.facts;
  if (market === undefined) {
    throw new SpotOptimizerError(
      "BrokenFacts",
      `No market facts are stored for group ${group.asgName}, so no verdict can be given.`,
      { resource: group.asgName, nextStep: "evaluate the target anew." },
    );
  }
  const facts = { ...input.facts, group, market };
  const policy = policyOfGroup(input.policy, readGroupTags(group.tags));
  const need = needOfClusterFacts(facts, policy);
  const offersFor = input.offersOn ?? offersOn;
  const choice = chooseForGroup({
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
  // What EC2 takes back waits for nothing.
  if (isRecovery(facts)) {
    return { ...choice, verdict: tellNotes(choice.verdict, notesOnGroup(facts)) };
  }
  const { isAskedFor } = input;
  const asked = heldBackByWish(choice.verdict, { target, isAskedFor });
  const willing = heldBackByFailure(asked, { target, isAskedFor, reader: causesOfGroup(group) });
  const verdict = heldBack(willing, { account, target, policy, expectedSeconds: 0 });
  return { ...choice, verdict: tellNotes(verdict, notesOnGroup(facts)) };
};

/** Throws BrokenFacts when the group is eligible and the facts hold no market. */
export const judgeCluster = (input: ClusterInput): Choice => {
  const { account, target, policy, policyVersion, model, judgementVersion, facts } = input;
  const { group, templateType: type, riskModel, deploymentId, launch, kind, standing } = facts;
  const eligibility = judgeGroupEligibility({
    account,
    target,
    group,
    type,
    policy,
    judgementVersion,
    at: facts.observedAt,
    ...(kind !== undefined && { kind }),
    ...(riskModel !== undefined && { riskModel }),
    ...(deploymentId !== undefined && { deploymentId }),
    ...(launch !== undefined && { launch }),
    ...(standing !== undefined && { standing }),
  });
  if (eligibility.kind === "ELIGIBLE" && group !== undefined) return judgeMarket(input, group);
  const by: JudgedBy = {
    modelVersion: model.version,
    judgementVersion,
    policyVersion,
    judgedAt: facts.observedAt,
  };
  const verdict =
    eligibility.kind === "NOT_NOW"
      ? notNow({ ...by, delays: eligibility.delays })
      : refusal({
          ...by,
          objections: eligibility.kind === "INELIGIBLE" ? eligibility.objections : [],
        });
  return { verdict, offers: [] };
};
