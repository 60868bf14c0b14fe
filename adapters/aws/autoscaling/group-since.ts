/**
 * Reads a group anew on top of an earlier reading of all of it: what may be otherwise minutes later, and speaks for or against going on. A group that names
 * other subnets, sources of traffic or another placement group than before is read as a whole.
 */
import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { GroupFacts } from "../../../core/model/group.ts";
import { readTemplate } from "../ec2/launch-template.ts";
import { withoutUndefined } from "../without-undefined.ts";
import {
  describeActivities,
  describeGroup,
  describeHooks,
  describePolicies,
  describeRefreshes,
  describeScheduledActions,
} from "./describe.ts";
import { readGroup, type GroupClients } from "./group.ts";
import {
  actionFacts,
  activityFacts,
  goesOn,
  hookFacts,
  kindOfGroup,
  policyFacts,
  runningRefreshes,
  settingsOfGroup,
  sourcesOf,
  subnetsNamedBy,
  tagsOfGroup,
  templateReference,
} from "./group-settings.ts";
import { readBreaches, readLiveParts } from "./live-group.ts";

const areSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.toSorted().join(" ") === others.toSorted().join(" ");

/** `before` has a target group or balancer that is gone among the missing ones. */
const namesTheSame = (group: AutoScalingGroup, before: GroupFacts): boolean => {
  const { targetGroupArns, classicNames, others } = sourcesOf(group);
  const { targetGroups, classic, missing, unreadable } = before.traffic;
  const sourcesBefore = [
    ...targetGroups.map(({ arn }) => arn),
    ...classic.map(({ name }) => name),
    ...missing,
    ...unreadable,
  ];
  return (
    areSame(subnetsNamedBy(group), before.subnetIds) &&
    areSame([...new Set(targetGroupArns), ...classicNames, ...others], sourcesBefore) &&
    (group.PlacementGroup ?? "") === (before.placementGroup?.name ?? "")
  );
};

/** From some ten calls, which is half of a whole reading. Undefined: the group is gone. @throws as `readGroup` */
export const readGroupSince = async (
  clients: GroupClients,
  before: GroupFacts,
  place: Pick<Parameters<typeof readGroup>[1], "accountId" | "region">,
): Promise<GroupFacts | undefined> => {
  const { autoScaling, cloudWatch, ec2 } = clients;
  const { asgName, linearTargets } = before;
  const group = await describeGroup(autoScaling, asgName);
  if (group === undefined) return undefined;
  if (!namesTheSame(group, before)) {
    return (await readGroup(clients, { asgName, linearTargets, ...place }))?.facts;
  }
  const launchTemplate = templateReference(group.LaunchTemplate);
  const [live, hooks, policies, actions, refreshes, activities, template] = await Promise.all([
    readLiveParts(clients, group, before),
    describeHooks(autoScaling, asgName),
    describePolicies(autoScaling, asgName),
    describeScheduledActions(autoScaling, asgName),
    describeRefreshes(autoScaling, asgName),
    describeActivities(autoScaling, asgName),
    launchTemplate === undefined ? undefined : readTemplate(ec2, launchTemplate),
  ]);
  const known = policies.map(policyFacts);
  const { launchBeforeTerminate } = before.settings;
  const { template: _judged, launchTemplate: _named, ...rest } = before;
  return withoutUndefined({
    ...rest,
    ...live,
    ...tagsOfGroup(group),
    kind: kindOfGroup(group),
    hooks: hooks.map(hookFacts),
    policies: known,
    alarmsInBreach: await readBreaches(cloudWatch, known),
    scheduledActions: actions.map(actionFacts),
    refreshes: runningRefreshes(refreshes),
    activities: activities.map(activityFacts).filter(goesOn),
    // Of the account, and not of the group.
    settings: withoutUndefined({ ...settingsOfGroup(group, []), launchBeforeTerminate }),
    launchTemplate,
    template: template?.facts,
  });
};
