/** The Auto Scaling API's describe calls, as the SDK types them. */
import {
  DescribeAccountSettingsCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  DescribeLifecycleHooksCommand,
  DescribePoliciesCommand,
  DescribeScalingActivitiesCommand,
  DescribeScheduledActionsCommand,
  type AccountSetting,
  type Activity,
  type AutoScalingClient,
  type AutoScalingGroup,
  type InstanceRefresh,
  type LifecycleHook,
  type ScalingPolicy,
  type ScheduledUpdateGroupAction,
} from "@aws-sdk/client-auto-scaling";
import { readAllPages } from "../paging.ts";
import { callAws } from "../translate-error.ts";

/** API reference, DescribeAutoScalingGroups, DescribePolicies and DescribeScheduledActions: MaxRecords. */
const largestPage = 100;

const about = (asgName?: string): { readonly resource?: string } =>
  asgName === undefined ? {} : { resource: asgName };

const named = (asgName?: string): { readonly AutoScalingGroupName?: string } =>
  asgName === undefined ? {} : { AutoScalingGroupName: asgName };

/** All groups of the region. */
export const describeAllGroups = (
  autoScaling: AutoScalingClient,
): Promise<readonly AutoScalingGroup[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeAutoScalingGroups" }, () =>
        autoScaling.send(
          new DescribeAutoScalingGroupsCommand({ MaxRecords: largestPage, NextToken: token }),
        ),
      ),
    items: (page) => page.AutoScalingGroups,
    next: (page) => page.NextToken,
  });

/** Undefined when Auto Scaling does not show it (it answers with an empty list, and not with an error). */
export const describeGroup = async (
  autoScaling: AutoScalingClient,
  asgName: string,
): Promise<AutoScalingGroup | undefined> => {
  const answer = await callAws({ action: "DescribeAutoScalingGroups", resource: asgName }, () =>
    autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [asgName] })),
  );
  return answer.AutoScalingGroups?.find((found) => found.AutoScalingGroupName === asgName);
};

/** Those that Auto Scaling shows, of at most 50 names: as many take AutoScalingGroupNames, and a page by default. (API reference.) */
export const describeGroups = async (
  autoScaling: AutoScalingClient,
  asgNames: readonly string[],
): Promise<readonly AutoScalingGroup[]> => {
  // Without names it would answer with all groups of the region.
  if (asgNames.length === 0) return [];
  const resource = asgNames.join(" ");
  const answer = await callAws({ action: "DescribeAutoScalingGroups", resource }, () =>
    autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [...asgNames] }),
    ),
  );
  return answer.AutoScalingGroups ?? [];
};

/** One answer without pages. */
export const describeHooks = async (
  autoScaling: AutoScalingClient,
  asgName: string,
): Promise<readonly LifecycleHook[]> => {
  const answer = await callAws({ action: "DescribeLifecycleHooks", resource: asgName }, () =>
    autoScaling.send(new DescribeLifecycleHooksCommand({ AutoScalingGroupName: asgName })),
  );
  return answer.LifecycleHooks ?? [];
};

/** Of the group, or of all groups of the region. */
export const describePolicies = (
  autoScaling: AutoScalingClient,
  asgName?: string,
): Promise<readonly ScalingPolicy[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribePolicies", ...about(asgName) }, () =>
        autoScaling.send(
          new DescribePoliciesCommand({
            ...named(asgName),
            MaxRecords: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.ScalingPolicies,
    next: (page) => page.NextToken,
  });

/** Of the group, or of all groups of the region. */
export const describeScheduledActions = (
  autoScaling: AutoScalingClient,
  asgName?: string,
): Promise<readonly ScheduledUpdateGroupAction[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeScheduledActions", ...about(asgName) }, () =>
        autoScaling.send(
          new DescribeScheduledActionsCommand({
            ...named(asgName),
            MaxRecords: largestPage,
            NextToken: token,
          }),
        ),
      ),
    items: (page) => page.ScheduledUpdateGroupActions,
    next: (page) => page.NextToken,
  });

/** The newest page: one that goes on is among the newest, for a group has at most one. */
export const describeRefreshes = async (
  autoScaling: AutoScalingClient,
  asgName: string,
): Promise<readonly InstanceRefresh[]> => {
  const answer = await callAws({ action: "DescribeInstanceRefreshes", resource: asgName }, () =>
    autoScaling.send(
      new DescribeInstanceRefreshesCommand({
        AutoScalingGroupName: asgName,
        MaxRecords: largestPage,
      }),
    ),
  );
  return answer.InstanceRefreshes ?? [];
};

/** The first page: "Activities are sorted by start time. Activities still in progress are described first." (API reference.) */
export const describeActivities = async (
  autoScaling: AutoScalingClient,
  asgName: string,
): Promise<readonly Activity[]> => {
  const answer = await callAws({ action: "DescribeScalingActivities", resource: asgName }, () =>
    autoScaling.send(
      new DescribeScalingActivitiesCommand({
        AutoScalingGroupName: asgName,
        MaxRecords: largestPage,
      }),
    ),
  );
  return answer.Activities ?? [];
};

export const describeAccountSettings = (
  autoScaling: AutoScalingClient,
): Promise<readonly AccountSetting[]> =>
  readAllPages({
    fetch: (token) =>
      callAws({ action: "DescribeAccountSettings" }, () =>
        autoScaling.send(new DescribeAccountSettingsCommand({ NextToken: token })),
      ),
    items: (page) => page.Settings,
    next: (page) => page.NextToken,
  });
