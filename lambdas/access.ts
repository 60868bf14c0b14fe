/**
 * What each function may do, and no more: infra makes its role from this list, and the customer's role is the union
 * of the customer columns. A test compares both with the calls that the functions really make.
 */

export interface FunctionAccess {
  /** In the customer's account, under the assumed role. */
  readonly customer: readonly string[];
  /** In our own account. */
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

const assume = ["sts:AssumeRole"] as const;
const readWrite = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"] as const;
const readWriteDelete = [...readWrite, "dynamodb:DeleteItem"] as const;

const storeOnly: FunctionAccess = { customer: [], own: [], table: readWrite };

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

const stepAccess = {
  "open-evaluation": storeOnly,
  "check-eligibility": {
    customer: [
      ...readInstance,
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetHealth",
    ],
    own: [...assume, "ec2:DescribeInstanceTypes"],
    table: readWrite,
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
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeInstanceTypeOfferings",
      "ec2:DescribeSpotPriceHistory",
      "ec2:GetSpotPlacementScores",
      "pricing:GetProducts",
    ],
    table: readWrite,
  },
  filter: storeOnly,
  predict: storeOnly,
  decide: storeOnly,
  "prepare-image": {
    customer: [...readInstance, "ec2:CreateImage", "ec2:CreateTags"],
    own: assume,
    table: readWrite,
  },
  launch: {
    customer: [
      ...readInstance,
      "ec2:CreateTags",
      "ec2:DescribeInstanceCreditSpecifications",
      "ec2:RunInstances",
    ],
    own: assume,
    table: readWrite,
  },
  "await-healthy": { customer: readHealth, own: assume, table: readWrite },
  "freeze-original": {
    customer: [...readInstance, ...readHealth, "ec2:StopInstances"],
    own: assume,
    table: readWrite,
  },
  "replace-root": {
    customer: [
      ...readInstance,
      ...readHealth,
      "ec2:CreateReplaceRootVolumeTask",
      "ec2:CreateTags",
      "ec2:DescribeReplaceRootVolumeTasks",
    ],
    own: assume,
    table: readWrite,
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
      "ec2:ModifyInstanceAttribute",
      "ec2:ModifyNetworkInterfaceAttribute",
      "elasticloadbalancing:DeregisterTargets",
      "elasticloadbalancing:RegisterTargets",
    ],
    own: assume,
    table: readWrite,
  },
  verify: {
    customer: [...readInstance, ...readHealth, ...readTargets, "ec2:DescribeAddresses"],
    own: assume,
    table: readWrite,
  },
  "retire-original": {
    customer: [
      ...readInstance,
      ...readHealth,
      "ec2:CreateTags",
      "ec2:StopInstances",
      "ec2:TerminateInstances",
    ],
    own: assume,
    table: readWrite,
  },
  "roll-back": {
    customer: [
      ...readInstance,
      ...readHealth,
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
    own: assume,
    table: readWrite,
  },
  record: storeOnly,
  janitor: {
    customer: [
      ...readInstance,
      "ec2:DeleteSnapshot",
      "ec2:DeregisterImage",
      "ec2:TerminateInstances",
    ],
    own: assume,
    table: readWrite,
  },
  sweep: { customer: [], own: ["states:StartExecution"], table: readWrite },
} as const satisfies Record<Exclude<FunctionName, "api">, FunctionAccess>;

const sorted = (actions: Iterable<string>): readonly string[] => [...new Set(actions)].sort();

/** Every action that any function takes in a customer's account, each once, in order. */
export const customerActions: readonly string[] = sorted(
  Object.values(stepAccess).flatMap((access: FunctionAccess) => access.customer),
);

export const access: Readonly<Record<FunctionName, FunctionAccess>> = {
  ...stepAccess,
  // Verification asks for each permission with a dry run, so that it must hold none of its own.
  api: {
    customer: customerActions,
    own: [...assume, "states:StartExecution"],
    table: readWriteDelete,
  },
};
