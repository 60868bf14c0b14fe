/** Rules about the Auto Scaling group behind nodes: those of every group, as far as they are about nodes. */
import { policyOfGroup, readGroupTags } from "../../../policy/group-tags.ts";
import type { Postponement } from "../../../model/verdict.ts";
import { groupDelays } from "../../switch/group/delays.ts";
import { enrolmentRules } from "../../switch/group/enrolment.ts";
import { managedNodeOwnershipRules, ownNodeOwnershipRules } from "../../switch/group/ownership.ts";
import type { GroupRule, GroupRuleFacts } from "../../switch/group/rule.ts";
import { nodeSettingsRules } from "../../switch/group/settings.ts";
import { templateRules } from "../../switch/group/template.ts";
import { trafficRules } from "../../switch/group/traffic.ts";
import type { Objection } from "../../switch/objection.ts";
import type { NodeGroupRuleFacts } from "./rule.ts";

/** Its nodes are clones of its template. */
const ownRules: readonly GroupRule[] = [
  ...ownNodeOwnershipRules,
  ...enrolmentRules,
  ...nodeSettingsRules,
  ...templateRules,
  ...trafficRules,
];

const groupFactsOf = (input: NodeGroupRuleFacts): GroupRuleFacts | undefined => {
  const { group, templateType: type, launch, deploymentId, observedAt: at } = input.facts;
  if (group === undefined) return undefined;
  const overrides = readGroupTags(group.tags);
  return {
    ...input,
    group,
    overrides,
    policy: policyOfGroup(input.policy, overrides),
    type,
    at,
    ...(launch === undefined ? {} : { launch }),
    ...(deploymentId === undefined ? {} : { deploymentId }),
  };
};

export const againstScalingGroup = (input: NodeGroupRuleFacts): readonly Objection[] => {
  const facts = groupFactsOf(input);
  const rules = input.facts.nodeGroup === undefined ? ownRules : managedNodeOwnershipRules;
  return facts === undefined ? [] : rules.flatMap((rule) => rule(facts) ?? []);
};

export const delaysOfScalingGroup = (input: NodeGroupRuleFacts): readonly Postponement[] => {
  const facts = groupFactsOf(input);
  return facts === undefined ? [] : groupDelays.flatMap((delay) => delay(facts) ?? []);
};
