/** What a launch of a Spot Instance takes, whichever part of the role it is for: each part can be attached without the others. */
import { purposeTag } from "../../../core/model/tags.ts";
import type { Feature } from "../features.ts";
import { featureImpliedActions } from "../functions.ts";
import { madeByUs } from "./bound-to.ts";
import type { RoleStatement } from "./part.ts";

/** A customer's key is used through EC2 only. */
const throughEc2 = { "kms:ViaService": "ec2.*.amazonaws.com" } as const;

const launches = (prefix: string, launching: readonly string[]): readonly RoleStatement[] => [
  {
    sid: `${prefix}RunSpot`,
    actions: ["ec2:RunInstances"],
    resources: ["arn:aws:ec2:*:*:instance/*"],
    conditions: {
      StringEquals: { "ec2:InstanceMarketType": "spot" },
      ...madeByUs,
    },
  },
  {
    sid: `${prefix}RunFallback`,
    actions: ["ec2:RunInstances"],
    resources: ["arn:aws:ec2:*:*:instance/*"],
    conditions: {
      StringEquals: {
        "ec2:InstanceMarketType": "on-demand",
        [`aws:RequestTag/${purposeTag.key}`]: purposeTag.value,
      },
      ...madeByUs,
    },
    where: { option: "OnDemandFallback", allowed: true },
  },
  {
    // No launch template of its owner's: what one says is copied into the call.
    sid: `${prefix}RunParts`,
    actions: launching,
    resources: [
      "arn:aws:ec2:*::image/*",
      "arn:aws:ec2:*::snapshot/*",
      "arn:aws:ec2:*:*:key-pair/*",
      "arn:aws:license-manager:*:*:license-configuration:*",
      "arn:aws:ec2:*:*:network-interface/*",
      "arn:aws:ec2:*:*:placement-group/*",
      "arn:aws:ec2:*:*:security-group/*",
      "arn:aws:ec2:*:*:spot-instances-request/*",
      "arn:aws:ec2:*:*:subnet/*",
      "arn:aws:ec2:*:*:volume/*",
    ],
  },
];

const impliedByLaunches = (
  feature: Exclude<Feature, "read">,
  prefix: string,
): readonly RoleStatement[] => [
  {
    sid: `${prefix}PassInstanceRole`,
    actions: ["iam:PassRole"],
    // Narrow these to the roles of the instances to be moved: whoever may pass a role can act as it.
    resources: ["arn:aws:iam::*:role/*"],
    conditions: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
  },
  {
    sid: `${prefix}SpotServiceLinkedRole`,
    actions: ["iam:CreateServiceLinkedRole"],
    resources: ["arn:aws:iam::*:role/aws-service-role/spot.amazonaws.com/*"],
    conditions: { StringEquals: { "iam:AWSServiceName": "spot.amazonaws.com" } },
  },
  {
    sid: `${prefix}EncryptedVolumes`,
    actions: featureImpliedActions(feature).filter(
      (action) => action.startsWith("kms:") && action !== "kms:CreateGrant",
    ),
    resources: ["*"],
    conditions: { StringLike: throughEc2 },
  },
  {
    sid: `${prefix}EncryptedVolumeGrants`,
    actions: ["kms:CreateGrant"],
    resources: ["*"],
    // To EC2 for its own work, and to nobody else.
    conditions: { StringLike: throughEc2, Bool: { "kms:GrantIsForAWSResource": "true" } },
  },
];

/**
 * `prefix` begins the statements' ids, which are unique in the role; `creates` are the calls that tag what they create, `launching` those that
 * launch (default: RunInstances).
 */
export const launchStatements = ({
  feature,
  prefix,
  creates,
  launching = ["ec2:RunInstances"],
}: {
  readonly feature: Exclude<Feature, "read">;
  readonly prefix: string;
  readonly creates: readonly string[];
  readonly launching?: readonly string[];
}): readonly RoleStatement[] => [
  ...launches(prefix, launching),
  {
    sid: `${prefix}TagOnCreate`,
    actions: ["ec2:CreateTags"],
    resources: ["*"],
    conditions: { StringEquals: { "ec2:CreateAction": creates } },
  },
  ...impliedByLaunches(feature, prefix),
];
