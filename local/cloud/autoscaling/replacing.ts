/** Members that are replaced though they run: unhealthy or old ones, those that a refresh or a recommendation names, rebalanced ones. */
import { sentence } from "./activities.ts";
import { byZone, chooseVictim } from "./choice.ts";
import {
  countedIn,
  inServiceIn,
  isSuspended,
  regionAt,
  zonesOf,
  type AutoScalingContext,
} from "./context.ts";
import { terminateMember } from "./members.ts";
import type { Group, Member, Yielding } from "./state.ts";

export const launchBeforeTerminate = "launchBeforeTerminate";

/**
 * With a maintenance policy that decides ("min <100, max 100 means terminate first"); without one the account's setting does. (User
 * guide, "Instance maintenance policies"; "Account settings", October 2026.)
 */
export const isLaunchFirst = (context: AutoScalingContext, group: Group): boolean => {
  const { MinHealthyPercentage: min = 100, MaxHealthyPercentage: max } =
    group.definition.InstanceMaintenancePolicy ?? {};
  if (max !== undefined) return max > 100 && min >= 100;
  return regionAt(context, group).settings.get(launchBeforeTerminate) === "enabled";
};

export const yieldingIn = (group: Group): readonly Member[] =>
  countedIn(group).filter(({ yielding }) => yielding !== undefined);

/** Either it stays until another has come, or it leaves at once. */
const replace = (
  context: AutoScalingContext,
  group: Group,
  order: { readonly member: Member; readonly yielding: Yielding },
): void => {
  const { member, yielding } = order;
  if (isLaunchFirst(context, group)) {
    member.yielding = yielding;
    return;
  }
  terminateMember(context, group, { member, causes: [sentence(context, yielding.cause)] });
};

const isAlive = (context: AutoScalingContext, group: Group, { instanceId }: Member): boolean =>
  context.fleet.find(group, instanceId)?.state === "running";

/**
 * "Terminate suspended … ReplaceUnhealthy stops." A maintenance policy is not kept for one that has ended by itself: it is terminated, and
 * another launched. (User guide, "Suspend and resume processes"; "Instance maintenance policies".)
 */
export const replaceUnhealthy = (context: AutoScalingContext, group: Group): void => {
  if (isSuspended(group, "ReplaceUnhealthy") || isSuspended(group, "Terminate")) return;
  for (const member of inServiceIn(group)) {
    if (member.health === "Healthy" || member.yielding !== undefined) continue;
    const cause = member.unhealthyBecause ?? "";
    group.replacing += 1;
    if (isAlive(context, group, member)) {
      replace(context, group, { member, yielding: { kind: "health", cause } });
    } else {
      terminateMember(context, group, { member, causes: [sentence(context, cause)] });
    }
  }
};

/** † The words of the cause. */
const tooOld = "an instance was taken out of service in response to its maximum lifetime";

export const replaceOld = (context: AutoScalingContext, group: Group): void => {
  const { MaxInstanceLifetime: seconds = 0 } = group.definition;
  if (seconds === 0) return;
  for (const member of inServiceIn(group)) {
    if (member.yielding !== undefined || member.isProtected) continue;
    const leftMs = member.launchedAt + seconds * 1000 - context.clock.now();
    if (leftMs > 0) context.wake(group, leftMs);
    else replace(context, group, { member, yielding: { kind: "lifetime", cause: tooOld } });
  }
};

/** With Capacity Rebalancing the group launches another from its own template first. (User guide, "Capacity Rebalancing".) */
export const heedRecommendation = (
  context: AutoScalingContext,
  group: Group,
  member: Member,
): void => {
  if (group.definition.CapacityRebalance !== true || member.yielding !== undefined) return;
  const cause =
    "an instance was taken out of service in response to an EC2 instance rebalance recommendation";
  member.yielding = { kind: "recommendation", cause };
  context.wake(group, 0);
};

export const refreshMember = (
  context: AutoScalingContext,
  group: Group,
  order: { readonly member: Member; readonly isLaunchFirst: boolean },
): void => {
  const { member } = order;
  const cause = "an instance was taken out of service in response to an instance refresh";
  if (order.isLaunchFirst) member.yielding = { kind: "refresh", cause };
  else terminateMember(context, group, { member, causes: [sentence(context, cause)] });
};

