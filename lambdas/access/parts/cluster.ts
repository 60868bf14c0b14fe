/**
 * What CLUSTER changes: launches of Spot Instances, who is in an enrolled Auto Scaling group, and of its settings what a surplus needs. Auto
 * Scaling has no dry run, so that none of it can be proved beforehand.
 */
import { claimTag, deploymentTag } from "../../../core/model/tags.ts";
import { featureActions, featureImpliedActions } from "../functions.ts";
import { enrolled, ourKeys, ours } from "./bound-to.ts";
import { launchStatements } from "./launch.ts";
import type { RolePart } from "./part.ts";

const groups = "arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/*";

const ofTags: readonly string[] = ["autoscaling:CreateOrUpdateTags", "autoscaling:DeleteTags"];
const ofSettings = "autoscaling:UpdateAutoScalingGroup";

/** Members in and out, their protection, and the processes that are suspended: on the group as a whole. */
const ofMembers = featureActions("cluster").filter(
  (action) =>
    action.startsWith("autoscaling:") && action !== ofSettings && !ofTags.includes(action),
);

const ofTargets = featureActions("cluster").filter((action) =>
  action.startsWith("elasticloadbalancing:"),
);

/**
 * Whatever else an update can say by a key of the Service Authorization Reference: such a request is not ours. † That AWS leaves
 * `LaunchTemplateVersionSpecified` out of a request without a template is not written there; what a group launches from can't be changed
 * without ec2:RunInstances on the template either, which no statement allows.
 */
const saidBesidesMaximum = [
  "CapacityReservationIds",
  "CapacityReservationResourceGroupArns",
  "ImageId",
  "InstanceTypes",
  "LaunchConfigurationName",
  "LaunchTemplateVersionSpecified",
  "MinSize",
  "VPCZoneIdentifiers",
].map((key) => [`autoscaling:${key}`, "true"] as const);

export const clusterPart: RolePart = {
  feature: "cluster",
  purpose: "Replace the members of Auto Scaling groups by Spot, group by group as you enrol them.",
  statements: [
    {
      sid: "ChangeGroupMembers",
      actions: ofMembers,
      resources: [groups],
      conditions: { StringEquals: enrolled },
    },
    {
      // AWS has no key for the desired capacity, which we never set.
      sid: "ChangeGroupMaximum",
      actions: [ofSettings],
      resources: [groups],
      conditions: {
        StringEquals: enrolled,
        Null: { "autoscaling:MaxSize": "false", ...Object.fromEntries(saidBesidesMaximum) },
      },
    },
    {
      sid: "ClaimGroup",
      actions: ofTags,
      resources: [groups],
      conditions: {
        StringEquals: enrolled,
        "ForAllValues:StringEquals": { "aws:TagKeys": [claimTag] },
        // An empty list of keys would pass.
        Null: { "aws:TagKeys": "false" },
      },
    },
    {
      sid: "ChangeGroupTargets",
      actions: ofTargets,
      resources: ["arn:aws:elasticloadbalancing:*:*:targetgroup/*/*"],
      conditions: { StringEquals: enrolled },
    },
    {
      // A member that somebody else launched leaves through its group alone.
      sid: "EndGroupReplacements",
      actions: ["ec2:TerminateInstances"],
      resources: ["arn:aws:ec2:*:*:instance/*"],
      conditions: ours,
    },
    {
      // Only where an owner asks that originals be kept, and has enrolled the members themselves.
      sid: "StopKeptOriginals",
      actions: ["ec2:StopInstances"],
      resources: ["arn:aws:ec2:*:*:instance/*"],
      conditions: { StringEquals: enrolled },
    },
    {
      sid: "TagKeptOriginals",
      actions: ["ec2:CreateTags", "ec2:DeleteTags"],
      resources: ["arn:aws:ec2:*:*:instance/*"],
      conditions: { StringEquals: enrolled, ...ourKeys },
    },
    {
      sid: "ResolveGroupImages",
      actions: featureImpliedActions("cluster").filter((action) => action.startsWith("ssm:")),
      resources: ["arn:aws:ssm:*:*:parameter/*"],
      conditions: { StringEquals: enrolled },
    },
    {
      sid: "ResolvePublicImages",
      actions: featureImpliedActions("cluster").filter((action) => action.startsWith("ssm:")),
      resources: ["arn:aws:ssm:*::parameter/aws/service/*"],
    },
    {
      sid: "GroupRunDocuments",
      actions: ["ssm:SendCommand"],
      resources: ["arn:aws:ssm:*:*:document/*"],
      conditions: { StringEquals: enrolled },
    },
    {
      // A member has the tags that its group propagates, and its owner's tag of enrolment need not be one of them.
      sid: "RunOnReplacements",
      actions: ["ssm:SendCommand"],
      resources: ["arn:aws:ec2:*:*:instance/*"],
      conditions: { Null: { [`ssm:resourceTag/${deploymentTag}`]: "false" } },
    },
    ...launchStatements({ feature: "cluster", prefix: "Group", creates: ["RunInstances"] }),
  ],
};
