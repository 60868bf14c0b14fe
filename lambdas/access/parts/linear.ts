/** What LINEAR changes: launches of Spot instances, moves of identities, and what the janitor removes afterwards. */
import {
  claimTag,
  deploymentTag,
  enrolTag,
  evaluationTag,
  managedByTag,
  purposeTag,
  retireAfterTag,
  returnGroupPrefix,
  targetTag,
} from "../../../core/model/tags.ts";
import { featureActions, featureImpliedActions } from "../functions.ts";
import type { RolePart } from "./part.ts";

/** Carries the tag of a deployment: `ManagedBy` may be the owner's own. */
const ours = { Null: { [`aws:ResourceTag/${deploymentTag}`]: "false" } } as const;
/** What we create is tagged so from its first moment. */
const madeByUs = { Null: { [`aws:RequestTag/${deploymentTag}`]: "false" } } as const;
const enrolled = { [`aws:ResourceTag/${enrolTag.key}`]: enrolTag.value } as const;

const ourKeys = {
  "aws:TagKeys": [
    managedByTag.key,
    deploymentTag,
    evaluationTag,
    targetTag,
    retireAfterTag,
    claimTag,
    purposeTag.key,
  ],
} as const;

/** A customer's key is used through EC2 only. */
const throughEc2 = { "kms:ViaService": "ec2.*.amazonaws.com" } as const;

/** Only ever on what we made ourselves, and on an original that carries our tags since it was retired. */
const destructive: ReadonlySet<string> = new Set([
  "ec2:CancelCapacityReservation",
  "ec2:DeleteSecurityGroup",
  "ec2:DeleteSnapshot",
  "ec2:DeregisterImage",
  "ec2:RevokeSecurityGroupEgress",
  "ec2:TerminateInstances",
]);

const isOfGroups = (action: string): boolean => action.startsWith("resource-groups:");

/** These have statements of their own below. */
const special: ReadonlySet<string> = new Set([
  "ec2:RunInstances",
  "ec2:CreateTags",
  "ec2:DeleteTags",
  "ec2:CreateImage",
  "ssm:SendCommand",
  "ec2:CreateCapacityReservation",
  "ec2:CreateSecurityGroup",
  "resource-groups:CreateGroup",
]);

const groupsAtCreation = featureImpliedActions("linear").filter((action) => isOfGroups(action));

const changes = featureActions("linear").filter(
  (action) => !special.has(action) && !isOfGroups(action),
);

const ofGroups = featureActions("linear").filter(
  (action) => isOfGroups(action) && !special.has(action),
);

