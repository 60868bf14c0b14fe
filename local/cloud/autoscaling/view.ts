/** Groups and members as the API shows them. */
import type {
  Activity,
  AutoScalingGroup,
  AutoScalingInstanceDetails,
  Instance,
} from "@aws-sdk/client-auto-scaling";
import {
  classicOf,
  subnetIdsOf,
  targetGroupsOf,
  zonesOf,
  type AutoScalingContext,
} from "./context.ts";
import type { ActivityRecord, Group, Member } from "./state.ts";

/** An attached member's template is its own, or not there. (settings.ts, `attachedTemplate`.) */
const templateOf = (
  { settings }: AutoScalingContext,
  { isAttached, template }: Member,
): Pick<Instance, "LaunchTemplate"> =>
  template === undefined || (isAttached && settings.attachedTemplate === "absent")
    ? {}
    : { LaunchTemplate: template };

const viewMember = (context: AutoScalingContext, member: Member): Instance => ({
  InstanceId: member.instanceId,
  InstanceType: member.instanceType,
  AvailabilityZone: member.zoneName,
  AvailabilityZoneId: member.zoneId,
  LifecycleState: member.state,
  HealthStatus: member.health,
  ImageId: member.imageId,
  ProtectedFromScaleIn: member.isProtected,
  ...templateOf(context, member),
  ...(member.launchConfigurationName !== undefined && {
    LaunchConfigurationName: member.launchConfigurationName,
  }),
});

/** Here health is spelled in capital letters. (API reference, AutoScalingInstanceDetails: "HEALTHY".) */
export const viewDetails = (
  context: AutoScalingContext,
  group: Group,
  member: Member,
): AutoScalingInstanceDetails => ({
  ...viewMember(context, member),
  AutoScalingGroupName: group.name,
  HealthStatus: member.health.toUpperCase(),
});

const trafficOf = (group: Group): AutoScalingGroup["TrafficSources"] => [
  ...targetGroupsOf(group).map((Identifier) => ({ Identifier, Type: "elbv2" })),
  ...classicOf(group).map((Identifier) => ({ Identifier, Type: "elb" })),
  ...(group.definition.TrafficSources ?? []).filter(({ Type: type }) => type === "vpc-lattice"),
];

const warmPoolOf = ({
  warmPool,
}: Group): Pick<AutoScalingGroup, "WarmPoolConfiguration" | "WarmPoolSize"> =>
  warmPool === undefined ? {} : { WarmPoolConfiguration: warmPool, WarmPoolSize: 0 };

/** What a group has although nobody set it. (API reference, CreateAutoScalingGroup.) */
const defaultsOf = (group: Group) => ({
  DefaultCooldown: 300,
  HealthCheckType: "EC2",
  HealthCheckGracePeriod: 0,
  TerminationPolicies: ["Default"],
  NewInstancesProtectedFromScaleIn: false,
  CapacityRebalance: false,
  ServiceLinkedRoleARN: `arn:aws:iam::${group.accountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
  AvailabilityZoneDistribution: { CapacityDistributionStrategy: "balanced-best-effort" as const },
  CapacityReservationSpecification: { CapacityReservationPreference: "default" as const },
});

export const viewGroup = (
  context: AutoScalingContext,
  group: Group,
  includesInstances: boolean,
): AutoScalingGroup => {
  const { SkipZonalShiftValidation: _, AvailabilityZoneIds: __, ...definition } = group.definition;
  const zones = zonesOf(context, group);
  return {
    ...defaultsOf(group),
    ...definition,
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    MinSize: group.minSize,
    MaxSize: group.maxSize,
    DesiredCapacity: group.desired,
    AvailabilityZones: [...zones],
    VPCZoneIdentifier: subnetIdsOf(group).join(","),
    LoadBalancerNames: [...classicOf(group)],
    TargetGroupARNs: [...targetGroupsOf(group)],
    TrafficSources: trafficOf(group),
    Instances: includesInstances
      ? [...group.members.values()].map((member) => viewMember(context, member))
      : [],
    CreatedTime: new Date(group.createdAt),
    SuspendedProcesses: [...group.suspended].map(([ProcessName, SuspensionReason]) => ({
      ProcessName,
      SuspensionReason,
    })),
    EnabledMetrics: [],
    Tags: [...group.tags],
    ...warmPoolOf(group),
    ...(group.isDeleting && { Status: "Delete in progress" }),
  };
};

export const viewActivity = ({ instanceId: _, ...activity }: ActivityRecord): Activity => activity;
