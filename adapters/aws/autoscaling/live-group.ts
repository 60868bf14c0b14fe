/** What changes of a group while it is converted: sizes, members, traffic, suspended processes; and alarms that ask for more. */
import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { GroupFacts, GroupPolicy, LiveGroup } from "../../../core/model/group.ts";
import { readAlarms } from "../cloudwatch.ts";
import type { GroupTraffic } from "../../../core/model/group-traffic.ts";
import { readTrafficAgain, type TrafficClients } from "../group-traffic.ts";
import { sizesOf, sourcesOf, suspensionsOf } from "./group-settings.ts";
import { membersShown, readMembers } from "./members.ts";

type Before = Pick<GroupFacts, "zones" | "traffic">;

const zoneIdsOf = ({ zones }: Pick<GroupFacts, "zones">): ReadonlyMap<string, string> =>
  new Map(zones.map(({ zoneName, zoneId }) => [zoneName, zoneId]));

/** By what the group shows and no further call: no member has its `instance`, and the traffic is as it was `before`. */
export const shownGroup = (group: AutoScalingGroup, before: Before): LiveGroup => ({
  ...sizesOf(group),
  members: membersShown(group, zoneIdsOf(before)),
  suspendedProcesses: suspensionsOf(group),
  traffic: before.traffic,
});

/** Those that it names no longer are left out, and those that it names since stand among the ones that were not read. */
const sourcesSince = (group: AutoScalingGroup, before: GroupTraffic): GroupTraffic => {
  const { targetGroupArns, classicNames, others } = sourcesOf(group);
  const named = new Set([...targetGroupArns, ...classicNames]);
  const targetGroups = before.targetGroups.filter(({ arn }) => named.has(arn));
  const classic = before.classic.filter(({ name }) => named.has(name));
  const missing = before.missing.filter((source) => named.has(source));
  const known = new Set([
    ...targetGroups.map(({ arn }) => arn),
    ...classic.map(({ name }) => name),
    ...missing,
  ]);
  const added = [...named].filter((source) => !known.has(source));
  return { targetGroups, classic, missing, unreadable: [...others, ...added] };
};

/** Of a group that was described a moment ago: one call, one for each source of traffic, and one where a member is on Spot. */
export const readLiveParts = async (
  { ec2, elb, classicElb }: TrafficClients,
  group: AutoScalingGroup,
  before: Before,
): Promise<LiveGroup> => {
  const [members, traffic] = await Promise.all([
    readMembers(ec2, group, zoneIdsOf(before)),
    readTrafficAgain({ elb, classicElb }, sourcesSince(group, before.traffic)),
  ]);
  return { ...shownGroup(group, before), members, traffic };
};

/** CloudWatch API reference, DescribeAlarms, AlarmNames: at most 100. */
const mostAlarms = 100;

/** Names of the alarms of these policies that are in ALARM. A policy that is turned off wants nothing. */
export const readBreaches = async (
  cloudWatch: CloudWatchClient,
  policies: readonly Pick<GroupPolicy, "enabled" | "alarms">[],
): Promise<readonly string[]> => {
  const enabled = policies.filter((policy) => policy.enabled);
  const names = [...new Set(enabled.flatMap(({ alarms }) => alarms))].sort();
  const found: string[] = [];
  for (let first = 0; first < names.length; first += mostAlarms) {
    const alarms = await readAlarms(cloudWatch, names.slice(first, first + mostAlarms));
    found.push(...alarms.filter(({ state }) => state === "ALARM").map(({ name }) => name));
  }
  return found.sort();
};
