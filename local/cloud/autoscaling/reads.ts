/** What else can be read of a group: activities, load balancers, warm pool, settings of the account. */
import type {
  ActivitiesType,
  DescribeAccountSettingsAnswer,
  DescribeAccountSettingsType,
  DescribeLoadBalancersRequest,
  DescribeLoadBalancersResponse,
  DescribeLoadBalancerTargetGroupsRequest,
  DescribeLoadBalancerTargetGroupsResponse,
  DescribeScalingActivitiesType,
  DescribeTrafficSourcesRequest,
  DescribeTrafficSourcesResponse,
  DescribeWarmPoolAnswer,
  DescribeWarmPoolType,
  LaunchConfigurationNamesType,
  LaunchConfigurationsType,
  PutAccountSettingType,
} from "@aws-sdk/client-auto-scaling";
import type { Call } from "../contract.ts";
import {
  classicOf,
  groupOf,
  inServiceIn,
  regionOf,
  targetGroupsOf,
  type AutoScalingContext,
} from "./context.ts";
import { pageOf } from "./paging.ts";
import { invalid } from "./refusals.ts";
import { launchBeforeTerminate } from "./replacing.ts";
import type { ActivityRecord, Group } from "./state.ts";
import { viewActivity, viewGroup } from "./view.ts";

/** Newest first; those of groups that are gone where they are asked for. (API reference, DescribeScalingActivities.) */
const activitiesOf = (
  context: AutoScalingContext,
  call: Call,
  input: DescribeScalingActivitiesType,
): readonly ActivityRecord[] => {
  const region = regionOf(context, call);
  const past = input.IncludeDeletedGroups === true ? region.pastActivities : [];
  const { AutoScalingGroupName: name } = input;
  if (name === undefined) {
    const living = [...region.groups.values()].flatMap(({ activities }) => activities);
    return [...living, ...past].sort(
      (one, other) => (other.StartTime?.getTime() ?? 0) - (one.StartTime?.getTime() ?? 0),
    );
  }
  const ofPast = past.filter(({ AutoScalingGroupName: of }) => of === name);
  if (ofPast.length > 0 && !region.groups.has(name)) return ofPast;
  return [...groupOf(context, call, name).activities, ...ofPast];
};

const describeActivities =
  (context: AutoScalingContext) =>
  (call: Call, input: DescribeScalingActivitiesType): ActivitiesType => {
    const { ActivityIds: ids = [] } = input;
    const found = activitiesOf(context, call, input).filter(
      ({ ActivityId: id = "" }) => ids.length === 0 || ids.includes(id),
    );
    const { items, next } = pageOf(found, input, context.settings.pageSize);
    return { Activities: items.map(viewActivity), ...next };
  };

/** "InService: at least one instance passed the health checks"; "Added: the instances are registered, none is healthy". */
const stateOf = (context: AutoScalingContext, group: Group, arn: string): string => {
  const isHealthy = inServiceIn(group).some(
    ({ instanceId }) => context.targets.stateOf(arn, instanceId) === "healthy",
  );
  return isHealthy ? "InService" : "Added";
};

const describeTargetGroups =
  (context: AutoScalingContext) =>
  (
    call: Call,
    input: DescribeLoadBalancerTargetGroupsRequest,
  ): DescribeLoadBalancerTargetGroupsResponse => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    const { items, next } = pageOf(targetGroupsOf(group), input, context.settings.pageSize);
    const LoadBalancerTargetGroups = items.map((arn) => ({
      LoadBalancerTargetGroupARN: arn,
      State: stateOf(context, group, arn),
    }));
    return { LoadBalancerTargetGroups, ...next };
  };

const describeLoadBalancers =
  (context: AutoScalingContext) =>
  (call: Call, input: DescribeLoadBalancersRequest): DescribeLoadBalancersResponse => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    const { items, next } = pageOf(classicOf(group), input, context.settings.pageSize);
    const LoadBalancers = items.map((name) => ({ LoadBalancerName: name, State: "Added" }));
    return { LoadBalancers, ...next };
  };

/** Of VPC Lattice nothing more is known here than that the group names it. */
const describeTraffic =
  (context: AutoScalingContext) =>
  (call: Call, input: DescribeTrafficSourcesRequest): DescribeTrafficSourcesResponse => {
    const group = groupOf(context, call, input.AutoScalingGroupName);
    const sources = (viewGroup(context, group, false).TrafficSources ?? []).filter(
      ({ Type: type }) => input.TrafficSourceType === undefined || input.TrafficSourceType === type,
    );
    const { items, next } = pageOf(sources, input, context.settings.pageSize);
    return {
      TrafficSources: items.map(({ Identifier = "", Type: type }) => ({
        Identifier,
        TrafficSource: Identifier,
        ...(type !== undefined && { Type: type }),
        State: type === "elbv2" ? stateOf(context, group, Identifier) : "Added",
      })),
      ...next,
    };
  };

const describeWarmPool =
  (context: AutoScalingContext) =>
  (call: Call, input: DescribeWarmPoolType): DescribeWarmPoolAnswer => {
    const { warmPool } = groupOf(context, call, input.AutoScalingGroupName);
    return { Instances: [], ...(warmPool !== undefined && { WarmPoolConfiguration: warmPool }) };
  };

const describeConfigurations =
  (context: AutoScalingContext) =>
  (call: Call, input: LaunchConfigurationNamesType): LaunchConfigurationsType => {
    const { LaunchConfigurationNames: names = [] } = input;
    const found = [...regionOf(context, call).configurations.values()].filter(
      ({ LaunchConfigurationName: name = "" }) => names.length === 0 || names.includes(name),
    );
    const { items, next } = pageOf(found, input, context.settings.pageSize);
    return { LaunchConfigurations: items, ...next };
  };

/** The one setting that there is. "disabled" unless somebody enabled it. † */
const describeSettings =
  (context: AutoScalingContext) =>
  (call: Call, input: DescribeAccountSettingsType): DescribeAccountSettingsAnswer => {
    const { settings } = regionOf(context, call);
    const isAsked = input.Name === undefined || input.Name === launchBeforeTerminate;
    const setting = {
      Name: launchBeforeTerminate,
      Value: settings.get(launchBeforeTerminate) ?? "disabled",
      DefaultValue: "disabled",
    };
    return { Settings: isAsked ? [setting] : [] };
  };

const putSetting =
  (context: AutoScalingContext) =>
  (call: Call, { Name: name = "", Value: value = "" }: PutAccountSettingType) => {
    if (name !== launchBeforeTerminate || !["enabled", "disabled"].includes(value)) {
      throw invalid(`The account setting ${name} with the value ${value} is not valid.`);
    }
    regionOf(context, call).settings.set(name, value);
    return {};
  };

export const readOperations = (context: AutoScalingContext) => ({
  DescribeScalingActivities: describeActivities(context),
  DescribeLoadBalancerTargetGroups: describeTargetGroups(context),
  DescribeLoadBalancers: describeLoadBalancers(context),
  DescribeTrafficSources: describeTraffic(context),
  DescribeWarmPool: describeWarmPool(context),
  DescribeLaunchConfigurations: describeConfigurations(context),
  DescribeAccountSettings: describeSettings(context),
  PutAccountSetting: putSetting(context),
});
