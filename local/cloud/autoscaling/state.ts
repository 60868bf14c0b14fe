/**
 * All that the simulated Auto Scaling knows, per account and region. What a customer sets is kept as the SDK spells it; what follows
 * from it (members, activities, waits) is ours.
 */
import type {
  Activity,
  CreateAutoScalingGroupType,
  InstanceRefresh,
  LaunchConfiguration,
  LaunchTemplateSpecification,
  LifecycleHook,
  LifecycleState,
  ScalingPolicy,
  ScheduledUpdateGroupAction,
  TagDescription,
  WarmPoolConfiguration,
} from "@aws-sdk/client-auto-scaling";

export interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** Auto Scaling user guide, "Suspend and resume Amazon EC2 Auto Scaling processes". */
export const processNames = [
  "Launch",
  "Terminate",
  "AddToLoadBalancer",
  "AlarmNotification",
  "AZRebalance",
  "HealthCheck",
  "InstanceRefresh",
  "ReplaceUnhealthy",
  "ScheduledActions",
] as const;
export type ProcessName = (typeof processNames)[number];

/** A lifecycle action that somebody has to complete. */
export interface LifecycleWait {
  readonly hookName: string;
  readonly token: string;
  readonly beganMs: number;
  deadlineMs: number;
  /** "The maximum is 172800 seconds (48 hours) or 100 times HeartbeatTimeout, whichever is smaller." (LifecycleHook, GlobalTimeout.) */
  readonly latestMs: number;
}

/** It stays until a replacement has proved itself, then leaves. */
export interface Yielding {
  /** As activities word it, without the time. */
  readonly cause: string;
  readonly kind: "rebalance" | "recommendation" | "lifetime" | "refresh" | "health";
}

export interface Member {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly zoneName: string;
  readonly zoneId: string;
  readonly imageId: string;
  /** Its own: absent where it was launched from none. */
  readonly template: LaunchTemplateSpecification | undefined;
  readonly launchConfigurationName: string | undefined;
  /** EC2's launch time. */
  readonly launchedAt: number;
  /** It existed before, and no launch hook runs for it. */
  readonly isAttached: boolean;
  state: LifecycleState;
  /** When it joined this group. */
  readonly joinedAt: number;
  health: "Healthy" | "Unhealthy";
  /** Why it is not healthy, as activities word it. */
  unhealthyBecause: string | undefined;
  isProtected: boolean;
  /** Since when it is in service: the health check's grace and warm-up run from here. */
  inServiceAt: number | undefined;
  yielding: Yielding | undefined;
  wait: LifecycleWait | undefined;
  /** Hooks of this transition that are done. */
  readonly hooksDone: Set<string>;
  /** Its activity in progress. */
  activity: ActivityRecord | undefined;
  /** Raised with each transition: a job that finds another number was overtaken. */
  transition: number;
}

/** With the member that it is about. */
export type ActivityRecord = { -readonly [Key in keyof Activity]: Activity[Key] } & {
  readonly instanceId: string | undefined;
};

export interface ScheduledAction extends ScheduledUpdateGroupAction {
  readonly ScheduledActionName: string;
}

type Sizes = "MinSize" | "MaxSize" | "DesiredCapacity";

/** What a create or update call sets, sizes, tags and hooks apart. */
export type Definition = Omit<
  CreateAutoScalingGroupType,
  Sizes | "AutoScalingGroupName" | "Tags" | "LifecycleHookSpecificationList" | "InstanceId"
>;

export interface Group extends Place {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  minSize: number;
  maxSize: number;
  desired: number;
  definition: Definition;
  readonly members: Map<string, Member>;
  readonly hooks: Map<string, LifecycleHook>;
  readonly suspended: Map<ProcessName, string>;
  tags: readonly TagDescription[];
  readonly policies: Map<string, ScalingPolicy>;
  readonly scheduled: Map<string, ScheduledAction>;
  /** Newest first. */
  readonly refreshes: InstanceRefresh[];
  /** Newest first. */
  readonly activities: ActivityRecord[];
  warmPool: WarmPoolConfiguration | undefined;
  /** Name of the zone from which traffic is shifted away. */
  shiftedZone: string | undefined;
  /** What has changed desired since the last scaling activity, as activities word it. */
  causes: string[];
  /** Zones in which it failed to launch at the last try, and since when it could launch nothing. */
  failingSince: number | undefined;
  failures: number;
  /** It does not try to launch before. */
  retryAt: number;
  /** It does not try to balance its zones before. */
  rebalanceAt: number;
  /** Unhealthy members that were taken out and not replaced yet. */
  replacing: number;
  isDeleting: boolean;
  /** Since when a refresh waits for members that are protected. */
  refreshWaitsSince: number | undefined;
  /** When it is looked at next. */
  wakesAt: number | undefined;
}

export interface RegionState extends Place {
  readonly groups: Map<string, Group>;
  readonly configurations: Map<string, LaunchConfiguration>;
  /** Account settings of the region. */
  readonly settings: Map<string, string>;
  /** Activities of groups that are gone, newest first. */
  readonly pastActivities: ActivityRecord[];
}
