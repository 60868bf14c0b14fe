/** The policy of the role in a customer's account, made from the list of what our functions call there. */
import {
  claimTag,
  enrolTag,
  deploymentTag,
  evaluationTag,
  managedByTag,
  retireAfterTag,
  targetTag,
} from "../../core/model/tags.ts";
import { customerActions, impliedActions } from "./functions.ts";

/** Fixed, so that our functions' permission to assume roles can name it in every account. */
export const customerRoleName = "SpotOptimizerRole";

export interface RoleStatement {
  readonly sid: string;
  /** Allow unless said otherwise. */
  readonly effect?: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

const ours = { [`aws:ResourceTag/${managedByTag.key}`]: managedByTag.value } as const;
/** What we create is tagged so from its first moment. */
const madeByUs = { [`aws:RequestTag/${managedByTag.key}`]: managedByTag.value } as const;
const enrolled = { [`aws:ResourceTag/${enrolTag.key}`]: enrolTag.value } as const;

/** A customer's key is used through EC2 only. */
const throughEc2 = { "kms:ViaService": "ec2.*.amazonaws.com" } as const;

const isReading = (action: string): boolean => /:(Describe|Get)/.test(action);

/** Only ever on what we made ourselves, and on an original that carries our tags since it was retired. */
const destructive: ReadonlySet<string> = new Set([
  "ec2:DeleteSnapshot",
  "ec2:DeregisterImage",
  "ec2:TerminateInstances",
]);

/** These have statements of their own below. */
const special: ReadonlySet<string> = new Set([
  "ec2:RunInstances",
  "ec2:CreateTags",
  "ec2:DeleteTags",
  "ec2:CreateImage",
]);

const statements = {
  read: {
    sid: "Read",
    // AWS gives no resource-level permission to Describe calls.
    actions: customerActions.filter(isReading),
    resources: ["*"],
  },
  changeEnrolled: {
    sid: "ChangeEnrolled",
    actions: customerActions.filter(
      (action) => !isReading(action) && !destructive.has(action) && !special.has(action),
    ),
    resources: ["*"],
    conditions: { StringEquals: enrolled },
  },
  changeOurs: {
    sid: "ChangeOurs",
    actions: customerActions.filter((action) => !isReading(action) && !special.has(action)),
    resources: ["*"],
    conditions: { StringEquals: ours },
  },
  image: {
    sid: "ImageEnrolled",
    actions: ["ec2:CreateImage"],
    resources: ["arn:aws:ec2:*:*:instance/*"],
    conditions: { StringEquals: enrolled },
  },
  imageParts: {
    sid: "ImageParts",
    actions: ["ec2:CreateImage"],
    resources: ["arn:aws:ec2:*::image/*", "arn:aws:ec2:*::snapshot/*"],
    conditions: { StringEquals: madeByUs },
  },
  runSpot: {
    sid: "RunSpot",
    actions: ["ec2:RunInstances"],
    resources: ["arn:aws:ec2:*:*:instance/*"],
    conditions: {
      StringEquals: {
        "ec2:InstanceMarketType": "spot",
        ...madeByUs,
      },
    },
  },
  runOnlySpot: {
    sid: "RunOnlySpot",
    effect: "Deny",
    actions: ["ec2:RunInstances"],
    resources: ["arn:aws:ec2:*:*:instance/*"],
    conditions: { StringNotEquals: { "ec2:InstanceMarketType": "spot" } },
  },
  runParts: {
    sid: "RunParts",
    actions: ["ec2:RunInstances"],
    resources: [
      "arn:aws:ec2:*::image/*",
      "arn:aws:ec2:*::snapshot/*",
      "arn:aws:ec2:*:*:key-pair/*",
      "arn:aws:ec2:*:*:network-interface/*",
      "arn:aws:ec2:*:*:security-group/*",
      "arn:aws:ec2:*:*:spot-instances-request/*",
      "arn:aws:ec2:*:*:subnet/*",
      "arn:aws:ec2:*:*:volume/*",
    ],
  },
  tagOnCreate: {
    sid: "TagOnCreate",
    actions: ["ec2:CreateTags"],
    resources: ["*"],
    conditions: {
      StringEquals: {
        "ec2:CreateAction": ["RunInstances", "CreateImage", "CreateReplaceRootVolumeTask"],
      },
    },
  },
  tagRetired: {
    sid: "TagRetired",
    actions: ["ec2:CreateTags", "ec2:DeleteTags"],
    resources: ["arn:aws:ec2:*:*:instance/*"],
    conditions: {
      StringEquals: enrolled,
      "ForAllValues:StringEquals": {
        "aws:TagKeys": [
          managedByTag.key,
          deploymentTag,
          evaluationTag,
          targetTag,
          deploymentTag,
          retireAfterTag,
          claimTag,
        ],
      },
    },
  },
  neverEnrol: {
    sid: "NeverEnrol",
    effect: "Deny",
    // Or the role could give itself access to any instance. Launches copy the tag, hence the exception.
    actions: ["ec2:CreateTags"],
    resources: ["*"],
    conditions: {
      "ForAnyValue:StringEquals": { "aws:TagKeys": [enrolTag.key] },
      Null: { "ec2:CreateAction": "true" },
    },
  },
  passRole: {
    sid: "PassInstanceRole",
    actions: ["iam:PassRole"],
    // Narrow these to the roles of the instances to be moved: whoever may pass a role can act as it.
    resources: ["arn:aws:iam::*:role/*"],
    conditions: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
  },
  spotServiceRole: {
    sid: "SpotServiceLinkedRole",
    actions: ["iam:CreateServiceLinkedRole"],
    resources: ["arn:aws:iam::*:role/aws-service-role/spot.amazonaws.com/*"],
    conditions: { StringEquals: { "iam:AWSServiceName": "spot.amazonaws.com" } },
  },
  encryptedVolumes: {
    sid: "EncryptedVolumes",
    actions: impliedActions.filter(
      (action) => action.startsWith("kms:") && action !== "kms:CreateGrant",
    ),
    resources: ["*"],
    conditions: { StringLike: throughEc2 },
  },
  encryptedVolumeGrants: {
    sid: "EncryptedVolumeGrants",
    actions: ["kms:CreateGrant"],
    resources: ["*"],
    // To EC2 for its own work, and to nobody else.
    conditions: { StringLike: throughEc2, Bool: { "kms:GrantIsForAWSResource": "true" } },
  },
} as const satisfies Record<string, RoleStatement>;

export const customerRoleStatements = (): readonly RoleStatement[] => Object.values(statements);
