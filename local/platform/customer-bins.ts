/** What of our template keeps deleted waste in the Recycle Bin, applied to an account and region of the simulated cloud. */
import * as z from "zod";
import type { StorageControl } from "../cloud/ec2/control-storage.ts";

/** Strict, so that a rule of a whole region, which is never ours to make, is not passed over. */
export const binRuleSchema = z.strictObject({
  Type: z.literal("AWS::Rbin::Rule"),
  Condition: z.string(),
  Properties: z.strictObject({
    Description: z.string().max(255),
    ResourceType: z.enum(["EBS_VOLUME", "EBS_SNAPSHOT", "EC2_IMAGE"]),
    ResourceTags: z.tuple([
      z.strictObject({ ResourceTagKey: z.string(), ResourceTagValue: z.string() }),
    ]),
    RetentionPeriod: z.strictObject({
      RetentionPeriodValue: z.int(),
      RetentionPeriodUnit: z.literal("DAYS"),
    }),
  }),
});

type BinRule = z.infer<typeof binRuleSchema>;

const kinds = { EBS_VOLUME: "volume", EBS_SNAPSHOT: "snapshot", EC2_IMAGE: "image" } as const;

/** One that is applied again is there twice, which is the same. */
export const applyBins = (
  control: Pick<StorageControl, "addBinRule">,
  applied: {
    readonly accountId: string;
    readonly region: string;
    readonly resources: Readonly<Record<string, BinRule | { readonly Type: string }>>;
    readonly holds: (condition: string) => boolean;
  },
): void => {
  const { accountId, region, resources, holds } = applied;
  for (const resource of Object.values(resources)) {
    const { success, data: rule } = binRuleSchema.safeParse(resource);
    if (!success || !holds(rule.Condition)) continue;
    const { ResourceType, ResourceTags, RetentionPeriod } = rule.Properties;
    const [{ ResourceTagKey: key, ResourceTagValue: value }] = ResourceTags;
    control.addBinRule(
      { accountId, region },
      {
        kind: kinds[ResourceType],
        tag: { key, value },
        days: RetentionPeriod.RetentionPeriodValue,
      },
    );
  }
};
