/** Functions that look for waste in customers' accounts, and delete what persons have agreed to. */
import {
  type FunctionAccess,
  assume,
  encryptedCopies,
  record,
  recordAndLargeValues,
} from "./grants.ts";

/** All by which something is judged, with what other functions read too. */
const readLists = [
  "ec2:DescribeAddresses",
  "ec2:DescribeImageAttribute",
  "ec2:DescribeImages",
  "ec2:DescribeInstances",
  "ec2:DescribeLaunchTemplateVersions",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeRouteTables",
  "ec2:DescribeSnapshotAttribute",
  "ec2:DescribeSnapshots",
  "ec2:DescribeVolumes",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeTags",
  "elasticloadbalancing:DescribeTargetGroups",
  "elasticloadbalancing:DescribeTargetHealth",
] as const;

/** What AWS Backup has backed up, and what its plans take. */
const readBackupPlans = [
  "backup:GetBackupSelection",
  "backup:ListBackupPlans",
  "backup:ListBackupSelections",
  "backup:ListProtectedResources",
] as const;

export const wasteFunctions = {
  // It reads, and changes the list of findings alone; EC2 is asked to report who uses a shared image.
  "scan-place": {
    customer: {
      read: readLists,
      // What nothing else reads.
      waste: [
        "autoscaling:DescribeLaunchConfigurations",
        ...readBackupPlans,
        "cloudformation:DescribeStackResources",
        "cloudwatch:GetMetricData",
        "ec2:DescribeAddressesAttribute",
        "ec2:DescribeAddressTransfers",
        "ec2:DescribeFastSnapshotRestores",
        "ec2:CreateImageUsageReport",
        "ec2:DescribeImageReferences",
        "ec2:DescribeImageUsageReportEntries",
        "ec2:DescribeImageUsageReports",
        "ec2:DescribeLockedSnapshots",
        "ec2:DescribeNatGateways",
        "ec2:DescribeVpcEndpointServiceConfigurations",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeRules",
      ],
    },
    own: [...assume, "pricing:GetProducts"],
    // What is no longer waste leaves the list.
    table: recordAndLargeValues,
  },
  // Right before each step it reads again all that speaks against it.
  "carry-out": {
    customer: {
      read: [
        "ec2:DescribeAddresses",
        "ec2:DescribeImageAttribute",
        "ec2:DescribeImages",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:DescribeSnapshotAttribute",
        "ec2:DescribeSnapshots",
        "ec2:DescribeVolumes",
      ],
      waste: [
        "autoscaling:DescribeLaunchConfigurations",
        ...readBackupPlans,
        "cloudformation:DescribeStackResources",
        "cloudwatch:GetMetricData",
        "ec2:CreateSnapshot",
        "ec2:CreateTags",
        "ec2:DeleteSnapshot",
        "ec2:DeleteTags",
        "ec2:DeleteVolume",
        "ec2:DeregisterImage",
        "ec2:DescribeAddressesAttribute",
        "ec2:DescribeAddressTransfers",
        "ec2:DescribeFastSnapshotRestores",
        "ec2:DescribeImageReferences",
        "ec2:DescribeImageUsageReportEntries",
        "ec2:DescribeImageUsageReports",
        "ec2:DescribeLockedSnapshots",
        "ec2:DisableFastSnapshotRestores",
        "ec2:DisableImage",
        "ec2:ListImagesInRecycleBin",
        "ec2:ListSnapshotsInRecycleBin",
        "ec2:ListVolumesInRecycleBin",
        "ec2:ReleaseAddress",
      ],
    },
    implied: encryptedCopies,
    own: assume,
    table: record,
  },
} as const satisfies Readonly<Record<string, FunctionAccess>>;
