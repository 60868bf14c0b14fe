/** Steps of LINEAR. */
import {
  type FunctionAccess,
  assume,
  dryRunOfClone,
  encryptedAttachment,
  encryptedCopies,
  launchOfClone,
  readAlarms,
  readBackups,
  readCommands,
  readEligibility,
  readHealth,
  readHolders,
  readInstanceAgain,
  readRecords,
  readTargets,
  readTraffic,
  record,
  recordAndLargeValues,
  sendCommands,
  taggedGroups,
  tagsAtCreation,
} from "./grants.ts";

export const linearFunctions = {
  "check-eligibility": {
    customer: {
      read: [
        ...readEligibility,
        // Of a Spot Instance that EC2 may have taken.
        ...readHealth,
      ],
      // A dry run alone.
      linear: ["ec2:RunInstances"],
    },
    implied: dryRunOfClone,
    own: [...assume, "ec2:DescribeInstanceTypes"],
    table: recordAndLargeValues,
  },
  "prepare-image": {
    customer: {
      read: [
        ...readHealth,
        ...readTargets,
        ...readCommands,
        ...readAlarms,
        "ec2:DescribeImages",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSnapshots",
      ],
      linear: [
        "ec2:CreateImage",
        "ec2:CreateSecurityGroup",
        // Of the root volume that an ended Spot Instance has left.
        "ec2:CreateSnapshot",
        "ec2:CreateTags",
        "ec2:RegisterImage",
        "ec2:RevokeSecurityGroupEgress",
        ...sendCommands,
      ],
    },
    implied: encryptedCopies,
    own: assume,
    table: record,
  },
  launch: {
    customer: {
      read: [
        ...readInstanceAgain,
        ...readHealth,
        ...readTraffic,
        "ec2:DescribeImages",
        "ec2:DescribeInstanceAttribute",
        "ec2:DescribeInstanceCreditSpecifications",
      ],
      // From a template that is kept ready, by a bucket of its own.
      linear: [
        "ec2:CreateFleet",
        "ec2:RunInstances",
        // Of a recovery without data: the original that is kept stopped.
        "ec2:StartInstances",
      ],
    },
    implied: launchOfClone,
    own: assume,
    table: record,
  },
  "await-healthy": {
    customer: { read: [...readHealth, ...readCommands], linear: sendCommands },
    own: assume,
    table: record,
  },
  "freeze-original": {
    customer: {
      read: [
        ...readInstanceAgain,
        ...readHealth,
        ...readTargets,
        ...readTraffic,
        ...readCommands,
        "ec2:DescribeInstanceAttribute",
        "ec2:DescribeCapacityReservations",
        "ec2:DescribeReservedInstances",
        "resource-groups:GetGroup",
      ],
      linear: [
        "ec2:CreateCapacityReservation",
        "ec2:StopInstances",
        "resource-groups:CreateGroup",
        "resource-groups:GroupResources",
        ...sendCommands,
      ],
    },
    implied: { ...tagsAtCreation, ...taggedGroups },
    own: [...assume, "ec2:DescribeSpotPriceHistory"],
    table: record,
  },
  "end-spot": {
    customer: {
      read: [...readInstanceAgain, ...readHealth, ...readCommands, "ec2:DescribeInstanceAttribute"],
      linear: [
        "ec2:ModifyInstanceAttribute",
        "ec2:ModifyNetworkInterfaceAttribute",
        "ec2:TerminateInstances",
        ...sendCommands,
      ],
    },
    own: assume,
    table: record,
  },
  "move-root": {
    customer: {
      read: [...readHealth, "ec2:DescribeReplaceRootVolumeTasks", "ec2:DescribeVolumes"],
      linear: [
        "ec2:AttachVolume",
        "ec2:CreateReplaceRootVolumeTask",
        "ec2:DetachVolume",
        "ec2:ModifyInstanceAttribute",
      ],
    },
    implied: { ...tagsAtCreation, ...encryptedAttachment },
    own: assume,
    table: record,
  },
  "replace-root": {
    customer: {
      read: [...readHealth, "ec2:DescribeReplaceRootVolumeTasks", "ec2:DescribeVolumes"],
      linear: ["ec2:CreateReplaceRootVolumeTask"],
    },
    implied: { ...tagsAtCreation, ...encryptedCopies },
    own: assume,
    table: record,
  },
  "move-identity": {
    customer: {
      read: [
        ...readInstanceAgain,
        ...readHealth,
        ...readTargets,
        ...readTraffic,
        ...readCommands,
        "ec2:DescribeAddresses",
      ],
      linear: [
        ...sendCommands,
        "ec2:AssignPrivateIpAddresses",
        "ec2:AssociateAddress",
        "ec2:AttachNetworkInterface",
        "ec2:AttachVolume",
        "ec2:DetachNetworkInterface",
        "ec2:DetachVolume",
        "ec2:ModifyInstanceAttribute",
        "ec2:ModifyNetworkInterfaceAttribute",
        "elasticloadbalancing:DeregisterTargets",
        "elasticloadbalancing:RegisterTargets",
      ],
    },
    implied: encryptedAttachment,
    own: assume,
    table: record,
  },
  verify: {
    customer: {
      read: [
        ...readInstanceAgain,
        ...readHealth,
        ...readTargets,
        ...readTraffic,
        ...readCommands,
        ...readAlarms,
        ...readBackups,
        ...readRecords,
        "ec2:DescribeAddresses",
      ],
      linear: sendCommands,
    },
    own: assume,
    table: record,
  },
  "retire-original": {
    customer: {
      read: [
        ...readInstanceAgain,
        ...readHealth,
        ...readTargets,
        ...readTraffic,
        ...readCommands,
        "ec2:DescribeAddresses",
        "ec2:DescribeInstanceAttribute",
      ],
      linear: [
        ...sendCommands,
        "ec2:CreateTags",
        "ec2:DeleteTags",
        "ec2:ModifyInstanceAttribute",
        "ec2:ModifyNetworkInterfaceAttribute",
        "ec2:StopInstances",
        // A first replacement that only held capacity while another was relaunched.
        "ec2:TerminateInstances",
        // Of a kept original that a recovery has started, and that did not prove itself.
        "elasticloadbalancing:DeregisterTargets",
      ],
    },
    own: assume,
    table: record,
  },
  adopt: {
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
      ],
      linear: ["ec2:DeleteTags"],
    },
    own: assume,
    // The claim on the instance that the target no longer has is deleted.
    table: recordAndLargeValues,
  },
  "roll-back": {
    customer: {
      read: [
        ...readHolders,
        ...readHealth,
        ...readTargets,
        ...readTraffic,
        "ec2:DescribeReplaceRootVolumeTasks",
      ],
      linear: [
        "ec2:AssignPrivateIpAddresses",
        "ec2:AssociateAddress",
        "ec2:AttachNetworkInterface",
        "ec2:AttachVolume",
        "ec2:CancelCapacityReservation",
        "ec2:CreateTags",
        "ec2:DeleteSecurityGroup",
        "ec2:DeleteSnapshot",
        "ec2:DeleteTags",
        "ec2:DeregisterImage",
        "ec2:DetachNetworkInterface",
        "ec2:ModifyInstanceAttribute",
        "ec2:ModifyInstanceCapacityReservationAttributes",
        "ec2:ModifyNetworkInterfaceAttribute",
        "ec2:StartInstances",
        "ec2:StopInstances",
        "ec2:TerminateInstances",
        "elasticloadbalancing:DeregisterTargets",
        "elasticloadbalancing:RegisterTargets",
        "resource-groups:DeleteGroup",
      ],
    },
    implied: encryptedAttachment,
    own: assume,
    table: record,
  },
} as const satisfies Readonly<Record<string, FunctionAccess>>;