const isAtRest = (group: Group): boolean =>
  [...group.members.values()].every(
    ({ state, yielding }) =>
      yielding === undefined && ["InService", "Standby", "Terminating:Retained"].includes(state),
  );

/**
 * Zones that differ by two and more, or a member in a zone that the group no longer has. "…launches new instances before terminating the
 * earlier ones"; adding instances by attachment makes it too. (User guide, "Availability Zone distribution"; "Detach or attach instances".)
 */
export const planRebalance = (context: AutoScalingContext, group: Group): void => {
  const isStopped = (["AZRebalance", "Launch"] as const).some((each) => isSuspended(group, each));
  if (isStopped || context.clock.now() < group.rebalanceAt || !isAtRest(group)) return;
  const members = countedIn(group);
  const zones = zonesOf(context, group).filter((zone) => zone !== group.shiftedZone);
  const sizes = byZone(members);
  const counts = zones.map((zone) => sizes.get(zone)?.length ?? 0);
  const isEven = Math.max(...counts) - Math.min(...counts) < 2;
  const outside = members.find(
    ({ zoneName, isProtected }) =>
      !zones.includes(zoneName) && zoneName !== group.shiftedZone && !isProtected,
  );
  const victim = outside ?? (isEven ? undefined : chooseVictim(context, group));
  if (victim === undefined) return;
  const to = [...zones].sort(
    (one, other) => (sizes.get(one)?.length ?? 0) - (sizes.get(other)?.length ?? 0),
  )[0];
  const cause = `instances were launched to balance instances in zones ${to ?? ""} with other zones resulting in more than desired number of instances in the group`;
  victim.yielding = { kind: "rebalance", cause };
  group.causes.push(sentence(context, cause));
};

const isRebalanced = ({ yielding }: Member): boolean => yielding?.kind === "rebalance";

/** The one that is to go for another in an emptier zone, where the launch that comes next is for that. */
export const rebalancedIn = (group: Group): Member | undefined =>
  countedIn(group).length < group.desired ? undefined : countedIn(group).find(isRebalanced);

/** † That it is tried again, and after how long. */
const rebalanceRetryMs = 15 * 60_000;

/** The emptier zones gave nothing: who was to go stays. */
export const giveUpRebalance = (
  context: AutoScalingContext,
  group: Group,
  member: Member,
): void => {
  member.yielding = undefined;
  group.rebalanceAt = context.clock.now() + rebalanceRetryMs;
  context.wake(group, rebalanceRetryMs);
};

/** AWS waits for the warm-up too, "if not set, the health check grace period". Rebalancing does not. † */
const warmAt = ({ definition }: Group, { inServiceAt = 0 }: Member): number =>
  inServiceAt + (definition.DefaultInstanceWarmup ?? definition.HealthCheckGracePeriod ?? 0) * 1000;

/** Those that have proved themselves let others go. */
export const releaseYielding = (context: AutoScalingContext, group: Group): void => {
  if (isSuspended(group, "Terminate")) return;
  for (const member of yieldingIn(group)) {
    const { yielding } = member;
    if (yielding === undefined) continue;
    const others = inServiceIn(group).filter((each) => each !== member);
    const isWarm = (each: Member): boolean =>
      yielding.kind === "rebalance" || warmAt(group, each) <= context.clock.now();
    if (others.filter(isWarm).length >= group.desired) {
      const shrinks = `an instance was taken out of service in response to a difference between desired and actual capacity, ${fromTo(group)}`;
      const cause = yielding.kind === "rebalance" ? shrinks : yielding.cause;
      terminateMember(context, group, { member, causes: [sentence(context, cause)] });
      continue;
    }
    const nextMs = Math.min(
      ...others.map((each) => warmAt(group, each) - context.clock.now()).filter((ms) => ms > 0),
    );
    if (Number.isFinite(nextMs)) context.wake(group, nextMs);
  }
};

export const fromTo = (group: Group): string => {
  const size = countedIn(group).length;
  return `shrinking the capacity from ${String(size)} to ${String(size - 1)}`;
};
