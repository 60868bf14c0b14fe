/** From Auto Scaling's shapes to what decisions know of a group's settings and surroundings. Pure. */
import type {
  AccountSetting,
  Activity,
  AutoScalingGroup,
  InstanceRefresh,
  LaunchTemplateSpecification,
  LifecycleHook,
  ScalingPolicy,
  ScheduledUpdateGroupAction,
} from "@aws-sdk/client-auto-scaling";
import type {
  GroupActivity,
  GroupFacts,
  GroupHook,
  GroupKind,
  GroupPolicy,
  GroupSizes,
  ReplacementSettings,
  ScheduledAction,
} from "../../../core/model/group.ts";
import type { TemplateReference } from "../../../core/model/group-template.ts";
import { given } from "../ec2/blueprint.ts";
import { required } from "../required.ts";
import type { TrafficSources } from "../group-traffic.ts";
import { withoutUndefined } from "../without-undefined.ts";

export const templateReference = (
  specification: LaunchTemplateSpecification | undefined,
): TemplateReference | undefined =>
  specification &&
  withoutUndefined({
    templateId: given(specification.LaunchTemplateId),
    name: given(specification.LaunchTemplateName),
    version: given(specification.Version),
  });

const warmPoolOf = (group: AutoScalingGroup): GroupKind["warmPool"] | undefined =>
  group.WarmPoolConfiguration &&
  withoutUndefined({
    poolState: group.WarmPoolConfiguration.PoolState,
    size: group.WarmPoolSize ?? 0,
  });

const mixedOf = ({
  MixedInstancesPolicy: policy,
}: AutoScalingGroup): GroupKind["mixedInstances"] | undefined =>
  policy &&
  withoutUndefined({
    onDemandBaseCapacity: policy.InstancesDistribution?.OnDemandBaseCapacity,
    onDemandPercentageAboveBase: policy.InstancesDistribution?.OnDemandPercentageAboveBaseCapacity,
  });

export const kindOfGroup = (group: AutoScalingGroup): GroupKind => {
  const reservation = group.CapacityReservationSpecification;
  const target = reservation?.CapacityReservationTarget;
  return withoutUndefined({
    launchConfigurationName: given(group.LaunchConfigurationName),
    mixedInstances: mixedOf(group),
    warmPool: warmPoolOf(group),
    desiredCapacityType: given(group.DesiredCapacityType),
    zoneDistribution: group.AvailabilityZoneDistribution?.CapacityDistributionStrategy,
    capacityReservationPreference: reservation?.CapacityReservationPreference,
    hasCapacityReservationTarget:
      [
        ...(target?.CapacityReservationIds ?? []),
        ...(target?.CapacityReservationResourceGroupArns ?? []),
      ].length > 0,
    operator: group.Operator?.Principal,
    status: given(group.Status),
  });
};

export const sizesOf = (group: AutoScalingGroup): GroupSizes => {
  const name = group.AutoScalingGroupName ?? "?";
  return {
    minSize: required(group.MinSize, `the minimum of group ${name}`),
    maxSize: required(group.MaxSize, `the maximum of group ${name}`),
    desiredCapacity: required(group.DesiredCapacity, `the desired capacity of group ${name}`),
  };
};

/** API reference, InstanceMaintenancePolicy: -1 in both takes it away. */
const maintenanceOf = ({
  InstanceMaintenancePolicy: policy,
}: AutoScalingGroup): ReplacementSettings["maintenance"] | undefined => {
  const { MinHealthyPercentage: min = -1, MaxHealthyPercentage: max = -1 } = policy ?? {};
  return min < 0 || max < 0 ? undefined : { minHealthyPercentage: min, maxHealthyPercentage: max };
};

/** The name of the account setting. Source: EC2 Auto Scaling user guide, "Account settings". */
const launchBeforeTerminate = "launchBeforeTerminate";

/** 0 means that there is none. */
const positive = (value: number | undefined): number | undefined =>
  value === undefined || value <= 0 ? undefined : value;

/** API reference: -1 takes it away. */
const warmupOf = ({ DefaultInstanceWarmup: seconds = -1 }: AutoScalingGroup): number | undefined =>
  seconds < 0 ? undefined : seconds;

const healthChecksOf = (group: AutoScalingGroup) => ({
  healthCheckTypes: required(
    group.HealthCheckType,
    `the health checks of group ${group.AutoScalingGroupName ?? "?"}`,
  )
    .split(",")
    .map((type) => type.trim()),
  healthCheckGraceSeconds: group.HealthCheckGracePeriod ?? 0,
});

export const settingsOfGroup = (
  group: AutoScalingGroup,
  accountSettings: readonly AccountSetting[],
): ReplacementSettings =>
  withoutUndefined({
    maintenance: maintenanceOf(group),
    launchBeforeTerminate: accountSettings.find(({ Name }) => Name === launchBeforeTerminate)
      ?.Value,
    maxInstanceLifetimeSeconds: positive(group.MaxInstanceLifetime),
    capacityRebalance: group.CapacityRebalance ?? false,
    terminateHookAbandon: group.InstanceLifecyclePolicy?.RetentionTriggers?.TerminateHookAbandon,
    terminationPolicies: group.TerminationPolicies ?? [],
    newInstancesProtected: group.NewInstancesProtectedFromScaleIn ?? false,
    defaultInstanceWarmupSeconds: warmupOf(group),
    ...healthChecksOf(group),
  });

