/** One case for each reason against a group, and for each to wait for: what is found, and what its sentence must name. */
import { type GroupEligibilityInput } from "../../../../core/decide/cluster/eligibility.ts";
import type { Account } from "../../../../core/model/account.ts";
import type { GroupFacts, GroupMember } from "../../../../core/model/group.ts";
import type { BootSign, GroupTemplate } from "../../../../core/model/group-template.ts";
import type { GroupTraffic } from "../../../../core/model/group-traffic.ts";
import type { groupDeferrals, groupReasons } from "../../../../core/model/reasons/group.ts";
import type { Policy } from "../../../../core/policy/policy.ts";
import { labAccount } from "../linear/eligible-facts.ts";
import { hoursBefore, observedAt } from "../offers/choice-samples.ts";
import {
  clusterPolicy,
  eligibleGroup,
  groupOf,
  memberId,
  plainGroup,
  plainMember,
  plainMembers,
  plainTemplate,
  standingOf,
  targetArn,
  targetsOf,
} from "./plain-group.ts";

export const withGroup = (change: Partial<GroupFacts>): GroupEligibilityInput => ({
  ...eligibleGroup,
  group: { ...plainGroup, ...change },
});
const withKind = (kind: Partial<GroupFacts["kind"]>) =>
  withGroup({ kind: { ...plainGroup.kind, ...kind } });
export const withSettings = (settings: Partial<GroupFacts["settings"]>) =>
  withGroup({ settings: { ...plainGroup.settings, ...settings } });
export const withTemplate = (template: Partial<GroupTemplate>) =>
  withGroup({ template: { ...plainTemplate, ...template } });
export const withTags = (tags: Readonly<Record<string, string>>) => withGroup({ tags });
export const withTraffic = (traffic: Partial<GroupTraffic>) =>
  withGroup({ traffic: { ...plainGroup.traffic, ...traffic } });
const withBoot = (...bootSigns: readonly BootSign[]) => withTemplate({ bootSigns });
export const withAccount = (change: Partial<Account>): GroupEligibilityInput => ({
  ...eligibleGroup,
  account: { ...labAccount, ...change },
});
export const withPolicy = (
  input: GroupEligibilityInput,
  change: Partial<Policy>,
): GroupEligibilityInput => ({
  ...input,
  policy: clusterPolicy(change),
});
/** The first member is another than the plain one; target groups as before. */
export const withFirst = (member: GroupMember): GroupEligibilityInput =>
  withGroup({ members: [member, ...plainMembers.slice(1)] });
export const suspended = (process: string, reason = "User suspended at 2025-02-28T10:00:00Z") =>
  withGroup({ suspendedProcesses: [{ process, reason }] });

export const hook = (name: string, transition: string): GroupFacts["hooks"][number] => ({
  name,
  transition: `autoscaling:EC2_INSTANCE_${transition}`,
  subscriber: "arn:aws:sns:us-east-1:1:deploy",
});

export const sevenInEachZone = groupOf(
  Array.from({ length: 14 }, (_, index) => plainMember(index + 1)),
  {
    maxSize: 20,
    placementGroup: { name: "apart", strategy: "spread", spreadLevel: "rack" },
  },
);

const { template: _template, ...withoutTemplate } = plainGroup;

export const enrolledMembers = plainMembers.map((_member, index) =>
  plainMember(index + 1, { ec2: { tags: { "spot-optimizer:enrolled": "true" } } }),
);

/** By code: what brings it about, and what its sentence must name. */
export const own: Readonly<
  Record<(typeof groupReasons)[number], readonly [GroupEligibilityInput, string]>