export const linearPart = {
  feature: "linear",
  purpose: "Replace single On-Demand instances by Spot.",
  statements: [
    {
      sid: "ChangeEnrolled",
      actions: [...changes.filter((action) => !destructive.has(action)), "ec2:CreateImage"],
      resources: ["*"],
      conditions: { StringEquals: enrolled },
    },
    {
      sid: "ChangeOurs",
      actions: changes,
      resources: ["*"],
      conditions: ours,
    },
    {
      // In one statement, since a policy has 6,144 characters: each call is authorised on the kind that it makes, and on no other.
      sid: "MakeOurs",
      actions: ["ec2:CreateCapacityReservation", "ec2:CreateImage", "ec2:CreateSecurityGroup"],
      resources: [
        "arn:aws:ec2:*:*:capacity-reservation/*",
        "arn:aws:ec2:*::image/*",
        "arn:aws:ec2:*:*:security-group/*",
        "arn:aws:ec2:*::snapshot/*",
      ],
      conditions: madeByUs,
    },
    {
      // None carries our tag: the new volume is made by the call, or is the owner's, as the VPC is. The instance must be ours.
      sid: "MakeBesides",
      actions: ["ec2:CreateReplaceRootVolumeTask", "ec2:CreateSecurityGroup"],
      resources: [
        "arn:aws:ec2:*:*:replace-root-volume-task/*",
        "arn:aws:ec2:*:*:volume/*",
        "arn:aws:ec2:*:*:vpc/*",
      ],
    },
    {
      sid: "MakeCapacityGroup",
      actions: ["resource-groups:CreateGroup", ...groupsAtCreation],
      // AWS gives it no resource: the group does not exist yet.
      resources: ["*"],
      conditions: madeByUs,
    },
    {
      sid: "ChangeCapacityGroup",
      actions: ofGroups,
      resources: [`arn:aws:resource-groups:*:*:group/${returnGroupPrefix}*`],
      conditions: ours,
    },
    {
      // The owner's groups, whatever their tags; the interface must be enrolled or ours.
      sid: "GiveGroups",
      actions: ["ec2:ModifyNetworkInterfaceAttribute"],
      resources: ["arn:aws:ec2:*:*:security-group/*"],
    },
    {
      sid: "RunSpot",
      actions: ["ec2:RunInstances"],
      resources: ["arn:aws:ec2:*:*:instance/*"],
      conditions: {
        StringEquals: { "ec2:InstanceMarketType": "spot" },
        ...madeByUs,
      },
    },
    {
      sid: "RunFallback",
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
      sid: "RunParts",
      actions: ["ec2:RunInstances"],
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
    {
      sid: "TagOnCreate",
      actions: ["ec2:CreateTags"],
      resources: ["*"],
      conditions: {
        StringEquals: {
          "ec2:CreateAction": [
            "RunInstances",
            "CreateImage",
            "CreateReplaceRootVolumeTask",
            "CreateCapacityReservation",
            "CreateSecurityGroup",
          ],
        },
      },
    },
    {
      sid: "TagRetired",
      actions: ["ec2:CreateTags", "ec2:DeleteTags"],
      resources: ["arn:aws:ec2:*:*:instance/*"],
      conditions: {
        StringEquals: enrolled,
        "ForAllValues:StringEquals": ourKeys,
      },
    },
    {
      // What an adoption leaves to its owner.
      sid: "UntagLeft",
      actions: ["ec2:DeleteTags"],
      resources: [
        "arn:aws:ec2:*::image/*",
        "arn:aws:ec2:*:*:instance/*",
        "arn:aws:ec2:*:*:network-interface/*",
        "arn:aws:ec2:*::snapshot/*",
        "arn:aws:ec2:*:*:volume/*",
      ],
      conditions: { ...ours, "ForAllValues:StringEquals": ourKeys },
    },
    {
      // A document that its owner enrolled, on an instance that he enrolled: no other code of anybody's is run.
      sid: "RunDocuments",
      actions: ["ssm:SendCommand"],
      resources: ["arn:aws:ssm:*:*:document/*"],
      conditions: { StringEquals: enrolled },
    },
    {
      sid: "RunOnInstances",
      actions: ["ssm:SendCommand"],
      resources: ["arn:aws:ec2:*:*:instance/*"],
      conditions: { StringEquals: { [`ssm:resourceTag/${enrolTag.key}`]: enrolTag.value } },
    },
    {
      sid: "PassInstanceRole",
      actions: ["iam:PassRole"],
      // Narrow these to the roles of the instances to be moved: whoever may pass a role can act as it.
      resources: ["arn:aws:iam::*:role/*"],
      conditions: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    },
    {
      sid: "SpotServiceLinkedRole",
      actions: ["iam:CreateServiceLinkedRole"],
      resources: ["arn:aws:iam::*:role/aws-service-role/spot.amazonaws.com/*"],
      conditions: { StringEquals: { "iam:AWSServiceName": "spot.amazonaws.com" } },
    },
    {
      sid: "EncryptedVolumes",
      actions: featureImpliedActions("linear").filter(
        (action) => action.startsWith("kms:") && action !== "kms:CreateGrant",
      ),
      resources: ["*"],
      conditions: { StringLike: throughEc2 },
    },
    {
      sid: "EncryptedVolumeGrants",
      actions: ["kms:CreateGrant"],
      resources: ["*"],
      // To EC2 for its own work, and to nobody else.
      conditions: { StringLike: throughEc2, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ],
} as const satisfies RolePart;
