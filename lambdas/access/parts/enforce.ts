/**
 * What the enforcer changes: it tells owners by topics of a certain name, stops instances that carry none of the tags by which others know
 * theirs, and ends them once persons have agreed. What else exempts an instance IAM can't see.
 */
import { ownerTags } from "../../../core/enforce/owner-lists.ts";
import { deploymentTag, enrolTag, managedByTag } from "../../../core/model/tags.ts";
import { featureActions } from "../functions.ts";
import type { RolePart } from "./part.ts";

/** IAM compares whole keys of tags: those of the owner lists that end in `*` are compared by us alone. */
const ownerKeys = ownerTags
  .filter(({ key, value }) => !key.endsWith("*") && value === undefined)
  .map(({ key }) => key);

/** `true`: the instance must not carry it. */
const withoutOwner = {
  Null: Object.fromEntries(
    [deploymentTag, enrolTag.key, ...ownerKeys].map((key) => [`aws:ResourceTag/${key}`, "true"]),
  ),
  StringNotEquals: { [`aws:ResourceTag/${managedByTag.key}`]: managedByTag.value },
} as const;

const instances = "arn:aws:ec2:*:*:instance/*";

export const enforcePart: RolePart = {
  feature: "enforce",
  isOptIn: true,
  purpose: "Tell the owners of instances that nobody owns, and stop these after a grace.",
  statements: [
    {
      sid: "ReadContainerInstances",
      actions: featureActions("enforce").filter((action) => action.startsWith("ecs:")),
      resources: ["*"],
    },
    {
      sid: "TellOwners",
      actions: ["sns:Publish"],
      resources: ["arn:aws:sns:*:*:spot-optimizer-*"],
    },
    {
      sid: "StopUnowned",
      actions: ["ec2:StopInstances"],
      resources: [instances],
      conditions: withoutOwner,
    },
    {
      // Only what it has stopped before, and persons have agreed to end: where the account says so.
      sid: "EndUnowned",
      actions: ["ec2:TerminateInstances"],
      resources: [instances],
      conditions: withoutOwner,
      where: { option: "EnforcerTermination", allowed: true },
    },
  ],
};
