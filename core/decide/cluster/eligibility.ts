/**
 * May this group be converted at all, and now? Every reason against is kept; the rules stand in eligibility/. A refusal needs a
 * change by somebody; a delay passes by itself.
 */
import type { DeploymentId } from "../../model/ids.ts";
import { isRecovery } from "../../model/evaluation-kind.ts";
import type { GroupFacts } from "../../model/group.ts";
import type { JudgementVersion } from "../../model/judgement-version.ts";
import type { LaunchFacts } from "../../model/launch-check.ts";
import type { InstanceTypeFacts } from "../../model/market.ts";
import type { TargetOf } from "../../model/target.ts";
import type { Postponement } from "../../model/verdict.ts";
import { policyOfGroup, readGroupTags } from "../../policy/group-tags.ts";
import type { Objection, RegistrationFacts } from "../switch/objection.ts";
import { groupDelays } from "../switch/group/delays.ts";
import { enrolmentRules } from "../switch/group/enrolment.ts";
import { ownershipRules } from "../switch/group/ownership.ts";
import type { GroupRule, GroupRuleFacts } from "../switch/group/rule.ts";
import { settingsRules } from "../switch/group/settings.ts";
import { templateRules } from "../switch/group/template.ts";
import { trafficRules } from "../switch/group/traffic.ts";
import { memberRules } from "./eligibility/members.ts";
import { recoveryRules, registrationRules } from "./eligibility/registration.ts";
import { judgeStandingRaise } from "./eligibility/standing-raise.ts";
import type { StandingRaise } from "./maximum.ts";

export type GroupEligibility =
  | { readonly kind: "ELIGIBLE" }
  /** Never empty; the first is the verdict's reason. */
  | { readonly kind: "INELIGIBLE"; readonly objections: readonly Objection[] }
  /** Never empty; the first is the verdict's reason. */
  | { readonly kind: "NOT_NOW"; readonly delays: readonly Postponement[] };

export interface GroupEligibilityInput extends RegistrationFacts {
  readonly target: TargetOf<"CLUSTER">;
  /** What an earlier evaluation has raised the group's maximum to, and could not hand back. Absent: nothing. */
  readonly standing?: StandingRaise;
  /** Absent: Auto Scaling does not show it, or the account may not be asked. */
  readonly group: GroupFacts | undefined;
  readonly deploymentId?: DeploymentId;
  readonly launch?: LaunchFacts;
  /** Of the template; absent: the region's catalogue does not have it. */
  readonly type: InstanceTypeFacts | undefined;
  /** By whose rules; absent: the current ones. */
  readonly judgementVersion?: JudgementVersion;
  /** ISO 8601: the time of the facts. */
  readonly at: string;
}

/** The most telling first: who owns the group explains more than how it is set. */
const groupRules: readonly GroupRule[] = [
  ...ownershipRules,
  ...enrolmentRules,
  ...settingsRules,
  ...templateRules,
  ...trafficRules,
  ...memberRules,
];

const notFound = ({ target }: GroupEligibilityInput): Objection => ({
  code: "GROUP_NOT_FOUND",
  sentence: `Auto Scaling shows no group ${target.group.asgName} in ${target.region} of account ${target.accountId}: check the name, or delete target ${target.targetId}.`,
});

const ruleFacts = (input: GroupEligibilityInput, group: GroupFacts): GroupRuleFacts => {
  const overrides = readGroupTags(group.tags);
  return { ...input, group, overrides, policy: policyOfGroup(input.policy, overrides) };
};

/** By the rules about who runs the group: asked again right before an attach. Undefined: none objects. */
export const objectionOfOwner = (
  input: GroupEligibilityInput & { readonly group: GroupFacts },
): Objection | undefined => {
  const facts = ruleFacts(input, input.group);
  return ownershipRules.flatMap((rule) => rule(facts) ?? [])[0];
};

/** Only of what may be converted: what is refused is not worth waiting for. Asked again before a batch, and before each removal. */
export const delaysOf = (
  facts: Pick<GroupEligibilityInput, "account" | "target" | "policy" | "type" | "at"> & {
    readonly group: GroupFacts;
  } & Pick<GroupRuleFacts, "leftAhead">,
): readonly Postponement[] => {
  const { leftAhead } = facts;
  const known = { ...ruleFacts(facts, facts.group), ...(leftAhead && { leftAhead }) };
  return groupDelays.flatMap((delay) => delay(known) ?? []);
};

/**
 * docs/workflows/cluster.md has every reason. A group that is absent is only called not found when the registration is in order: a
 * disabled account is not asked at all.
 */
export const judgeGroupEligibility = (input: GroupEligibilityInput): GroupEligibility => {
  const { group } = input;
  const rules = isRecovery(input) ? recoveryRules : registrationRules;
  const registered = rules.flatMap((rule) => rule(input) ?? []);
  if (group === undefined) {
    const objections = registered.length > 0 ? registered : [notFound(input)];
    return { kind: "INELIGIBLE", objections };
  }
  const facts = ruleFacts(input, group);
  const objections = [...registered, ...groupRules.flatMap((rule) => rule(facts) ?? [])];
  if (objections.length > 0) return { kind: "INELIGIBLE", objections };
  const raise = judgeStandingRaise(facts, input.standing);
  const delays = [
    ...groupDelays.flatMap((delay) => delay(facts) ?? []),
    ...(raise === undefined ? [] : [raise]),
  ];
  return delays.length === 0 ? { kind: "ELIGIBLE" } : { kind: "NOT_NOW", delays };
};
