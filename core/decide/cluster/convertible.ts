/** Which members of a group may be replaced at all, and which stay as they are, each with the reason. */
import {
  isInService,
  isInterrupted,
  isOnDemand,
  isOnSpot,
  type GroupFacts,
  type GroupMember,
} from "../../model/group.ts";
import { lackOfTraffic } from "../../model/group-traffic.ts";
import { limitName } from "../../policy/limit-name.ts";
import type { Policy } from "../../policy/policy.ts";
import { holdingsBeyond } from "./eligibility/members.ts";

/** `30%` of the desired capacity is rounded up: the base is at least that. */
export const baseOf = (
  { onDemandBase }: Pick<Policy, "onDemandBase">,
  { desiredCapacity }: Pick<GroupFacts, "desiredCapacity">,
): number =>
  typeof onDemandBase === "number"
    ? onDemandBase
    : Math.ceil((desiredCapacity * Number(onDemandBase.replace("%", ""))) / 100);

export interface KeptMember {
  readonly instanceId: string;
  /** Follows `i-… ` in a sentence. */
  readonly because: string;
}

export interface Convertible {
  /** Those that may be replaced, in the order in which they are: oldest first. */
  readonly members: readonly GroupMember[];
  /** At most so many of them: the others are the base. */
  readonly most: number;
  readonly kept: readonly KeptMember[];
}

type WhyKept = (member: GroupMember, group: GroupFacts) => string | undefined;

/** Whoever ends one that protects itself while it works would end its work. Read again right before it is removed. */
const whyNotTaken: WhyKept = (member, group) => {
  const target = group.linearTargets.find(({ instanceId }) => instanceId === member.instanceId);
  const held = group.template === undefined ? [] : holdingsBeyond(member, group.template);
  if (!isInService(member)) return `is ${member.lifecycleState}, ${member.healthStatus}`;
  if (member.protectedFromScaleIn) return "is protected from scale-in";
  if (group.stopProtected?.includes(member.instanceId) === true) {
    return `is protected from being stopped, and ${limitName("keepOriginalsHours")} asks that it be kept stopped`;
  }
  if (target !== undefined) return `is target ${target.targetId} in mode LINEAR`;
  return held.length === 0 ? undefined : `holds ${held.join(", ")}`;
};

const whyKept: WhyKept = (member, group) =>
  (isInService(member) ? lackOfTraffic(group.traffic, member.instanceId) : undefined) ??
  whyNotTaken(member, group);

const byAge = (one: GroupMember, other: GroupMember): number => {
  const [left, right] = [one.instance?.launchedAt ?? "", other.instance?.launchedAt ?? ""];
  if (left !== right) return left < right ? -1 : 1;
  return one.instanceId < other.instanceId ? -1 : 1;
};

const split = (
  members: readonly GroupMember[],
  group: GroupFacts,
  why = whyKept,
): Pick<Convertible, "members" | "kept"> => {
  const judged = members.map((member) => ({ member, because: why(member, group) }));
  return {
    members: judged
      .flatMap(({ member, because }) => (because === undefined ? [member] : []))
      .toSorted(byAge),
    kept: judged.flatMap(({ member, because }) =>
      because === undefined ? [] : [{ instanceId: member.instanceId, because }],
    ),
  };
};

/** All that stand On-Demand and serve, those too that may not be touched. */
export const countedToBase = ({ members }: Pick<GroupFacts, "members">): number =>
  members.filter((member) => isOnDemand(member) && isInService(member)).length;

/** On-Demand members above the base. */
export const toSpot = (group: GroupFacts, policy: Pick<Policy, "onDemandBase">): Convertible => {
  const { members, kept } = split(group.members.filter(isOnDemand), group);
  const above = Math.max(0, countedToBase(group) - baseOf(policy, group));
  return { members, kept, most: Math.min(members.length, above) };
};

/** What its owner bought on Spot is his: no switch has brought it, and none takes it away, unless he says so. */
const isOwners = (
  { instanceId }: GroupMember,
  { placed = [] }: Pick<GroupFacts, "placed">,
  { moveOwnersSpot }: Pick<Policy, "moveOwnersSpot">,
): boolean => !moveOwnersSpot && !placed.some((one) => one.instanceId === instanceId);

/** Of these Spot members, those that a switch has brought. */
const broughtAmong = (
  onSpot: readonly GroupMember[],
  group: GroupFacts,
  { policy, why }: { readonly policy: Pick<Policy, "moveOwnersSpot">; readonly why: WhyKept },
): Omit<Convertible, "most"> => {
  const owners = onSpot.filter((member) => isOwners(member, group, policy));
  const { members, kept } = split(
    onSpot.filter((member) => !owners.includes(member)),
    group,
    why,
  );
  return {
    members,
    kept: [
      ...kept,
      ...owners.map(({ instanceId }) => ({
        instanceId,
        because: `is a Spot Instance of its owner's (${limitName("moveOwnersSpot")} is not set)`,
      })),
    ],
  };
};

/** Spot members that a switch has brought: a base that was raised is reached by turning members back. */
export const toOnDemand = (
  group: GroupFacts,
  policy: Pick<Policy, "moveOwnersSpot">,
): Omit<Convertible, "most"> =>
  broughtAmong(
    group.members.filter((member) => isOnSpot(member) && !isInterrupted(member)),
    group,
    { policy, why: whyKept },
  );

/**
 * Those that EC2 takes back, and that serve still: launched anew before they end. Whether their balancers have found them fit is not asked: they go in
 * any case. In the place of one that has left the group launches another by itself.
 */
export const toLaunchAnew = (
  group: GroupFacts,
  policy: Pick<Policy, "moveOwnersSpot">,
): Omit<Convertible, "most"> =>
  broughtAmong(
    group.members.filter((member) => isOnSpot(member) && isInterrupted(member)),
    group,
    { policy, why: whyNotTaken },
  );
