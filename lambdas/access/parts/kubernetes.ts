/**
 * What KUBERNETES changes: launches of Spot nodes, who is in the Auto Scaling group behind an enrolled node group, and the size of an enrolled managed node group. EKS does not hand the
 * tags of a node group on to its Auto Scaling group: its owner tags both. What we may do inside a cluster its own roles say.
 */
import { claimTag } from "../../../core/model/tags.ts";
import { featureActions, featureImpliedActions } from "../functions.ts";
import { enrolled, ours } from "./bound-to.ts";
import { launchStatements } from "./launch.ts";
import type { RolePart } from "./part.ts";

const groups = "arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/*";

const ofTags: readonly string[] = ["autoscaling:CreateOrUpdateTags", "autoscaling:DeleteTags"];

/** Members in and out, their protection, and the processes that are suspended: on the group as a whole. */
const ofMembers = featureActions("kubernetes").filter(
  (action) => action.startsWith("autoscaling:") && !ofTags.includes(action),
);

const ofImages = featureImpliedActions("kubernetes").filter((action) => action.startsWith("ssm:"));

export const kubernetesPart: RolePart = {
  feature: "kubernetes",
  purpose:
    "Replace the nodes of EKS node groups by Spot, node group by node group as you enrol them.",
  statements: [
    {
      sid: "ChangeNodeGroupMembers",
      actions: ofMembers,
      resources: [groups],
      conditions: { StringEquals: enrolled },
    },
    {
      sid: "ClaimNodeGroup",
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
      // EKS has no key for the sizes, of which we raise the desired one by one.
      sid: "GrowSpotNodeGroup",
      actions: ["eks:UpdateNodegroupConfig"],
      resources: ["arn:aws:eks:*:*:nodegroup/*/*/*"],
      conditions: { StringEquals: enrolled },
    },
    {
      // A node that somebody else launched leaves through its group alone.
      sid: "EndNodeReplacements",
      actions: ["ec2:TerminateInstances"],
      resources: ["arn:aws:ec2:*:*:instance/*"],
      conditions: ours,
    },
    {
      sid: "ResolveNodeImages",
      actions: ofImages,
      resources: ["arn:aws:ssm:*:*:parameter/*"],
      conditions: { StringEquals: enrolled },
    },
    {
      sid: "ResolvePublicNodeImages",
      actions: ofImages,
      resources: ["arn:aws:ssm:*::parameter/aws/service/*"],
    },
    ...launchStatements({ feature: "kubernetes", prefix: "Node", creates: ["RunInstances"] }),
  ],
};
