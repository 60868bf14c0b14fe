/**
 * Who leaves when the group scales in: the zone with the most members, then the termination policies in their order. Source: user
 * guide, "Configure termination policies for Amazon EC2 Auto Scaling".
 */
import { countedIn, wantedTemplate, type AutoScalingContext } from "./context.ts";
import type { Group, Member } from "./state.ts";

type Rule = (members: readonly Member[]) => readonly Member[];

const least =
  (measure: (member: Member) => number): Rule =>
  (members) => {
    const lowest = Math.min(...members.map(measure));
    return members.filter((member) => measure(member) === lowest);
  };

const oldest = least(({ launchedAt }) => launchedAt);
const newest = least(({ launchedAt }) => -launchedAt);

/** Members of a launch configuration first, then those of the oldest version. */
const version = ({ template }: Member): number =>
  template === undefined ? -1 : Number(template.Version ?? 0);

/** "…terminates instances that use the noncurrent launch template first", then the oldest version. */
const oldestTemplate = (group: Group): Rule => {
  const wanted = wantedTemplate(group);
  const isCurrent = ({ template }: Member): boolean =>
    template !== undefined &&
    (wanted?.LaunchTemplateId === undefined
      ? template.LaunchTemplateName === wanted?.LaunchTemplateName
      : template.LaunchTemplateId === wanted.LaunchTemplateId);
  return (members) => {
    const noncurrent = members.filter((member) => !isCurrent(member));
    return least(version)(noncurrent.length > 0 ? noncurrent : members);
  };
};

const hourMs = 3_600_000;

const nextHour = (context: AutoScalingContext): Rule =>
  least(({ launchedAt }) => hourMs - ((context.clock.now() - launchedAt) % hourMs));

/** Without a mixed policy the purchase option plays no role. */
const rulesOf = (context: AutoScalingContext, group: Group, policy: string): readonly Rule[] => {
  switch (policy) {
    case "OldestInstance":
      return [oldest];
    case "NewestInstance":
      return [newest];
    case "OldestLaunchTemplate":
      return [oldestTemplate(group)];
    case "OldestLaunchConfiguration":
      return [least((member) => (member.launchConfigurationName === undefined ? 1 : 0))];
    case "ClosestToNextInstanceHour":
      return [nextHour(context)];
    case "AllocationStrategy":
      return [];
    default:
      return [oldestTemplate(group), nextHour(context)];
  }
};

/** Counted members by zone; zones without any are left out. */
export const byZone = (members: readonly Member[]): ReadonlyMap<string, readonly Member[]> => {
  const zones = new Map<string, Member[]>();
  for (const member of members) {
    zones.set(member.zoneName, [...(zones.get(member.zoneName) ?? []), member]);
  }
  return zones;
};

/**
 * Only unprotected members in service are chosen; where there are none, those that are on their way, for "instance scale-in protection starts when the
 * instance state is InService" (user guide, "Use instance scale-in protection"). † That it takes these at all, and not before those in service.
 */
const candidatesIn = (group: Group): readonly Member[] => {
  const staying = countedIn(group).filter(({ yielding }) => yielding === undefined);
  const inService = staying.filter(
    ({ state, isProtected }) => state === "InService" && !isProtected,
  );
  return inService.length > 0 ? inService : staying.filter(({ state }) => state !== "InService");
};

/** Of the zone with the most members, among those that have a candidate. */
const inFullestZone: (group: Group) => Rule = (group) => {
  const all = byZone(countedIn(group));
  return least(({ zoneName }) => -(all.get(zoneName)?.length ?? 0));
};

/** Undefined where all are protected. */
export const chooseVictim = (context: AutoScalingContext, group: Group): Member | undefined => {
  const { TerminationPolicies: policies = ["Default"] } = group.definition;
  const rules = policies.flatMap((policy) => rulesOf(context, group, policy));
  const candidates = candidatesIn(group);
  if (candidates.length === 0) return undefined;
  const left = [inFullestZone(group), ...rules].reduce(
    (members, rule) => rule(members),
    candidates,
  );
  return [...left].sort((one, other) => (one.instanceId < other.instanceId ? -1 : 1))[0];
};
