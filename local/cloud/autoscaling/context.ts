/** What every rule of the simulated Auto Scaling works with: state, clock, chance, its neighbours, and the lookups. */
import type { LaunchTemplateSpecification } from "@aws-sdk/client-auto-scaling";
import type { Clock } from "../clock.ts";
import type { Call } from "../contract.ts";
import type { Ec2Fleet, TemplateVersion } from "../ec2/fleet.ts";
import type { Timeline } from "../ec2/timeline.ts";
import type { ClassicMembership } from "../elb/classic.ts";
import type { TargetMembership } from "../elb/membership.ts";
import { type Random, uuidOf } from "../random.ts";
import type { AutoScalingEvent, AutoScalingListener, Change, ChangeListener } from "./events.ts";
import { noGroup } from "./refusals.ts";
import type { AutoScalingSettings } from "./settings.ts";
import type { Group, LifecycleWait, Member, Place, ProcessName, RegionState } from "./state.ts";

export interface Neighbours {
  readonly fleet: Ec2Fleet;
  readonly targets: TargetMembership;
  readonly classic: ClassicMembership;
}

export interface AutoScalingContext extends Neighbours {
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: AutoScalingSettings;
  readonly timeline: Timeline;
  readonly regions: Map<string, RegionState>;
  /** The group of each member, by instance id. */
  readonly memberships: Map<string, Group>;
  /** What follows once a lifecycle action is completed. */
  readonly completions: WeakMap<LifecycleWait, (result: "CONTINUE" | "ABANDON") => void>;
  /** Calls that are refused as contended, by `account#region#group`, with the operations (all where empty). */
  readonly contended: Map<string, ReadonlySet<string>>;
  /** Groups whose scaling activity blocks the calls that declare ScalingActivityInProgress, likewise. */
  readonly blocked: Set<string>;
  /** Accounts whose service-linked role is not ready. */
  readonly rolesMissing: Set<string>;
  readonly listeners: Set<AutoScalingListener>;
  readonly watchers: Set<ChangeListener>;
  /** From the first group on, EC2 and load balancing are listened to. */
  start(): void;
  /** Looks at the group after that time, or earlier where it is looked at earlier. */
  wake(group: Group, afterMs?: number): void;
  emit(event: AutoScalingEvent): void;
  changed(group: Group, change: Change): void;
}

export const keyOf = ({ accountId, region }: Place, name: string): string =>
  `${accountId}#${region}#${name}`;

export const newId = ({ random }: AutoScalingContext): string => uuidOf(random);

export const regionAt = (context: AutoScalingContext, place: Place): RegionState => {
  const key = keyOf(place, "");
  const known = context.regions.get(key);
  if (known !== undefined) return known;
  const { accountId, region } = place;
  const opened: RegionState = {
    accountId,
    region,
    groups: new Map(),
    configurations: new Map(),
    settings: new Map(),
    pastActivities: [],
  };
  context.regions.set(key, opened);
  return opened;
};

export const placeOf = ({ caller: { accountId }, region }: Call): Place => ({ accountId, region });

export const regionOf = (context: AutoScalingContext, call: Call): RegionState =>
  regionAt(context, placeOf(call));

/** @throws CloudError ValidationError where there is none of that name */
export const groupOf = (
  context: AutoScalingContext,
  call: Call,
  name: string | undefined,
): Group => {
  const group = regionOf(context, call).groups.get(name ?? "");
  if (group === undefined) throw noGroup(name ?? "null");
  return group;
};

export const isSuspended = (group: Group, process: ProcessName): boolean =>
  group.suspended.has(process);

/** What the group's template names now: the version's number is resolved. */
export const templateOf = (
  context: AutoScalingContext,
  group: Group,
): TemplateVersion | undefined => {
  const wanted = wantedTemplate(group);
  return wanted === undefined ? undefined : context.fleet.template(group, wanted);
};

export const wantedTemplate = ({ definition }: Group): LaunchTemplateSpecification | undefined =>
  definition.LaunchTemplate ??
  definition.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;

/** Of the definition: target groups that are named as such, and as traffic sources. */
export const targetGroupsOf = ({ definition }: Group): readonly string[] => [
  ...new Set([
    ...(definition.TargetGroupARNs ?? []),
    ...(definition.TrafficSources ?? [])
      .filter(({ Type: type }) => type === "elbv2")
      .flatMap(({ Identifier: arn }) => arn ?? []),
  ]),
];

export const classicOf = ({ definition }: Group): readonly string[] => [
  ...new Set([
    ...(definition.LoadBalancerNames ?? []),
    ...(definition.TrafficSources ?? [])
      .filter(({ Type: type }) => type === "elb")
      .flatMap(({ Identifier: name }) => name ?? []),
  ]),
];

/** The subnets that the group launches in, in its order. */
export const subnetIdsOf = ({ definition }: Group): readonly string[] =>
  (definition.VPCZoneIdentifier ?? "")
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");

/** Names of the group's zones, in order. */
export const zonesOf = (context: AutoScalingContext, group: Group): readonly string[] => {
  const ids = subnetIdsOf(group);
  const own = context.fleet.subnets(group).filter(({ id }) => ids.includes(id));
  const named = group.definition.AvailabilityZones ?? [];
  return [...new Set([...own.map(({ zoneName }) => zoneName), ...named])].sort();
};

/** Desired is for these. Source: user guide, "Temporarily remove instances": standby does not count; nor does what leaves. */
const counting: ReadonlySet<string> = new Set([
  "Pending",
  "Pending:Wait",
  "Pending:Proceed",
  "InService",
  "ReplacingRootVolume",
  "ReplacingRootVolume:Wait",
  "ReplacingRootVolume:Proceed",
  "RootVolumeReplaced",
]);

const isCounted = ({ state }: Member): boolean => counting.has(state);

export const countedIn = (group: Group): readonly Member[] =>
  [...group.members.values()].filter(isCounted);

export const inServiceIn = (group: Group): readonly Member[] =>
  [...group.members.values()].filter(({ state }) => state === "InService");