const elbv2 = "elbv2";
const classic = "elb";

/** Both spellings: groups name balancers in lists of their own, and all kinds in TrafficSources. */
export const sourcesOf = (group: AutoScalingGroup): TrafficSources => {
  const sources = (group.TrafficSources ?? []).map(
    ({ Identifier: id = "", Type: type = elbv2 }) => ({
      id,
      type,
    }),
  );
  const named = (wanted: string): readonly string[] =>
    sources.filter(({ type }) => type === wanted).map(({ id }) => id);
  return {
    targetGroupArns: [...(group.TargetGroupARNs ?? []), ...named(elbv2)],
    classicNames: [...new Set([...(group.LoadBalancerNames ?? []), ...named(classic)])].sort(),
    others: sources
      .filter(({ type }) => type !== elbv2 && type !== classic)
      .map(({ id, type }) => `${type} ${id}`),
  };
};

/** As they stand in it, in its order. */
export const subnetsNamedBy = ({ VPCZoneIdentifier: named = "" }: AutoScalingGroup) =>
  named.split(",").map((id) => id.trim());

export const suspensionsOf = ({ SuspendedProcesses = [] }: AutoScalingGroup) =>
  SuspendedProcesses.map(({ ProcessName: process, SuspensionReason: reason = "" }) => ({
    process: required(process, "the name of a suspended process"),
    reason,
  })).sort((one, other) => (one.process < other.process ? -1 : 1));

export const tagsOfGroup = (
  group: AutoScalingGroup,
): Pick<GroupFacts, "tags" | "propagatedTags"> => {
  const tags = (group.Tags ?? []).flatMap((tag) =>
    tag.Key === undefined ? [] : [{ key: tag.Key, value: tag.Value ?? "", tag }],
  );
  const record = (some: typeof tags): Record<string, string> =>
    Object.fromEntries(some.map(({ key, value }) => [key, value]));
  return {
    tags: record(tags),
    propagatedTags: record(tags.filter(({ tag }) => tag.PropagateAtLaunch === true)),
  };
};

export const hookFacts = (hook: LifecycleHook): GroupHook =>
  withoutUndefined({
    name: required(hook.LifecycleHookName, "the name of a lifecycle hook"),
    transition: required(hook.LifecycleTransition, "the transition of a lifecycle hook"),
    heartbeatTimeoutSeconds: hook.HeartbeatTimeout,
    globalTimeoutSeconds: hook.GlobalTimeout,
    defaultResult: hook.DefaultResult,
    subscriber: given(hook.NotificationTargetARN),
  });

export const policyFacts = (policy: ScalingPolicy): GroupPolicy =>
  withoutUndefined({
    name: required(policy.PolicyName, "the name of a scaling policy"),
    type: policy.PolicyType ?? "SimpleScaling",
    enabled: policy.Enabled ?? true,
    alarms: (policy.Alarms ?? []).flatMap(({ AlarmName }) => AlarmName ?? []),
    maxCapacityBreachBehavior: policy.PredictiveScalingConfiguration?.MaxCapacityBreachBehavior,
  });

export const actionFacts = (action: ScheduledUpdateGroupAction): ScheduledAction =>
  withoutUndefined({
    name: required(action.ScheduledActionName, "the name of a scheduled action"),
    startTime: (action.StartTime ?? action.Time)?.toISOString(),
    endTime: action.EndTime?.toISOString(),
    recurrence: given(action.Recurrence),
    timeZone: given(action.TimeZone),
  });

/** Those that go on, a bake time and a roll-back included. Source: API reference, InstanceRefresh, Status. */
const refreshGoesOn: ReadonlySet<string> = new Set([
  "Pending",
  "InProgress",
  "Cancelling",
  "RollbackInProgress",
  "Baking",
]);

/** A status that is missing is one that goes on: nobody knows. */
export const runningRefreshes = (refreshes: readonly InstanceRefresh[]): GroupFacts["refreshes"] =>
  refreshes
    .map(({ InstanceRefreshId: id, Status: status = "Pending" }) => ({
      refreshId: required(id, "the id of an instance refresh"),
      status: status,
    }))
    .filter(({ status }) => refreshGoesOn.has(status));

/** Source: API reference, Activity, StatusCode; all others go on. */
const activityEnded: ReadonlySet<string> = new Set(["Successful", "Failed", "Cancelled"]);

export const activityFacts = (activity: Activity): GroupActivity => {
  const activityId = required(activity.ActivityId, "the id of a scaling activity");
  return withoutUndefined({
    activityId,
    statusCode: required(activity.StatusCode, `the status of activity ${activityId}`),
    description: activity.Description ?? "",
    cause: activity.Cause ?? "",
    startedAt: required(activity.StartTime, `the start of activity ${activityId}`).toISOString(),
    endedAt: activity.EndTime?.toISOString(),
  });
};

export const goesOn = ({ statusCode }: GroupActivity): boolean => !activityEnded.has(statusCode);
