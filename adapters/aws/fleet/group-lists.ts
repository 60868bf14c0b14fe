/** Reads Auto Scaling's lists of a place to their ends, and makes the facts on each group of them. */
import type {
  AccountSetting,
  AutoScalingClient,
  AutoScalingGroup,
  ScalingPolicy,
  ScheduledUpdateGroupAction,
} from "@aws-sdk/client-auto-scaling";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { AccountId } from "../../../core/model/ids.ts";
import type { BulkGroup, Unreadable } from "../../../core/model/place-reading.ts";
import { isEnrolled } from "../../../core/model/tags.ts";
import {
  describeAccountSettings,
  describeAllGroups,
  describePolicies,
  describeScheduledActions,
} from "../autoscaling/describe.ts";
import { placeOfGroup } from "../autoscaling/group.ts";
import {
  actionFacts,
  kindOfGroup,
  policyFacts,
  settingsOfGroup,
  sizesOf,
  sourcesOf,
  subnetsNamedBy,
  suspensionsOf,
  tagsOfGroup,
  templateReference,
} from "../autoscaling/group-settings.ts";
import { membersShown, readSpotStatusesOf, withInstances } from "../autoscaling/members.ts";
import { given } from "../ec2/blueprint.ts";
import { imageNamedBy, templateReading } from "../ec2/launch-template.ts";
import { required } from "../required.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { failureOf, type Ec2Lists } from "./ec2-lists.ts";
import { readVersionsOf, type VersionOf } from "./templates.ts";

export interface GroupLists {
  readonly groups: readonly AutoScalingGroup[];
  readonly policies: readonly ScalingPolicy[];
  readonly actions: readonly ScheduledUpdateGroupAction[];
  readonly accountSettings: readonly AccountSetting[];
  readonly versionOf: VersionOf;
  /** Of the templates. */
  readonly imageIds: readonly string[];
}

const noGroups: GroupLists = {
  groups: [],
  policies: [],
  actions: [],
  accountSettings: [],
  versionOf: () => undefined,
  imageIds: [],
};

/**
 * Five calls for up to 100 groups, as many policies and scheduled actions, and 200 templates; one where there are no groups.
 * @throws what a page throws: nothing of a list that was not read to its end is used
 */
export const readGroupLists = async ({
  autoScaling,
  ec2,
}: {
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
}): Promise<GroupLists> => {
  const groups = await describeAllGroups(autoScaling);
  if (groups.length === 0) return noGroups;
  const [policies, actions, accountSettings, { versions, versionOf }] = await Promise.all([
    describePolicies(autoScaling),
    describeScheduledActions(autoScaling),
    describeAccountSettings(autoScaling),
    readVersionsOf(ec2, groups),
  ]);
  const imageIds = versions.flatMap((version) => imageNamedBy(version) ?? []);
  return { groups, policies, actions, accountSettings, versionOf, imageIds };
};

/** A call for each 200 members on Spot. */
export const readMemberStatuses = (
  ec2: EC2Client,
  { groups }: Pick<GroupLists, "groups">,
  { instances }: Pick<Ec2Lists, "instances">,
): Promise<ReadonlyMap<string, string>> =>
  readSpotStatusesOf(
    ec2,
    groups
      .flatMap(({ Instances = [] }) => Instances.flatMap(({ InstanceId }) => InstanceId ?? []))
      .filter((id) => instances.get(id)?.InstanceLifecycle === "spot"),
  );

interface GroupInput {
  readonly accountId: AccountId;
  readonly region: string;
  readonly groupLists: GroupLists;
  readonly lists: Ec2Lists;
  readonly spotStatuses: ReadonlyMap<string, string>;
}

const templateOf = (group: AutoScalingGroup, { groupLists, lists }: GroupInput) => {
  const version = groupLists.versionOf(group);
  if (version === undefined) return undefined;
  const imageId = imageNamedBy(version);
  return templateReading(version, imageId === undefined ? undefined : lists.images.get(imageId))
    .facts;
};

const ownOf = <Item extends { AutoScalingGroupName?: string | undefined }>(
  items: readonly Item[],
  asgName: string,
): readonly Item[] => items.filter(({ AutoScalingGroupName: name }) => name === asgName);

/** @throws BrokenFacts where an answer lacks what it always holds */
const bulkGroup = (group: AutoScalingGroup, input: GroupInput): BulkGroup => {
  const { accountId, region, groupLists, lists, spotStatuses } = input;
  const asgName = required(group.AutoScalingGroupName, "the name of a group");
  const { targetGroupArns, classicNames, others } = sourcesOf(group);
  const tagged = tagsOfGroup(group);
  const wanted = new Set(subnetsNamedBy(group));
  return withoutUndefined({
    accountId,
    region,
    asgName,
    arn: required(group.AutoScalingGroupARN, `the ARN of group ${asgName}`),
    ...sizesOf(group),
    kind: kindOfGroup(group),
    ...placeOfGroup(
      group,
      lists.subnets.filter(({ SubnetId }) => wanted.has(SubnetId ?? "")),
    ),
    settings: settingsOfGroup(group, groupLists.accountSettings),
    policies: ownOf(groupLists.policies, asgName).map(policyFacts),
    scheduledActions: ownOf(groupLists.actions, asgName).map(actionFacts),
    ...tagged,
    members: withInstances(
      membersShown(group, lists.zoneIds),
      (id) => lists.instances.get(id),
      spotStatuses,
    ),
    suspendedProcesses: suspensionsOf(group),
    unenrolled: isEnrolled(tagged.tags) ? [] : [asgName],
    launchTemplate: templateReference(group.LaunchTemplate),
    template: templateOf(group, input),
    trafficSources: [...new Set([...targetGroupArns, ...classicNames, ...others])],
    placementGroupName: given(group.PlacementGroup),
  });
};

/** Each apart: one whose description can't be understood leaves the others as they are. */
export const bulkGroups = (
  input: GroupInput,
): { readonly groups: readonly BulkGroup[]; readonly unreadable: readonly Unreadable[] } => {
  const groups: BulkGroup[] = [];
  const unreadable: Unreadable[] = [];
  for (const group of input.groupLists.groups) {
    try {
      groups.push(bulkGroup(group, input));
    } catch (error) {
      if (!(error instanceof SpotOptimizerError)) throw error;
      unreadable.push({ id: group.AutoScalingGroupName ?? "?", failure: failureOf(error) });
    }
  }
  return { groups, unreadable };
};
