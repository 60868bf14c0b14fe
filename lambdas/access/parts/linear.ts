/** What LINEAR changes: launches of Spot instances, moves of identities, and what the janitor removes afterwards. */
import { enrolTag, returnGroupPrefix } from "../../../core/model/tags.ts";
import { featureActions, featureImpliedActions } from "../functions.ts";
import { enrolled, madeByUs, ourKeys, ours } from "./bound-to.ts";
import { launchStatements } from "./launch.ts";
import type { RolePart } from "./part.ts";

/** Only ever on what we made ourselves, and on an original that carries our tags since it was retired. */
const destructive: ReadonlySet<string> = new Set([
  "ec2:CancelCapacityReservation",
  "ec2:DeleteLaunchTemplate",
  "ec2:DeleteSecurityGroup",
  "ec2:DeleteSnapshot",
  "ec2:DeregisterImage",
  "ec2:RevokeSecurityGroupEgress",
  "ec2:TerminateInstances",
]);

const isOfGroups = (action: string): boolean => action.startsWith("resource-groups:");

/** These have statements of their own below. */
const special: ReadonlySet<string> = new Set([
  "ec2:CreateFleet",
  "ec2:CreateLaunchTemplate",
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

export const linearPart: RolePart = {
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
      actions: [
        "ec2:CreateCapacityReservation",
        "ec2:CreateImage",
        "ec2:CreateLaunchTemplate",
        "ec2:CreateSecurityGroup",
        "ec2:CreateSnapshot",
        "ec2:RegisterImage",
      ],
      resources: [
        "arn:aws:ec2:*:*:capacity-reservation/*",
        "arn:aws:ec2:*::image/*",
        "arn:aws:ec2:*:*:launch-template/*",
        "arn:aws:ec2:*:*:security-group/*",
        "arn:aws:ec2:*::snapshot/*",
      ],
      conditions: madeByUs,
    },
    {
      // A fleet of type instant launches as RunInstances does, with the same permission for each instance.
      sid: "MakeFleet",
      actions: ["ec2:CreateFleet"],
      resources: ["arn:aws:ec2:*:*:fleet/*", "arn:aws:ec2:*:*:instance/*"],
      conditions: madeByUs,
    },
    {
      sid: "LaunchFromOurs",
      actions: ["ec2:CreateFleet", "ec2:RunInstances"],
      resources: ["arn:aws:ec2:*:*:launch-template/*"],
      conditions: ours,
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
      sid: "TagRetired",
      actions: ["ec2:CreateTags", "ec2:DeleteTags"],
      resources: ["arn:aws:ec2:*:*:instance/*"],
      conditions: {
        StringEquals: enrolled,
        ...ourKeys,
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
      conditions: { ...ourKeys, Null: { ...ourKeys.Null, ...ours.Null } },
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
    ...launchStatements({
      feature: "linear",
      prefix: "",
      launching: ["ec2:CreateFleet", "ec2:RunInstances"],
      creates: [
        "RunInstances",
        "CreateFleet",
        "CreateImage",
        "CreateLaunchTemplate",
        "CreateReplaceRootVolumeTask",
        "CreateCapacityReservation",
        "CreateSecurityGroup",
        "CreateSnapshot",
        "RegisterImage",
      ],
    }),
  ],
};
