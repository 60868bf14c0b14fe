/** The facts on one Auto Scaling group from the lists of its place, and what these leave open. */
import type { GroupLook } from "../../model/close-look.ts";
import type { Failure, FactsOn } from "../../model/evaluation.ts";
import type { GroupFacts } from "../../model/group.ts";
import type { BulkGroup, PlaceReading, UnreadOfGroup } from "../../model/place-reading.ts";
import { groupDeferrals } from "../../model/reasons/group.ts";
import type { UncheckedCode } from "../../model/verdict.ts";
import { policyOfGroup, readGroupTags } from "../../policy/group-tags.ts";
import type { Policy } from "../../policy/policy.ts";
import { whereaboutsOfGroup } from "../cluster/need.ts";
import { fallbackIn } from "../switch/registration.ts";
import type { Side, SideInput } from "./side.ts";

/** What stands in the facts where no list says it. Each speaks for a switch, so that what rests on it must be told. */
const neutral: Pick<
  GroupFacts,
  "hooks" | "refreshes" | "activities" | "alarmsInBreach" | "traffic"
> = {
  hooks: [],
  refreshes: [],
  activities: [],
  alarmsInBreach: [],
  traffic: { targetGroups: [], classic: [], missing: [], unreadable: [] },
};

/** The reasons that rest on a member that was not read. */
const restingOn: Readonly<Record<UnreadOfGroup, readonly UncheckedCode[]>> = {
  hooks: ["LAUNCH_HOOK", "RETAINED_INSTANCES", "TERMINATING_HOOK_SKIPPED"],
  refreshes: ["REFRESH_IN_PROGRESS"],
  activities: ["ACTIVITY_IN_PROGRESS"],
  alarmsInBreach: ["AT_MAX_WITH_ALARM"],
  stack: ["STACK_UPDATE_IN_PROGRESS"],
  traffic: [
    "TARGET_GROUP_MISSING",
    "TRAFFIC_SOURCE_UNREADABLE",
    "ZONE_WITHOUT_LOAD_BALANCER",
    "NOT_ENROLLED",
    "ZONAL_SHIFT",
    "TARGETS_NOT_HEALTHY",
  ],
  placementGroup: ["PLACEMENT_GROUP_MISSING", "PLACEMENT_GROUP_FULL"],
  stopProtected: ["STOP_PROTECTED"],
};
const unreadMembers = Object.keys(restingOn) as readonly UnreadOfGroup[];

/** Whether the group has any of it is known; where it has none, nothing is left open. */
const mayHave: Partial<Record<UnreadOfGroup, (group: BulkGroup, policy: Policy) => boolean>> = {
  alarmsInBreach: ({ policies }) => policies.some(({ alarms }) => alarms.length > 0),
  traffic: ({ trafficSources }) => trafficSources.length > 0,
  placementGroup: ({ placementGroupName }) => placementGroupName !== undefined,
  stopProtected: (_group, { keepOriginalsHours }) => keepOriginalsHours > 0,
};

/** Whether a clone can be launched at all. */
export const launchCodes = ({
  template,
}: Pick<BulkGroup, "template">): readonly UncheckedCode[] => [
  ...(template?.keyName === undefined ? [] : (["KEY_PAIR_MISSING"] as const)),
  "KEY_UNUSABLE",
  "KEY_CLOSED_TO_SPOT",
  "KEY_CLOSED_TO_ROLE",
  "LAUNCH_REFUSED",
];

/** All that the lists leave open of a group, whatever it is a group of. */
export const uncheckedOfGroup = (
  group: BulkGroup,
  registered: Policy,
): readonly UncheckedCode[] => {
  const policy = policyOfGroup(registered, readGroupTags(group.tags));
  return [
    ...unreadMembers
      .filter((member) => mayHave[member]?.(group, policy) ?? true)
      .flatMap((member) => restingOn[member]),
    ...launchCodes(group),
  ];
};

/** The group's facts, with what our store knows of its members. */
export const groupFactsOf = (
  { trafficSources: _sources, placementGroupName: _name, ...group }: BulkGroup,
  linearTargets: GroupFacts["linearTargets"],
): GroupFacts => {
  const ids = new Set<string>(group.members.map(({ instanceId }) => instanceId));
  return {
    ...group,
    ...neutral,
    linearTargets: linearTargets.filter(({ instanceId }) => ids.has(instanceId)),
  };
};

