/**
 * What of a customer's template keeps deleted waste in the Recycle Bin: a rule for each kind, by tag, in each region. It is made with the
 * stack, since the first rule of a region takes up to half an hour. Sources: EBS user guide, "Create Recycle Bin retention rules" (volumes 1 to
 * 7 days, snapshots and AMIs 1 to 365) and "Considerations" (an image comes back once its snapshots have: these are kept as long).
 */
import { binTag } from "../../core/model/tags.ts";

const kept = [
  { id: "DeletedVolumes", kind: "EBS_VOLUME", what: "volumes", days: 7 },
  { id: "DeletedSnapshots", kind: "EBS_SNAPSHOT", what: "snapshots", days: 30 },
  { id: "DeletedImages", kind: "EC2_IMAGE", what: "images", days: 30 },
] as const;

const rule = ({ kind, what, days }: (typeof kept)[number], condition: string) => ({
  Type: "AWS::Rbin::Rule",
  Condition: condition,
  Properties: {
    Description: `Spot Optimizer: ${what} that it deleted can come back for ${String(days)} days`,
    ResourceType: kind,
    ResourceTags: [{ ResourceTagKey: binTag.key, ResourceTagValue: binTag.value }],
    RetentionPeriod: { RetentionPeriodValue: days, RetentionPeriodUnit: "DAYS" },
  },
});

/** @param condition of the template, under which waste may be deleted */
export const recycleBinRules = (
  condition: string,
): Readonly<Record<string, ReturnType<typeof rule>>> =>
  Object.fromEntries(kept.map((one) => [one.id, rule(one, condition)]));
