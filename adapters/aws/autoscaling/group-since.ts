/**
 * Reads a group anew on top of an earlier reading of all of it: what may be otherwise minutes later, and speaks for or against going on. Of subnets, sources of
 * traffic and a placement group that it names since, the names alone are told: what was judged of the group does not hold for them.
 */
import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { GroupFacts } from "../../../core/model/group.ts";
import { readStackOf } from "../cloudformation.ts";
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
import type { GroupClients } from "./group.ts";
import {
  actionFacts,
  activityFacts,
  goesOn,
  hookFacts,
  kindOfGroup,
  policyFacts,
  runningRefreshes,
  settingsOfGroup,
  subnetsNamedBy,
  tagsOfGroup,
  templateReference,
} from "./group-settings.ts";
import { readBreaches, readLiveParts } from "./live-group.ts";

const placementGroupSince = (
  { PlacementGroup: name = "" }: AutoScalingGroup,
  before: GroupFacts["placementGroup"],
): GroupFacts["placementGroup"] => {
  if (name === "") return undefined;
  return name === before?.name ? before : { name };
};

/** From some ten calls, which is half of a whole reading. Undefined: the group is gone. @throws as `readGroup` */
export const readGroupSince = async (
  clients: GroupClients,
  before: GroupFacts,
): Promise<GroupFacts | undefined> => {
  const { autoScaling, cloudWatch, ec2 } = clients;
  const { asgName } = before;
  const group = await describeGroup(autoScaling, asgName);
  if (group === undefined) return undefined;
  const launchTemplate = templateReference(group.LaunchTemplate);
  const tagged = tagsOfGroup(group);
  const [live, hooks, policies, actions, refreshes, activities, template, stack] =
    await Promise.all([
      readLiveParts(clients, group, before),
      describeHooks(autoScaling, asgName),
      describePolicies(autoScaling, asgName),
      describeScheduledActions(autoScaling, asgName),
      describeRefreshes(autoScaling, asgName),
      describeActivities(autoScaling, asgName),
      launchTemplate === undefined ? undefined : readTemplate(ec2, launchTemplate),
      readStackOf(clients.cloudFormation, tagged.tags),
    ]);
  const known = policies.map(policyFacts);
  const { launchBeforeTerminate } = before.settings;
  const {
    template: _judged,
    launchTemplate: _named,
    stack: _then,
    placementGroup,
    ...rest
  } = before;
  return withoutUndefined({
    ...rest,
    ...live,
    ...tagged,
    kind: kindOfGroup(group),
    subnetIds: subnetsNamedBy(group).sort(),
    placementGroup: placementGroupSince(group, placementGroup),
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
    stack,
  });
};