export type GroupFound =
  | { readonly kind: "READ"; readonly group?: BulkGroup }
  | { readonly kind: "NOT_READ"; readonly failure: Failure };

/** Without a group where a complete list does not show it. */
export const findGroup = (
  { groups, unreadable }: Pick<PlaceReading, "groups" | "unreadable">,
  asgName: string,
): GroupFound => {
  if (groups.kind === "FAILED") return { kind: "NOT_READ", failure: groups.failure };
  if (groups.kind === "NOT_ASKED") {
    const cause = `The Auto Scaling groups of the place were not asked for, ${asgName} among them.`;
    return { kind: "NOT_READ", failure: { error: "BrokenFacts", cause } };
  }
  const odd = unreadable.find(({ id }) => id === asgName);
  if (odd !== undefined) return { kind: "NOT_READ", failure: odd.failure };
  const group = groups.items.find((found) => found.asgName === asgName);
  return group === undefined ? { kind: "READ" } : { kind: "READ", group };
};

/** Undefined: the group is refused for what it launches from, whatever the market. */
export const isLaunchKnown = ({ template }: Pick<GroupFacts, "template">): boolean =>
  template?.instanceType !== undefined &&
  template.architecture !== undefined &&
  template.platformDetails !== undefined;

/** What our own store and the account say, before the group is looked at. */
const knownOf = ({ account, target, known }: SideInput<"CLUSTER">): FactsOn<"CLUSTER"> => ({
  ...known,
  ...fallbackIn({ account, target }),
});

const withType = (
  facts: FactsOn<"CLUSTER">,
  group: GroupFacts,
  { typeNamed }: Pick<SideInput<"CLUSTER">, "typeNamed">,
): FactsOn<"CLUSTER"> => {
  const templateType = typeNamed(group.template?.instanceType ?? "");
  return { ...facts, group, ...(templateType !== undefined && { templateType }) };
};

/**
 * Members come and go, and so does what acts on a group: a look from before the lists is not one at the group that they show, unless who has
 * kept it says that it holds.
 */
export const holdsFor = <Look extends Pick<GroupLook, "readAt" | "isKept">>(
  look: Look | undefined,
  { readAt }: Pick<PlaceReading, "readAt">,
): look is Look =>
  look !== undefined && (look.isKept === true || Date.parse(look.readAt) >= Date.parse(readAt));

/** Of a group that was refused, or that stayed, no launch was tried. */
const openAfter = (
  { facts, isKept }: GroupLook,
  group: GroupFacts,
  policy: Policy,
): readonly UncheckedCode[] => {
  const { keepOriginalsHours } = policyOfGroup(policy, readGroupTags(group.tags));
  return [
    ...(isKept === true ? groupDeferrals : []),
    ...(facts.launch === undefined ? launchCodes(group) : []),
    ...(keepOriginalsHours > 0 && group.stopProtected === undefined ? restingOn.stopProtected : []),
  ];
};

const listedFacts = (
  { linearTargets, placed }: SideInput<"CLUSTER">,
  group: BulkGroup,
): GroupFacts => ({ ...groupFactsOf(group, linearTargets), ...(placed && { placed }) });

export const factsOfGroup: Side<"CLUSTER"> = (input) => {
  const { reading, target, policy } = input;
  const found = findGroup(reading, target.group.asgName);
  if (found.kind === "NOT_READ") return found;
  const known = knownOf(input);
  if (found.group === undefined) return { kind: "READ", facts: known, unchecked: [] };
  const look = holdsFor(input.closeLook, reading) ? input.closeLook : undefined;
  const looked = look?.facts.group;
  const facts =
    looked === undefined
      ? withType(known, listedFacts(input, found.group), input)
      : withType({ ...known, ...look?.facts }, looked, input);
  const unchecked: readonly UncheckedCode[] =
    looked === undefined || look === undefined
      ? [...uncheckedOfGroup(found.group, policy), "MAX_NOT_HANDED_BACK"]
      : openAfter(look, looked, policy);
  return {
    kind: "READ",
    facts,
    unchecked,
    ...(isLaunchKnown(found.group) && { whereabouts: whereaboutsOfGroup(facts) }),
  };
};
