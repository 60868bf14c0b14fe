/** A group of six in two zones behind one load balancer that may be converted: the base which each case spoils in one place. */
import type { GroupEligibilityInput } from "../../../../core/decide/cluster/eligibility.ts";
import type { GroupFacts, GroupMember, MemberInstance } from "../../../../core/model/group.ts";
import type { GroupTemplate } from "../../../../core/model/group-template.ts";
import type { GroupTargets, MemberStanding } from "../../../../core/model/group-traffic.ts";
import {
  accountIdSchema,
  deploymentIdSchema,
  instanceIdSchema,
  targetIdSchema,
  type InstanceId,
} from "../../../../core/model/ids.ts";
import type { TargetOf } from "../../../../core/model/target.ts";
import { effectivePolicy, type Policy } from "../../../../core/policy/policy.ts";
import { labAccount, m5Large } from "../linear/eligible-facts.ts";
import { observedAt } from "../offers/choice-samples.ts";

const plainZones = [
  { zoneName: "us-east-1a", zoneId: "use1-az4" },
  { zoneName: "us-east-1b", zoneId: "use1-az1" },
] as const;

const subnetOf = { "use1-az4": "subnet-1", "use1-az1": "subnet-2" } as const;

export const memberId = (index: number): InstanceId =>
  instanceIdSchema.parse(`i-${index.toString(16).padStart(17, "0")}`);

export const targetArn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1";
const balancerArn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/1";

export const plainMember = (
  index: number,
  change: Partial<GroupMember> & { readonly ec2?: Partial<MemberInstance> } = {},
): GroupMember => {
  const zone = plainZones[index % 2 === 0 ? 1 : 0];
  const { ec2, ...changed } = change;
  return {
    instanceId: memberId(index),
    instanceType: "m5.large",
    ...zone,
    lifecycleState: "InService",
    healthStatus: "Healthy",
    protectedFromScaleIn: false,
    launchTemplate: { templateId: "lt-1", name: "web", version: "3" },
    instance: {
      state: "running",
      launchedAt: "2025-02-01T00:00:00.000Z",
      imageId: "ami-1",
      subnetId: subnetOf[zone.zoneId],
      tags: {},
      volumes: [{ volumeId: `vol-${String(index)}`, deviceName: "/dev/xvda" }],
      interfaces: [
        { networkInterfaceId: `eni-${String(index)}`, deviceIndex: 0, networkCardIndex: 0 },
      ],
      elasticIps: [],
      ...ec2,
    },
    ...changed,
  };
};

/** Of a member that an earlier evaluation brought. */
export const spotMember = (
  index: number,
  change: Partial<GroupMember> & { readonly ec2?: Partial<MemberInstance> } = {},
): GroupMember => plainMember(index, { ...change, ec2: { lifecycle: "spot", ...change.ec2 } });

export const standingOf = (
  instanceId: string,
  change: Partial<MemberStanding> = {},
): MemberStanding => ({ instanceId, port: 80, standing: "ready", isFailing: false, ...change });

export const targetsOf = (
  members: readonly GroupMember[],
  change: Partial<GroupTargets> = {},
): GroupTargets => ({
  arn: targetArn,
  port: 80,
  loadBalancers: [{ arn: balancerArn, zoneIds: plainZones.map(({ zoneId }) => zoneId) }],
  slowStartSeconds: 0,
  deregistrationDelaySeconds: 300,
  targets: members.map(({ instanceId }) => standingOf(instanceId)),
  ...change,
});

export const plainTemplate: GroupTemplate = {
  templateId: "lt-1",
  version: 3,
  imageId: "ami-1",
  imageExists: true,
  architecture: "x86_64",
  platformDetails: "Linux/UNIX",
  productCodes: [],
  instanceType: "m5.large",
  hasInstanceRequirements: false,
  deviceNames: ["/dev/xvda"],
  interfaces: 1,
  ipv6PerInterface: 0,
  needsTpm: false,
  enaSupport: true,
  tagKeys: ["Name"],
  notCarried: [],
  bootSigns: [],
};

export const groupOf = (
  members: readonly GroupMember[],
  change: Partial<GroupFacts> = {},
): GroupFacts => ({
  accountId: accountIdSchema.parse("123456789012"),
  region: "us-east-1",
  asgName: "web",
  arn: "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:1:autoScalingGroupName/web",
  minSize: 2,
  maxSize: 12,
  desiredCapacity: members.length,
  members,
  suspendedProcesses: [],
  traffic: { targetGroups: [targetsOf(members)], classic: [], missing: [], unreadable: [] },
  kind: { hasCapacityReservationTarget: false },
  settings: {
    capacityRebalance: false,
    terminationPolicies: ["Default"],
    newInstancesProtected: false,
    healthCheckTypes: ["EC2", "ELB"],
    healthCheckGraceSeconds: 0,
  },
  vpcId: "vpc-1",
  subnetIds: ["subnet-1", "subnet-2"],
  zones: plainZones,
  template: plainTemplate,
  launchTemplate: { templateId: "lt-1", name: "web", version: "$Latest" },
  tags: { Name: "web" },
  propagatedTags: { Name: "web" },
  hooks: [],
  policies: [],
  alarmsInBreach: [],
  scheduledActions: [],
  refreshes: [],
  activities: [],
  linearTargets: [],
  ...change,
});

export const plainMembers = [1, 2, 3, 4, 5, 6].map((index) => plainMember(index));

export const plainGroup: GroupFacts = groupOf(plainMembers);

export const clusterTarget: TargetOf<"CLUSTER"> = {
  targetId: targetIdSchema.parse("tgt-0123456789"),
  accountId: plainGroup.accountId,
  region: "us-east-1",
  instanceId: memberId(1),
  instanceType: "m5.large",
  availabilityZone: "us-east-1a",
  pipelineMode: "CLUSTER",
  group: { asgName: "web" },
  isShadowMode: false,
  policyOverrides: {},
  createdAt: observedAt,
  updatedAt: observedAt,
};

export const clusterPolicy = (change: Partial<Policy> = {}): Policy => ({
  ...effectivePolicy("CLUSTER"),
  ...change,
});

export const eligibleGroup: GroupEligibilityInput = {
  account: labAccount,
  target: clusterTarget,
  group: plainGroup,
  deploymentId: deploymentIdSchema.parse("dpl-0123456789"),
  type: m5Large,
  policy: clusterPolicy(),
  at: observedAt,
};
