/** What a rule about a group is: it looks at one thing, and finds nothing, a reason against, or one to wait for. */
import type { DeploymentId } from "../../../model/ids.ts";
import type { JudgementVersion } from "../../../model/judgement-version.ts";
import type { LaunchFacts } from "../../../model/launch-check.ts";
import type { GroupFacts } from "../../../model/group.ts";
import type { GroupTemplate } from "../../../model/group-template.ts";
import type { InstanceTypeFacts } from "../../../model/market.ts";
import type { Postponement } from "../../../model/verdict.ts";
import type { GroupOverrides } from "../../../policy/group-tags.ts";
import type { Objection, RegistrationFacts } from "../objection.ts";

export interface GroupRuleFacts extends RegistrationFacts {
  readonly group: GroupFacts;
  /** What its owner set at the group; `policy` has it already. */
  readonly overrides: GroupOverrides;
  /** Whose claims are our own. */
  readonly deploymentId?: DeploymentId;
  /** Whether a clone can be launched; absent: it was not asked. */
  readonly launch?: LaunchFacts;
  /** Of the template. Absent: the region's catalogue does not have it. */
  readonly type: InstanceTypeFacts | undefined;
  /** By whose rules; absent: the current ones. */
  readonly judgementVersion?: JudgementVersion;
  /** Members that we have taken out of a balancer ourselves, because EC2 takes them: not waited for. Absent: none. */
  readonly leftAhead?: ReadonlySet<string>;
  /** ISO 8601: the time of the facts. */
  readonly at: string;
}

export type GroupRule = (facts: GroupRuleFacts) => Objection | undefined;

/** A rule about the template: without one the question does not arise. */
export const ofTemplate =
  (rule: (template: GroupTemplate, facts: GroupRuleFacts) => Objection | undefined): GroupRule =>
  (facts) =>
    facts.group.template === undefined ? undefined : rule(facts.group.template, facts);

/** Nothing is to be changed: it passes. */
export type GroupDelay = (facts: GroupRuleFacts) => Postponement | undefined;
