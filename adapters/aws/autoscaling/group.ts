/**
 * Reads one Auto Scaling group: all that is judged of it, and again what changes while a switch goes on. What stands in the store
 * (LINEAR targets among its members) is added by the caller.
 */
import type { AutoScalingClient, AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { EC2Client, Subnet } from "@aws-sdk/client-ec2";
import type { AccountId } from "../../../core/model/ids.ts";
import type { GroupActivity, GroupFacts, LiveGroup } from "../../../core/model/group.ts";
import { readStackOf } from "../cloudformation.ts";
import { readTemplate, type TemplateReading } from "../ec2/launch-template.ts";
import { readPlacementGroup } from "../ec2/references.ts";
import { describeSubnets } from "../ec2/subnets.ts";
import { readZoneIds } from "../ec2/zones.ts";
import { readGroupTraffic, type TrafficClients } from "../group-traffic.ts";
import { required } from "../required.ts";
import { withoutUndefined } from "../without-undefined.ts";
import {
  describeAccountSettings,
  describeActivities,
  describeGroup,
  describeHooks,
  describePolicies,
  describeRefreshes,
  describeScheduledActions,
} from "./describe.ts";
import { readUnenrolled } from "./enrolment.ts";
import {
  actionFacts,
  activityFacts,
  goesOn,
  hookFacts,
  kindOfGroup,
  policyFacts,
  runningRefreshes,
  settingsOfGroup,
  sizesOf,
  sourcesOf,
  subnetsNamedBy,
  suspensionsOf,
  tagsOfGroup,
  templateReference,
} from "./group-settings.ts";
import { readBreaches, readLiveParts } from "./live-group.ts";
import { readMembers } from "./members.ts";

export interface GroupClients extends TrafficClients {
  readonly autoScaling: AutoScalingClient;
  readonly cloudFormation: CloudFormationClient;
  readonly cloudWatch: CloudWatchClient;
}

type Place = Pick<GroupFacts, "vpcId" | "subnetIds" | "zones">;

/** @param subnets those that the group names, as far as EC2 shows them */
export const placeOfGroup = (group: AutoScalingGroup, subnets: readonly Subnet[]): Place => {
  const zones = new Map(
    subnets.map(({ SubnetId: id = "?", AvailabilityZone: name, AvailabilityZoneId: zoneId }) => [
      required(name, `the zone of ${id}`),
      required(zoneId, `the zone id of ${id}`),
    ]),
  );
  return {
    vpcId: required(subnets[0]?.VpcId, `the VPC of group ${group.AutoScalingGroupName ?? "?"}`),
    subnetIds: subnets.map(({ SubnetId }) => required(SubnetId, "a subnet's id")).sort(),
    zones: [...zones]
      .map(([zoneName, zoneId]) => ({ zoneName, zoneId }))
      .sort((one, other) => (one.zoneName < other.zoneName ? -1 : 1)),
  };
};

const readPlace = async (ec2: EC2Client, group: AutoScalingGroup): Promise<Place> => {
  const wanted = subnetsNamedBy(group);
  const subnets = await describeSubnets(ec2, {
    resource: wanted.join(" "),
    filters: [{ Name: "subnet-id", Values: wanted }],
  });
  return placeOfGroup(group, subnets);
};

type Surroundings = Pick<
  GroupFacts,
  | "hooks"
  | "policies"
  | "alarmsInBreach"
  | "scheduledActions"
  | "refreshes"
  | "activities"
  | "settings"
>;

const readSurroundings = async (
  { autoScaling, cloudWatch }: Pick<GroupClients, "autoScaling" | "cloudWatch">,
  group: AutoScalingGroup,
  asgName: string,
): Promise<Surroundings> => {
  const [hooks, policies, actions, refreshes, activities, accountSettings] = await Promise.all([
    describeHooks(autoScaling, asgName),
    describePolicies(autoScaling, asgName),
    describeScheduledActions(autoScaling, asgName),
    describeRefreshes(autoScaling, asgName),
    describeActivities(autoScaling, asgName),
    describeAccountSettings(autoScaling),
  ]);
  const known = policies.map(policyFacts);
  return {
    hooks: hooks.map(hookFacts),
    policies: known,
    alarmsInBreach: await readBreaches(cloudWatch, known),
    scheduledActions: actions.map(actionFacts),
    refreshes: runningRefreshes(refreshes),
    activities: activities.map(activityFacts).filter(goesOn),
    settings: settingsOfGroup(group, accountSettings),
  };
};

/** The group's facts, and by what it launches: the blueprint holds user data, and is not stored. */
export interface GroupReading {
  readonly facts: GroupFacts;
  readonly template?: TemplateReading;
}

/**
 * All that decisions need of one group, from some fifteen calls and three for each target group. Undefined when Auto Scaling does not show it.
 * @throws BrokenFacts when an answer lacks what it always holds; Retryable… and BrokenPermission from the calls
 */
export const readGroup = async (
  clients: GroupClients,
  input: {
    readonly asgName: string;
    readonly accountId: AccountId;
    readonly region: string;
    readonly linearTargets: GroupFacts["linearTargets"];
  },
): Promise<GroupReading | undefined> => {
  const { ec2, autoScaling } = clients;
  const { asgName } = input;
  const group = await describeGroup(autoScaling, asgName);
  if (group === undefined) return undefined;
  const launchTemplate = templateReference(group.LaunchTemplate);
  const tagged = tagsOfGroup(group);
  const [zoneIds, place, surroundings, traffic, template, placementGroup, stack] =
    await Promise.all([
      readZoneIds(ec2),
      readPlace(ec2, group),
      readSurroundings(clients, group, asgName),
      readGroupTraffic(clients, sourcesOf(group)),
      launchTemplate === undefined ? undefined : readTemplate(ec2, launchTemplate),
      group.PlacementGroup === undefined || group.PlacementGroup === ""
        ? undefined
        : readPlacementGroup(ec2, { name: group.PlacementGroup }),
      readStackOf(clients.cloudFormation, tagged.tags),
    ]);
  const facts: GroupFacts = withoutUndefined({
    ...input,
    arn: required(group.AutoScalingGroupARN, `the ARN of group ${asgName}`),
    ...sizesOf(group),
    kind: kindOfGroup(group),
    ...place,
    ...surroundings,
    ...tagged,
    members: await readMembers(ec2, group, zoneIds),
    suspendedProcesses: suspensionsOf(group),
    traffic,
    unenrolled: await readUnenrolled(clients.elb, group, traffic),
    launchTemplate,
    template: template?.facts,
    placementGroup,
    stack,
  });
  return withoutUndefined({ facts, template });
};

/** What changes while a switch goes on, from two calls, one for each source of traffic, and one where a member is on Spot. Undefined: the group is gone. */
export const readLiveGroup = async (
  clients: Omit<GroupClients, "cloudFormation" | "cloudWatch">,
  before: Pick<GroupFacts, "asgName" | "zones" | "traffic">,
): Promise<LiveGroup | undefined> => {
  const group = await describeGroup(clients.autoScaling, before.asgName);
  return group === undefined ? undefined : readLiveParts(clients, group, before);
};

/** The newest activities of the group, ended ones too: who did what, and what became of our own calls. One call. */
export const readActivities = async (
  autoScaling: AutoScalingClient,
  asgName: string,
): Promise<readonly GroupActivity[]> =>
  (await describeActivities(autoScaling, asgName)).map(activityFacts);