> = {
  GROUP_NOT_FOUND: [{ ...eligibleGroup, group: undefined }, "no group web in us-east-1"],
  GROUP_BEING_DELETED: [withKind({ status: "Delete in progress" }), '"Delete in progress"'],
  OPTED_OUT: [withTags({ "spot-optimizer:enabled": "false" }), "spot-optimizer:enabled=false"],
  MALFORMED_TAG: [
    withTags({ "spot-optimizer:batch-size": "eleven" }),
    "spot-optimizer:batch-size=eleven (must be a whole number from 1 to 10)",
  ],
  LAUNCH_CONFIGURATION: [
    {
      ...eligibleGroup,
      group: {
        ...withoutTemplate,
        kind: { ...plainGroup.kind, launchConfigurationName: "web-2019" },
      },
    },
    "web-2019",
  ],
  LAUNCH_TEMPLATE_MISSING: [{ ...eligibleGroup, group: withoutTemplate }, "lt-1"],
  IMAGE_MISSING: [withTemplate({ imageExists: false }), "ami-1"],
  MIXED_INSTANCES_POLICY: [
    withKind({ mixedInstances: { onDemandBaseCapacity: 2, onDemandPercentageAboveBase: 50 } }),
    "On-Demand base 2, 50 %",
  ],
  TEMPLATE_ALREADY_SPOT: [withTemplate({ marketType: "spot" }), "market type spot"],
  TEMPLATE_WITHOUT_TYPE: [withTemplate({ hasInstanceRequirements: true }), "attributes"],
  WEIGHTED_CAPACITY: [withKind({ desiredCapacityType: "vcpu" }), "counts vcpu"],
  WARM_POOL: [withKind({ warmPool: { size: 3, poolState: "Stopped" } }), "3 instances"],
  PROCESS_SUSPENDED: [suspended("Launch"), "Launch suspended (User suspended"],
  ADMINISTRATIVE_SUSPENSION: [
    suspended("AZRebalance", "Administratively suspended at 2025-02-28T10:00:00Z"),
    "AWS has suspended AZRebalance",
  ],
  LAUNCH_HOOK: [
    withGroup({ hooks: [hook("deploy", "LAUNCHING")] }),
    "deploy (told: arn:aws:sns:us-east-1:1:deploy)",
  ],
  RETAINED_INSTANCES: [
    {
      ...eligibleGroup,
      group: {
        ...plainGroup,
        hooks: [hook("drain", "TERMINATING")],
        settings: { ...plainGroup.settings, terminateHookAbandon: "retain" },
      },
    },
    "accept_retained_instances",
  ],
  TERMINATING_HOOK_SKIPPED: [
    withPolicy(withGroup({ hooks: [hook("drain", "TERMINATING")], members: enrolledMembers }), {
      keepOriginalsHours: 24,
    }),
    "terminating hook drain",
  ],
  CAPACITY_REBALANCE: [withSettings({ capacityRebalance: true }), "Capacity Rebalancing"],
  GROUP_DEPENDENT_BOOT: [withBoot("target-lifecycle-state"), "target-lifecycle-state"],
  CONTAINER_HOST: [withBoot("ECS_CLUSTER"), "ECS_CLUSTER"],
  MEMBER_HOLDS_RESOURCE: [
    withFirst(plainMember(1, { ec2: { elasticIps: ["198.51.100.7"] } })),
    `${memberId(1)} holds address 198.51.100.7`,
  ],
  PLACEMENT_GROUP_FULL: [{ ...eligibleGroup, group: sevenInEachZone }, "us-east-1a and us-east-1b"],
  TARGET_GROUP_MISSING: [withTraffic({ missing: [targetArn] }), targetArn],
  TRAFFIC_SOURCE_UNREADABLE: [withTraffic({ unreadable: ["vpc-lattice arn:1"] }), "vpc-lattice"],
};

const launch = { refusal: { code: "InvalidParameterValue", message: "Invalid profile." } };
const manyTags = Object.fromEntries(
  Array.from({ length: 47 }, (_, index) => [`owner-${String(index)}`, "x"]),
);

/** Codes that a group shares with others. */
export const shared: Readonly<Record<string, readonly [GroupEligibilityInput, string]>> = {
  ACCOUNT_DISABLED: [withAccount({ status: "DISABLED" }), "DISABLED"],
  REGION_NOT_CONNECTED: [withAccount({ regions: ["eu-west-1"] }), "us-east-1"],
  UNPROVED: [withAccount({ environment: "PROD" }), "accept_unproved"],
  MODEL_NOT_ALLOWED: [
    { ...eligibleGroup, riskModel: { version: "streak-3", status: "archived" } },
    "streak-3",
  ],
  PERMISSION_MISSING: [
    withAccount({
      permissions: {
        checkedAt: observedAt,
        missing: [
          { feature: "cluster", action: "autoscaling:AttachInstances", regions: ["us-east-1"] },
          { feature: "linear", action: "ec2:StopInstances", regions: ["us-east-1"] },
        ],
      },
    }),
    "lacked autoscaling:AttachInstances in us-east-1",
  ],
  OPERATOR_MANAGED: [withKind({ operator: "batch.amazonaws.com" }), "batch.amazonaws.com"],
  EKS_NODE: [withTags({ "eks:cluster-name": "prod" }), "eks:cluster-name=prod"],
  BEANSTALK_MANAGED: [withTags({ "elasticbeanstalk:environment-id": "e-1" }), "e-1"],
  EMR_MANAGED: [withTags({ "aws:elasticmapreduce:job-flow-id": "j-1" }), "j-1"],
  BATCH_MANAGED: [withTags({ AWSBatchServiceTag: "batch" }), "AWSBatchServiceTag=batch"],
  ECS_MANAGED: [withTags({ AmazonECSManaged: "" }), "capacity provider"],
  SERVICE_MANAGED: [withTags({ "parallelcluster:cluster-name": "hpc" }), "ParallelCluster"],
  FOREIGN_CLAIM: [withTags({ "spot-optimizer:claim": "dpl-other00000#4" }), "dpl-other00000#4"],
  FOREIGN_OPTIMIZER: [
    withFirst(plainMember(1, { ec2: { tags: { "launched-for-asg": "web" } } })),
    `Member ${memberId(1)} of group web is moved`,
  ],
  NOT_ENROLLED: [
    withGroup({ unenrolled: ["web", targetArn] }),
    `web and ${targetArn} lack the tag`,
  ],
  IAC_MANAGED: [withTags({ "aws:cloudformation:stack-name": "web" }), "accept_iac_drift"],
  INSTANCE_TYPE_UNKNOWN: [{ ...eligibleGroup, type: undefined }, "m5.large"],
  PLATFORM_WITHOUT_SPOT_PRODUCT: [
    withTemplate({ platformDetails: "Windows BYOL" }),
    "Windows BYOL",
  ],
  PRODUCT_CODES: [withTemplate({ productCodes: ["abc"] }), "abc"],
  NOT_CARRIED: [withTemplate({ notCarried: ["Placement.Tenancy"] }), "Placement.Tenancy"],
  TOO_MANY_TAGS: [withGroup({ propagatedTags: manyTags }), "would have 52"],
  KEY_PAIR_MISSING: [
    { ...withTemplate({ keyName: "ops" }), launch: { keyPairExists: false } },
    "ops",
  ],
  LAUNCH_REFUSED: [{ ...eligibleGroup, launch }, "InvalidParameterValue, Invalid profile"],
  CAPACITY_RESERVATION: [
    withKind({ zoneDistribution: "reservations-then-balanced" }),
    "reservations-then-balanced",
  ],
  PLACEMENT_GROUP_MISSING: [withGroup({ placementGroup: { name: "apart" } }), "apart"],
  ZONE_WITHOUT_LOAD_BALANCER: [
    withTraffic({
      targetGroups: [
        targetsOf(plainMembers, { loadBalancers: [{ arn: "lb-1", zoneIds: ["use1-az4"] }] }),
      ],
    }),
    "us-east-1b",
  ],
};

