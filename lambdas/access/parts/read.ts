/** The part that is always there: it reads, and denies what no other part may allow. */
import { enrolTag, purposeTag } from "../../../core/model/tags.ts";
import { featureActions } from "../functions.ts";
import type { RolePart } from "./part.ts";

export const readPart = {
  feature: "read",
  purpose: "Read what is there: evaluations in shadow mode need no more.",
  statements: [
    {
      sid: "Read",
      // AWS gives no resource-level permission to most Describe calls.
      actions: featureActions("read"),
      resources: ["*"],
    },
    {
      sid: "RunOnlySpot",
      effect: "Deny",
      actions: ["ec2:RunInstances"],
      resources: ["arn:aws:ec2:*:*:instance/*"],
      conditions: { StringNotEquals: { "ec2:InstanceMarketType": "spot" } },
      where: { option: "OnDemandFallback", allowed: false },
    },
    {
      sid: "RunOnlySpotOrFallback",
      effect: "Deny",
      actions: ["ec2:RunInstances"],
      resources: ["arn:aws:ec2:*:*:instance/*"],
      // Both keys must differ: what is neither Spot nor tagged as fallback.
      conditions: {
        StringNotEquals: {
          "ec2:InstanceMarketType": "spot",
          [`aws:RequestTag/${purposeTag.key}`]: purposeTag.value,
        },
      },
      where: { option: "OnDemandFallback", allowed: true },
    },
    {
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
  ],
} as const satisfies RolePart;
