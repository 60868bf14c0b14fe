/** Which members of a group may be replaced at all, and which stay as they are, each with the reason. */
import {
  isInService,
  isInterrupted,
  isOnDemand,
  isOnSpot,
  type GroupFacts,
  type GroupMember,
} from "../../model/group.ts";
import type { EvaluationKind } from "../../model/evaluation-kind.ts";
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

/** Whoever ends one that protects itself while it works would end its work. Read again right before it is removed. */
const whyKept = (member: GroupMember, group: GroupFacts): string | undefined => {
  const target = group.linearTargets.find(({ instanceId }) => instanceId === member.instanceId);
  const held = group.template === undefined ? [] : holdingsBeyond(member, group.template);
  const lack = lackOfTraffic(group.traffic, member.instanceId);
  if (!isInService(member)) return `is ${member.lifecycleState}, ${member.healthStatus}`;
  if (lack !== undefined) return lack;
  if (member.protectedFromScaleIn) return "is protected from scale-in";
  if (group.stopProtected?.includes(member.instanceId) === true) {
    return `is protected from being stopped, and ${limitName("keepOriginalsHours")} asks that it be kept stopped`;
  }
  if (target !== undefined) return `is target ${target.targetId} in mode LINEAR`;
  return held.length === 0 ? undefined : `holds ${held.join(", ")}`;
};

const byAge = (one: GroupMember, other: GroupMember): number => {
  const [left, right] = [one.instance?.launchedAt ?? "", other.instance?.launchedAt ?? ""];
  if (left !== right) return left < right ? -1 : 1;
  return one.instanceId < other.instanceId ? -1 : 1;
};

const split = (
  members: readonly GroupMember[],
  group: GroupFacts,
): Pick<Convertible, "members" | "kept"> => {
  const judged = members.map((member) => ({ member, because: whyKept(member, group) }));
  return {
    members: judged
      .flatMap(({ member, because }) => (because === undefined ? [member] : []))
      .toSorted(byAge),
    kept: judged.flatMap(({ member, because }) =>
      because === undefined ? [] : [{ instanceId: member.instanceId, because }],
    ),
  };
};

/** On-Demand members above the base: all that stand On-Demand count to it, those too that may not be touched. */
const toSpot = (group: GroupFacts, policy: Pick<Policy, "onDemandBase">): Convertible => {
  const onDemand = group.members.filter(isOnDemand);
  const standing = onDemand.filter(isInService).length;
  const { members, kept } = split(onDemand, group);
  const above = Math.max(0, standing - baseOf(policy, group));
  return { members, kept, most: Math.min(members.length, above) };
};

/** Spot members, whoever brought them: a base that was raised is reached by turning members back. */
const toOnDemand = (group: GroupFacts): Convertible => {
  const onSpot = group.members.filter((member) => isOnSpot(member) && !isInterrupted(member));
  const { members, kept } = split(onSpot, group);
  return { members, kept, most: members.length };
};

export const convertibleMembers = (
  group: GroupFacts,
  policy: Pick<Policy, "onDemandBase">,
  kind: EvaluationKind,
): Convertible => (kind === "FALL_BACK" ? toOnDemand(group) : toSpot(group, policy));

/** Spot members that stand well, and are to be judged against other pools. */
export const movableMembers = (group: GroupFacts): readonly GroupMember[] =>
  toOnDemand(group).members;
