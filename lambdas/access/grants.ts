/** What a function is granted, and the groups of actions that several functions need. */
import type { Feature } from "./features.ts";

/** Under `read` what only reads; a call that changes something under the feature that needs it. */
type CustomerCalls = Readonly<Partial<Record<Feature, readonly string[]>>>;

export interface FunctionAccess {
  /** Calls in the customer's account, under the assumed role. */
  readonly customer: CustomerCalls;
  /** What IAM asks for besides when one of these calls is made, each with the reason. */
  readonly implied?: Readonly<Record<string, string>>;
  /** Calls in our own account. */
  readonly own: readonly string[];
  readonly table: readonly TableAction[];
}

export type TableAction =
  "dynamodb:GetItem" | "dynamodb:PutItem" | "dynamodb:Query" | "dynamodb:DeleteItem";

export const readInstance = [
  "ec2:DescribeAvailabilityZones",
  "ec2:DescribeImages",
  "ec2:DescribeInstanceAttribute",
  "ec2:DescribeInstances",
  "ec2:DescribeInstanceStatus",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeVolumes",
] as const;

/** An instance that was read before: what can change of it. */
export const readInstanceAgain = [
  "ec2:DescribeInstances",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeVolumes",
] as const;

export const readHealth = [
  "ec2:DescribeInstances",
  "ec2:DescribeInstanceStatus",
  "ec2:DescribeSpotInstanceRequests",
] as const;

/** Who holds what, whether it is healthy, and what is left that we created: all that an undo looks at of EC2. */
export const readHolders = [
  "ec2:DescribeAddresses",
  "ec2:DescribeCapacityReservations",
  "ec2:DescribeImages",
  "ec2:DescribeInstances",
  "ec2:DescribeInstanceStatus",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSnapshots",
  "ec2:DescribeSpotInstanceRequests",
  "ec2:DescribeVolumes",
] as const;

export const readTargets = ["elasticloadbalancing:DescribeTargetHealth"] as const;

/** Which load balancers use a target group, and which zones they serve. */
export const readTraffic = [
  "ec2:DescribeAvailabilityZones",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeTargetGroups",
] as const;

/** Of the keys of encrypted volumes: their state, and who may use them. */
export const readKeys = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListGrants"] as const;

/** Under which keys a launch would make its volumes. */
export const readKeysOfLaunch = [
  "ec2:DescribeSnapshots",
  "ec2:GetEbsDefaultKmsKeyId",
  "ec2:GetEbsEncryptionByDefault",
] as const;

/** How many snapshots the account may have, where it has more than one page of them. */
export const readQuotas = [
  "servicequotas:GetAWSDefaultServiceQuota",
  "servicequotas:GetServiceQuota",
] as const;

/** All that the check of an instance reads. */
export const readEligibility = [
  ...readInstance,
  ...readTargets,
  ...readTraffic,
  ...readKeys,
  ...readKeysOfLaunch,
  ...readQuotas,
  "ec2:DescribeAddresses",
  "ec2:DescribeKeyPairs",
  "ec2:DescribePlacementGroups",
  "elasticloadbalancing:DescribeTags",
  "ssm:DescribeDocument",
  "ssm:DescribeInstanceInformation",
] as const;

/** Proofs by CloudWatch. */
export const readAlarms = ["cloudwatch:DescribeAlarms"] as const;

/** Told to the owner once a switch is made; without it he is told that it was not read. */
export const readBackups = ["backup:DescribeProtectedResource"] as const;

/** The same, where a public address was lost. */
export const readRecords = ["route53:ListHostedZones", "route53:ListResourceRecordSets"] as const;

/** Of a document that is run as a proof or as a hook: is its agent there, and how did it end? */
export const readCommands = [
  "ssm:DescribeInstanceInformation",
  "ssm:ListCommandInvocations",
] as const;

export const sendCommands = ["ssm:SendCommand"] as const;

export const tagsAtCreation = {
  "ec2:CreateTags": "What is created with TagSpecifications is tagged under this permission.",
} as const;

export const taggedGroups = {
  "resource-groups:Tag": "A group that is created with tags is tagged under this permission.",
} as const;

const encryptedCopy =
  "A snapshot, or a volume made from one, under a customer's key (EBS user guide, Required IAM permissions).";

