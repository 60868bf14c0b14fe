/**
 * Instance refreshes: one member at a time is replaced. Source: user guide, "Use an instance refresh to update instances"; API reference,
 * RefreshPreferences.
 */
import type { InstanceRefresh, RefreshPreferences } from "@aws-sdk/client-auto-scaling";
import { CloudError } from "../contract.ts";
import { isSuspended, templateOf, type AutoScalingContext } from "./context.ts";
import { isLaunchFirst, refreshMember } from "./replacing.ts";
import type { Group, Member } from "./state.ts";

const openStatuses: ReadonlySet<string> = new Set([
  "Pending",
  "InProgress",
  "Cancelling",
  "RollbackInProgress",
  "Baking",
]);

export const openRefresh = (group: Group): InstanceRefresh | undefined =>
  group.refreshes.find(({ Status: status = "" }) => openStatuses.has(status));

export const endRefresh = (
  context: AutoScalingContext,
  group: Group,
  ending: {
    readonly refresh: InstanceRefresh;
    readonly status: "Successful" | "Failed" | "Cancelled";
    readonly reason?: string;
  },
): void => {
  const { refresh, status, reason } = ending;
  refresh.Status = status;
  refresh.EndTime = new Date(context.clock.now());
  if (reason !== undefined) refresh.StatusReason = reason;
  if (status === "Successful")
    Object.assign(refresh, { PercentageComplete: 100, InstancesToUpdate: 0 });
  group.refreshes[group.refreshes.indexOf(refresh)] = refresh;
  group.refreshWaitsSince = undefined;
};

/** "Skip matching": those whose template and type are what the group has now. † One without a template does not match. */
const isMatching = (
  context: AutoScalingContext,
  group: Group,
  { template, instanceType }: Member,
): boolean => {
  try {
    const wanted = templateOf(context, group);
    return (
      wanted !== undefined &&
      template?.LaunchTemplateId === wanted.id &&
      template.Version === String(wanted.version) &&
      (wanted.data.InstanceType === undefined || wanted.data.InstanceType === instanceType)
    );
  } catch (error) {
    if (error instanceof CloudError) return false;
    throw error;
  }
};

const outdatedIn = (
  context: AutoScalingContext,
  group: Group,
  refresh: InstanceRefresh,
): readonly Member[] => {
  const { SkipMatching: skips } = refresh.Preferences ?? {};
  const sinceMs = refresh.StartTime?.getTime() ?? 0;
  return [...group.members.values()].filter(
    (member) =>
      member.joinedAt < sinceMs &&
      ["InService", "Standby", "Pending"].includes(member.state) &&
      !(skips === true && isMatching(context, group, member)),
  );
};

/** "Wait: waits one hour for you to remove scale-in protection, otherwise the refresh fails." It is the default. */
const longestWaitMs = 3_600_000;

const waitForProtected = (
  context: AutoScalingContext,
  group: Group,
  refresh: InstanceRefresh,
): void => {
  const now = context.clock.now();
  group.refreshWaitsSince ??= now;
  const leftMs = group.refreshWaitsSince + longestWaitMs - now;
  if (leftMs > 0) {
    refresh.StatusReason = "Waiting for instances that are protected from scale in.";
    context.wake(group, leftMs);
    return;
  }
  const reason = "Instances that are protected from scale in were not released within one hour.";
  endRefresh(context, group, { refresh, status: "Failed", reason });
};

/** Set with a maximum above 100: launch first. Left out: terminate and launch together. The group's policy where neither is set. */
const launchesFirst = (
  context: AutoScalingContext,
  group: Group,
  { MaxHealthyPercentage: max, MinHealthyPercentage: min = 90 }: RefreshPreferences,
): boolean => (max === undefined ? isLaunchFirst(context, group) : max > 100 || min >= 100);

const isBusy = (group: Group): boolean =>
  [...group.members.values()].some(
    ({ state, yielding }) => yielding !== undefined || /^(Pending|Terminating$)/.test(state),
  );

const next = (
  outdated: readonly Member[],
  { ScaleInProtectedInstances: onProtected = "Wait" }: RefreshPreferences,
): Member | undefined =>
  outdated.find(
    ({ state, isProtected }) =>
      state === "InService" && (!isProtected || onProtected === "Refresh"),
  );

export const advanceRefresh = (context: AutoScalingContext, group: Group): void => {
  const refresh = openRefresh(group);
  if (refresh === undefined || isSuspended(group, "InstanceRefresh")) return;
  const { Preferences: preferences = {} } = refresh;
  const outdated = outdatedIn(context, group, refresh);
  refresh.Status = "InProgress";
  refresh.InstancesToUpdate = outdated.length;
  const total = Math.max(1, group.members.size);
  refresh.PercentageComplete = Math.max(0, Math.floor(100 * (1 - outdated.length / total)));
  if (isBusy(group)) return;
  const member = next(outdated, preferences);
  if (member !== undefined) {
    group.refreshWaitsSince = undefined;
    const isFirst = launchesFirst(context, group, preferences);
    refreshMember(context, group, { member, isLaunchFirst: isFirst });
    return;
  }
  const waits = (preferences.ScaleInProtectedInstances ?? "Wait") === "Wait";
  if (waits && outdated.some(({ isProtected }) => isProtected)) {
    waitForProtected(context, group, refresh);
    return;
  }
  endRefresh(context, group, { refresh, status: "Successful" });
};
