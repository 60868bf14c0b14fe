/**
 * What the waste scanner reads beside all others, and what deletes waste: only what was marked right before under the same role, so that
 * each deletion shows whose it was, and the Recycle Bin keeps it; and nothing that others are known to own.
 */
import { binTag, deletedByTag, enrolTag } from "../../../core/model/tags.ts";
import { featureActions, featureImpliedActions } from "../functions.ts";
import { madeByUs } from "./bound-to.ts";
import type { RolePart, RoleStatement } from "./part.ts";

const ofFeature = featureActions("waste");

const those = (actions: readonly string[]): readonly string[] =>
  ofFeature.filter((action) => actions.includes(action));

const isReading = (action: string): boolean => /:(Describe|Get|List)/.test(action);

const volumes = "arn:aws:ec2:*:*:volume/*";
const snapshots = "arn:aws:ec2:*::snapshot/*";
const images = "arn:aws:ec2:*::image/*";
const addresses = "arn:aws:ec2:*:*:elastic-ip/*";

const marks = {
  "ForAllValues:StringEquals": { "aws:TagKeys": [deletedByTag, binTag.key] },
  // An empty list of keys would pass.
  Null: { "aws:TagKeys": "false" },
} as const;

/** Those that IAM can compare: whole keys. The scanner looks at more (core/waste/owners.ts). */
const ownersKeys = [
  enrolTag.key,
  "aws:backup:source-resource",
  "aws:cloudformation:stack-id",
  "aws:dlm:lifecycle-policy-id",
  "CSIVolumeName",
  "ebs.csi.aws.com/cluster",
] as const;

const marked = {
  Null: {
    [`aws:ResourceTag/${deletedByTag}`]: "false",
    // `true`: it must not carry them.
    ...Object.fromEntries(ownersKeys.map((key) => [`aws:ResourceTag/${key}`, "true"])),
  },
} as const;

/** A customer's key is used through EC2 only. */
const throughEc2 = { "kms:ViaService": "ec2.*.amazonaws.com" } as const;

const implied = featureImpliedActions("waste");

const statements: readonly RoleStatement[] = [
  {
    sid: "ReadWaste",
    // AWS gives no resource-level permission to most Describe calls.
    actions: ofFeature.filter(isReading),
    resources: ["*"],
  },
  {
    sid: "MarkWaste",
    actions: those(["ec2:CreateTags", "ec2:DeleteTags"]),
    resources: [addresses, images, snapshots, volumes],
    conditions: marks,
  },
  {
    sid: "DeleteMarkedWaste",
    actions: those([
      "ec2:DeleteSnapshot",
      "ec2:DeleteVolume",
      "ec2:DeregisterImage",
      "ec2:ReleaseAddress",
    ]),
    resources: [addresses, images, snapshots, volumes],
    conditions: marked,
  },
  {
    // A month before it is marked and deregistered; its owner enables it again.
    sid: "DisableUnusedImages",
    actions: those(["ec2:DisableImage"]),
    resources: [images],
  },
  {
    // A volume before it is deleted; what has no mark yet may be copied and nothing else.
    sid: "SnapshotWaste",
    actions: those(["ec2:CreateSnapshot"]),
    resources: [volumes],
  },
  {
    sid: "KeepSnapshotOfWaste",
    actions: those(["ec2:CreateSnapshot"]),
    resources: [snapshots],
    conditions: madeByUs,
  },
  {
    // Snapshots of others too, where their fast restore is on the customer's bill. It deletes nothing, and can be turned on again.
    sid: "DisableFastRestores",
    actions: those(["ec2:DisableFastSnapshotRestores"]),
    resources: [snapshots],
  },
  {
    // Which accounts use a shared image: it reads, though EC2 keeps what it found.
    sid: "AskWhoUsesImages",
    actions: those(["ec2:CreateImageUsageReport"]),
    resources: [images, "arn:aws:ec2:*:*:image-usage-report/*"],
  },
  {
    sid: "WasteTagOnCreate",
    actions: those(["ec2:CreateTags"]),
    resources: [snapshots],
    conditions: { StringEquals: { "ec2:CreateAction": ["CreateSnapshot"] } },
  },
  {
    sid: "WasteEncryptedVolumes",
    actions: implied.filter((action) => action.startsWith("kms:") && action !== "kms:CreateGrant"),
    resources: ["*"],
    conditions: { StringLike: throughEc2 },
  },
  {
    sid: "WasteEncryptedVolumeGrants",
    actions: implied.filter((action) => action === "kms:CreateGrant"),
    resources: ["*"],
    // To EC2 for its own work, and to nobody else.
    conditions: { StringLike: throughEc2, Bool: { "kms:GrantIsForAWSResource": "true" } },
  },
];

export const wastePart: RolePart = {
  feature: "waste",
  purpose:
    "Look for what costs money and is of no use, and delete what persons have agreed to delete.",
  isOptIn: true,
  // Of what no function calls yet there is no statement.
  statements: statements.filter(({ actions }) => actions.length > 0),
};