/** For snapshots of encrypted volumes and volumes made from them. */
export const encryptedCopies = {
  "kms:CreateGrant": encryptedCopy,
  "kms:Decrypt": encryptedCopy,
  "kms:DescribeKey": encryptedCopy,
  "kms:GenerateDataKeyWithoutPlaintext": encryptedCopy,
  "kms:ReEncryptFrom": encryptedCopy,
  "kms:ReEncryptTo": encryptedCopy,
} as const;

/** For AttachVolume, and for StartInstances, which attaches. */
export const encryptedAttachment = {
  "kms:CreateGrant": "EC2 asks for the data key of an encrypted volume through a grant.",
} as const;

/** What a launch does beside launching. */
export const launchOfClone = {
  ...tagsAtCreation,
  ...encryptedCopies,
  "iam:CreateServiceLinkedRole":
    "The first Spot launch of an account makes AWSServiceRoleForEC2Spot.",
  "iam:PassRole": "The replacement gets the instance profile of the original, or of the template.",
} as const;

const { "kms:DescribeKey": _called, ...dryRunOfLaunch } = launchOfClone;

/** What the dry run of a launch does beside, for those who ask about its keys by calls of their own. */
export const dryRunOfClone = dryRunOfLaunch;

/** A template's `resolve:ssm:`. Source: EC2 user guide, "Use a Systems Manager parameter instead of an AMI ID", Permissions. */
export const resolvedImages = {
  "ssm:GetParameters":
    "A launch template that names its image by a parameter is read with what stands in it.",
} as const;

/** Who is healthy in which target group of a group. */
export const readTargetGroups = [
  "autoscaling:DescribeAutoScalingGroups",
  "elasticloadbalancing:DescribeTargetHealth",
] as const;

/** The lists of a place, each to its end. */
export const readPlaceLists = [
  "autoscaling:DescribeAccountSettings",
  "autoscaling:DescribeAutoScalingGroups",
  "autoscaling:DescribePolicies",
  "autoscaling:DescribeScheduledActions",
  "ec2:DescribeAvailabilityZones",
  "ec2:DescribeImages",
  "ec2:DescribeInstances",
  "ec2:DescribeInstanceStatus",
  "ec2:DescribeLaunchTemplateVersions",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeReservedInstances",
  "ec2:DescribeRouteTables",
  "ec2:DescribeSpotInstanceRequests",
  "ec2:DescribeSubnets",
  "ec2:DescribeVolumes",
] as const;

/** Who is in a group, how each member is, and where its traffic goes. */
export const readGroupAgain = [
  ...readTargetGroups,
  "ec2:DescribeInstances",
  "ec2:DescribeSpotInstanceRequests",
  "elasticloadbalancing:DescribeInstanceHealth",
] as const;

/** The version of the launch template that a group launches from now, and its image. */
export const readLaunchTemplate = [
  "ec2:DescribeImages",
  "ec2:DescribeLaunchTemplateVersions",
] as const;

/** What of a group may be otherwise since it was judged, and speaks against going on. */
export const readGroupSince = [
  ...readGroupAgain,
  ...readLaunchTemplate,
  ...readAlarms,
  "autoscaling:DescribeInstanceRefreshes",
  "autoscaling:DescribeLifecycleHooks",
  "autoscaling:DescribePolicies",
  "autoscaling:DescribeScalingActivities",
  "autoscaling:DescribeScheduledActions",
  "cloudformation:DescribeStacks",
] as const;

/** All that is judged of a group: its settings, what acts on it, what it would launch. */
export const readGroup = [
  ...readGroupSince,
  ...readTraffic,
  "autoscaling:DescribeAccountSettings",
  "ec2:DescribePlacementGroups",
  "ec2:DescribeSubnets",
  "elasticloadbalancing:DescribeTags",
  "elasticloadbalancing:DescribeTargetGroupAttributes",
] as const;

export const assume = ["sts:AssumeRole"] as const;

/** Records, swaps, intents, effects and leases. */
export const record = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"] as const;
/** And facts, candidates or feeds: one that replaces a large value deletes the parts of the former. */
export const recordAndLargeValues = [...record, "dynamodb:DeleteItem"] as const;
