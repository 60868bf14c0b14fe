/** Functions that run on a schedule. */
import {
  type FunctionAccess,
  assume,
  dryRunOfClone,
  readAlarms,
  readCommands,
  readEligibility,
  readGroup,
  readHealth,
  readInstance,
  readPlaceLists,
  readTargets,
  record,
  recordAndLargeValues,
  resolvedImages,
  sendCommands,
  tagsAtCreation,
} from "./grants.ts";

const readMarkets = [
  "ec2:DescribeInstanceTypeOfferings",
  "ec2:DescribeInstanceTypes",
  "ec2:DescribeSpotPriceHistory",
  "pricing:GetProducts",
] as const;

/** The lists of a place, and all that an evaluation would read of an instance in it. */
const readPlaceAndInstances = [...readPlaceLists, ...readEligibility] as const;

/** And of a group or nodes in it. */
const readPlaceAndGroups = [
  ...readPlaceAndInstances,
  ...readGroup,
  "eks:DescribeCluster",
  "eks:DescribeNodegroup",
] as const;

/** All that could speak against ending what is due. */
const janitorReads = [
  ...readInstance,
  ...readHealth,
  ...readTargets,
  "autoscaling:DescribeAutoScalingGroups",
  "ec2:DescribeCapacityReservations",
  ...readAlarms,
  ...readCommands,
  "ec2:DescribeImageAttribute",
  "ec2:DescribeLaunchTemplates",
  "ec2:DescribeLaunchTemplateVersions",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSnapshotAttribute",
  "ec2:DescribeSnapshots",
  // Classic load balancers: the same action in both versions of the API.
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeTargetGroups",
] as const;

/** Of LINEAR: what is due and ours. */
const janitorEnds = [
  "ec2:CancelCapacityReservation",
  "ec2:DeleteLaunchTemplate",
  "ec2:DeleteSecurityGroup",
  "ec2:DeleteSnapshot",
  "ec2:DeregisterImage",
  "ec2:TerminateInstances",
  "resource-groups:DeleteGroup",
  // The successor proves itself before its original ends.
  ...sendCommands,
] as const;

export const scheduleFunctions = {
  // A start that was cut off is asked for by its name.
  sweep: {
    customer: {},
    own: ["lambda:InvokeFunction", "states:DescribeExecution"],
    table: record,
  },
  "sweep-place": {
    customer: {
      // A node group that no list shows is asked for by name, and what became of a Spot Instance of a switch.
      read: [...readPlaceAndGroups, ...readHealth],
      // Dry runs alone, of what is LINEAR too: each mode's part of the role allows it.
      cluster: ["ec2:RunInstances"],
    },
    implied: { ...dryRunOfClone, ...resolvedImages },
    own: [...assume, ...readMarkets, "states:DescribeExecution", "states:StartExecution"],
    // Verdicts on a target that was deleted are forgotten, and one of which nothing is left is deleted.
    table: recordAndLargeValues,
  },
  // Not on a schedule: the API hands it each region of a preflight. It reads in the customer's account, and tries launches.
  "preflight-place": {
    customer: {
      read: readPlaceAndGroups,
      // As the sweep.
      cluster: ["ec2:RunInstances"],
    },
    implied: { ...dryRunOfClone, ...resolvedImages },
    own: [...assume, ...readMarkets],
    table: record,
  },
  // Versions of our own functions: nothing in customers' accounts, nothing in the table.
  "code-janitor": {
    customer: {},
    own: [
      "lambda:DeleteFunction",
      "lambda:ListVersionsByFunction",
      "states:DescribeStateMachine",
      "states:DescribeStateMachineForExecution",
      "states:ListExecutions",
    ],
    table: [],
  },
  // Of some Spot requests, twice a minute; the recovery is an evaluation.
  "watch-requests": {
    customer: { read: readHealth },
    own: [...assume, "states:DescribeExecution", "states:StartExecution"],
    table: record,
  },
  // It reads, and changes nothing in a customer's account: what it lists is never touched.
  "find-unclaimed": {
    customer: {
      read: [
        "ec2:DescribeCapacityReservations",
        "ec2:DescribeImages",
        "ec2:DescribeInstances",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSnapshots",
        "ec2:DescribeSpotInstanceRequests",
        "ec2:DescribeVolumes",
        "resource-groups:GetTags",
        "resource-groups:ListGroups",
      ],
    },
    own: assume,
    // What is gone leaves the list.
    table: recordAndLargeValues,
  },
  janitor: {
    customer: {
      read: janitorReads,
      // Settings of a group that their evaluation could not put back.
      cluster: [
        "autoscaling:ResumeProcesses",
        "autoscaling:SetInstanceProtection",
        "autoscaling:UpdateAutoScalingGroup",
        // An original that was kept stopped.
        "ec2:TerminateInstances",
      ],
      // Those of a group behind a node group.
      kubernetes: ["autoscaling:ResumeProcesses", "autoscaling:SetInstanceProtection"],
      linear: [
        ...janitorEnds,
        // What a recovery launches from.
        "ec2:CreateLaunchTemplate",
      ],
    },
    implied: tagsAtCreation,
    // What is left on nodes is handed on.
    own: [...assume, "lambda:InvokeFunction"],
    table: record,
  },
  // It reads our table alone.
  measure: {
    customer: {},
    own: [],
    table: ["dynamodb:GetItem", "dynamodb:Query"],
  },
  // It ends what the janitor would end, and what an owner has named; settings of groups it leaves to the janitor.
  "off-board": {
    customer: {
      read: [...janitorReads, "ec2:DescribeNetworkInterfaces"],
      cluster: ["ec2:CreateTags", "ec2:DeleteTags", "ec2:TerminateInstances"],
      linear: [
        ...janitorEnds,
        "ec2:CreateTags",
        "ec2:DeleteTags",
        "ec2:ModifyInstanceAttribute",
        "ec2:ModifyNetworkInterfaceAttribute",
      ],
    },
    own: assume,
    // The account and its targets are deleted.
    table: recordAndLargeValues,
  },
  // Not on a schedule: the janitor hands it evaluations that have left marks on nodes. It changes nodes by their cluster's own API, and nothing in AWS.
  "restore-marks": {
    customer: {
      read: [
        "autoscaling:DescribeAutoScalingGroups",
        "ec2:DescribeInstances",
        "ec2:DescribeSpotInstanceRequests",
        "eks:DescribeCluster",
      ],
    },
    own: assume,
    table: record,
  },
} as const satisfies Readonly<Record<string, FunctionAccess>>;
