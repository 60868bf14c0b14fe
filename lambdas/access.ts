/**
 * What each function may do, and no more: infra makes its role from this list, and the customer's role is the union
 * of the customer columns. A test compares both with the calls that the functions really make.
 */

export interface FunctionAccess {
  /** Calls in the customer's account, under the assumed role. */
  readonly customer: readonly string[];
  /** What IAM asks for besides when one of these calls is made, each with the reason. */
  readonly implied?: Readonly<Record<string, string>>;
  /** Calls in our own account. */
  readonly own: readonly string[];
  readonly table: readonly TableAction[];
}

export type TableAction =
  "dynamodb:GetItem" | "dynamodb:PutItem" | "dynamodb:Query" | "dynamodb:DeleteItem";

const readInstance = [
  "ec2:DescribeAvailabilityZones",
  "ec2:DescribeImages",
  "ec2:DescribeInstanceAttribute",
  "ec2:DescribeInstances",
  "ec2:DescribeInstanceStatus",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeVolumes",
] as const;

const readHealth = [
  "ec2:DescribeInstances",
  "ec2:DescribeInstanceStatus",
  "ec2:DescribeSpotInstanceRequests",
] as const;

const readTargets = ["elasticloadbalancing:DescribeTargetHealth"] as const;

const tagsAtCreation = {
  "ec2:CreateTags": "What is created with TagSpecifications is tagged under this permission.",
} as const;

const encryptedCopy =
  "A snapshot, or a volume made from one, under a customer's key (EBS user guide, Required IAM permissions).";

/** For snapshots of encrypted volumes and volumes made from them. */
const encryptedCopies = {
  "kms:CreateGrant": encryptedCopy,
  "kms:Decrypt": encryptedCopy,
  "kms:DescribeKey": encryptedCopy,
  "kms:GenerateDataKeyWithoutPlaintext": encryptedCopy,
  "kms:ReEncryptFrom": encryptedCopy,
  "kms:ReEncryptTo": encryptedCopy,
} as const;

/** For AttachVolume, and for StartInstances, which attaches. */
const encryptedAttachment = {
  "kms:CreateGrant": "EC2 asks for the data key of an encrypted volume through a grant.",
} as const;

const assume = ["sts:AssumeRole"] as const;

/** The record and the lease. */
const record = ["dynamodb:GetItem", "dynamodb:PutItem"] as const;
/** And facts, candidates or feeds: one that replaces a large value deletes the parts of the former. */
const recordAndFacts = [...record, "dynamodb:DeleteItem"] as const;
/** And intents and effects, which are listed. */
const recordAndIntents = [...record, "dynamodb:Query"] as const;
const everything = [...recordAndIntents, "dynamodb:DeleteItem"] as const;

export const functionNames = [
  "open-evaluation",
  "check-eligibility",
  "scrape",
  "filter",
  "predict",
  "decide",
  "prepare-image",
  "launch",
  "await-healthy",
  "freeze-original",
  "replace-root",
  "move-identity",
  "verify",
  "retire-original",
  "roll-back",
  "record",
  "janitor",
  "sweep",
  "api",
] as const;
export type FunctionName = (typeof functionNames)[number];

export const isFunctionName = (name: string): name is FunctionName =>
  (functionNames as readonly string[]).includes(name);