export const delayed: Readonly<
  Record<(typeof groupDeferrals)[number], readonly [GroupEligibilityInput, string]>
> = {
  NOT_ALL_IN_SERVICE: [
    withFirst(plainMember(1, { lifecycleState: "ReplacingRootVolume:Wait" })),
    `${memberId(1)} (ReplacingRootVolume:Wait, Healthy)`,
  ],
  BELOW_DESIRED: [withGroup({ desiredCapacity: 7 }), "6 of 7"],
  ACTIVITY_IN_PROGRESS: [
    withGroup({
      activities: [
        {
          activityId: "act-1",
          statusCode: "InProgress",
          description: "Launching a new EC2 instance.",
          cause: "A user changed the desired capacity.",
          startedAt: observedAt,
        },
      ],
    }),
    "act-1",
  ],
  REFRESH_IN_PROGRESS: [
    withGroup({ refreshes: [{ refreshId: "ref-1", status: "Baking" }] }),
    "ref-1 of group web is Baking",
  ],
  STACK_UPDATE_IN_PROGRESS: [
    withGroup({ stack: { name: "web", status: "UPDATE_IN_PROGRESS" } }),
    "UPDATE_IN_PROGRESS",
  ],
  TARGETS_NOT_HEALTHY: [
    withTraffic({
      targetGroups: [
        targetsOf(plainMembers, {
          targets: plainMembers.map(({ instanceId }, index) =>
            index === 3
              ? standingOf(instanceId, { standing: "joining", isFailing: true })
              : standingOf(instanceId),
          ),
        }),
      ],
    }),
    `${memberId(4)} is unhealthy in ${targetArn}`,
  ],
  ZONAL_SHIFT: [
    withTraffic({
      targetGroups: [
        targetsOf([], { targets: [standingOf("i-other", { override: "zonal_shift_active" })] }),
      ],
    }),
    "zonal_shift_active",
  ],
  SCHEDULED_ACTION_DUE: [
    withGroup({ scheduledActions: [{ name: "evening", startTime: hoursBefore(-0.5) }] }),
    `evening of group web is due at ${hoursBefore(-0.5)}`,
  ],
  MAX_LIFETIME_DUE: [
    // Launched on 1 February, judged on 1 March at noon.
    withSettings({ maxInstanceLifetimeSeconds: 29 * 86_400 }),
    "MaxInstanceLifetime (2505600 s)",
  ],
  AT_MAX_WITH_ALARM: [
    withGroup({
      maxSize: 6,
      alarmsInBreach: ["cpu-high"],
      policies: [
        { name: "cpu", type: "TargetTrackingScaling", enabled: true, alarms: ["cpu-high"] },
      ],
    }),
    "cpu-high",
  ],
  MAX_NOT_HANDED_BACK: [
    {
      ...withGroup({ maxSize: 6 }),
      standing: { maxOriginal: 4, maxRaised: 6 },
    },
    "maximum of 6 that we raised from 4",
  ],
};