export const access: Readonly<Record<FunctionName, FunctionAccess>> = {
  "open-evaluation": { customer: [], own: [], table: record },
  "check-eligibility": {
    customer: [
      ...readInstance,
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetHealth",
    ],
    own: [...assume, "ec2:DescribeInstanceTypes"],
    table: recordAndFacts,
  },
  scrape: {
    customer: [
      "ec2:DescribeInstances",
      "ec2:DescribeReservedInstances",
      "ec2:DescribeRouteTables",
      "ec2:DescribeSubnets",
    ],
    own: [
      ...assume,
      "ec2:DescribeInstanceTypeOfferings",
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeSpotPriceHistory",
      "ec2:GetSpotPlacementScores",
      "pricing:GetProducts",
    ],
    // Losses of pools are listed.
    table: everything,
  },
  filter: { customer: [], own: [], table: recordAndFacts },
  predict: { customer: [], own: [], table: recordAndFacts },
  decide: { customer: [], own: [], table: recordAndFacts },
  "prepare-image": {
    customer: [...readInstance, "ec2:CreateImage"],
    implied: { ...tagsAtCreation, ...encryptedCopies },
    own: assume,
    table: recordAndIntents,
  },
  launch: {
    customer: [...readInstance, "ec2:DescribeInstanceCreditSpecifications", "ec2:RunInstances"],
    implied: {
      ...tagsAtCreation,
      ...encryptedCopies,
      "iam:CreateServiceLinkedRole":
        "The first Spot launch of an account makes AWSServiceRoleForEC2Spot.",
      "iam:PassRole": "The replacement gets the original's instance profile.",
    },
    own: assume,
    table: recordAndIntents,
  },
  "await-healthy": { customer: readHealth, own: assume, table: record },
  "freeze-original": {
    customer: [...readInstance, ...readHealth, "ec2:StopInstances"],
    own: assume,
    table: recordAndIntents,
  },
  "replace-root": {
    customer: [
      ...readInstance,
      ...readHealth,
      "ec2:CreateReplaceRootVolumeTask",
      "ec2:DescribeReplaceRootVolumeTasks",
    ],
    implied: { ...tagsAtCreation, ...encryptedCopies },
    own: assume,
    table: recordAndIntents,
  },
  "move-identity": {
    customer: [
      ...readInstance,
      ...readHealth,
      ...readTargets,
      "ec2:AssignPrivateIpAddresses",
      "ec2:AssociateAddress",
      "ec2:AttachNetworkInterface",
      "ec2:AttachVolume",
      "ec2:DescribeAddresses",
      "ec2:DetachNetworkInterface",
      "ec2:DetachVolume",
      "elasticloadbalancing:DeregisterTargets",
      "elasticloadbalancing:RegisterTargets",
    ],
    implied: encryptedAttachment,
    own: assume,
    table: recordAndIntents,
  },
  verify: {
    customer: [...readInstance, ...readHealth, ...readTargets, "ec2:DescribeAddresses"],
    own: assume,
    table: record,
  },
  "retire-original": {
    customer: [
      ...readInstance,
      ...readHealth,
      "ec2:CreateTags",
      "ec2:ModifyInstanceAttribute",
      "ec2:StopInstances",
      // A first replacement that only held capacity while another was relaunched.
      "ec2:TerminateInstances",
    ],
    own: assume,
    table: recordAndIntents,
  },
  "roll-back": {
    customer: [
      ...readInstance,
      ...readTargets,
      "ec2:AssignPrivateIpAddresses",
      "ec2:AssociateAddress",
      "ec2:AttachNetworkInterface",
      "ec2:AttachVolume",
      "ec2:DeleteSnapshot",
      "ec2:DeleteTags",
      "ec2:DeregisterImage",
      "ec2:DescribeAddresses",
      "ec2:DetachNetworkInterface",
      "ec2:DetachVolume",
      "ec2:ModifyInstanceAttribute",
      "ec2:ModifyNetworkInterfaceAttribute",
      "ec2:StartInstances",
      "ec2:TerminateInstances",
      "elasticloadbalancing:DeregisterTargets",
      "elasticloadbalancing:RegisterTargets",
    ],
    implied: encryptedAttachment,
    own: assume,
    table: recordAndIntents,
  },
  // The claim on the original is deleted when the target follows its switch.
  record: { customer: [], own: [], table: everything },
  janitor: {
    customer: [
      ...readInstance,
      "ec2:DeleteSnapshot",
      "ec2:DeregisterImage",
      "ec2:TerminateInstances",
    ],
    own: assume,
    table: recordAndIntents,
  },
  sweep: { customer: [], own: ["states:StartExecution"], table: recordAndIntents },
  // Verification reads a registered instance, and tries all the others' permissions on it by dry runs.
  api: { customer: readInstance, own: [...assume, "states:StartExecution"], table: everything },
};

const sorted = (actions: Iterable<string>): readonly string[] => [...new Set(actions)].sort();

/** Every call that any function makes in a customer's account, each once, in order. */
export const customerActions: readonly string[] = sorted(
  Object.values(access).flatMap(({ customer }) => customer),
);

/** What IAM asks for besides, each once, in order. */
export const impliedActions: readonly string[] = sorted(
  Object.values(access).flatMap(({ implied }) => Object.keys(implied ?? {})),
);
