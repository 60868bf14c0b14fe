/** What an account's owner says of the waste scanner, beside the account. Absent: it is off. */
import * as z from "zod";
import { atFirstUse } from "../../at-first-use.ts";
import { callerSchema } from "../approval.ts";
import { wasteKinds, type WasteKind } from "./finding.ts";

/**
 * So many days something must look like waste before it is told: of snapshots and images their age, of NAT gateways and load
 * balancers the days without traffic, of all others the days since we saw it so. An owner may raise them, and not lower them.
 */
export const leastDays: Readonly<Record<WasteKind, number>> = {
  FAST_SNAPSHOT_RESTORE: 7,
  UNATTACHED_VOLUME: 14,
  OLD_SNAPSHOT: 90,
  UNUSED_IMAGE: 90,
  UNASSOCIATED_ADDRESS: 7,
  IDLE_ADDRESS: 7,
  STOPPED_INSTANCE: 30,
  IDLE_LOAD_BALANCER: 30,
  // Compute Optimizer's own look-back for idle NAT gateways.
  IDLE_NAT_GATEWAY: 32,
};

/** CloudWatch keeps hourly datapoints for 455 days. Source: CloudWatch user guide, "Metrics retention". */
const mostDays = 400;

/** Under these owners are looked for where the settings name no keys. */
export const usualOwnerTags: readonly string[] = ["Owner", "owner", "Team", "team"];

export const wasteSettingsSchema = atFirstUse(() =>
  z.strictObject({
    enabled: z.boolean(),
    days: z
      .strictObject(
        Object.fromEntries(
          wasteKinds.map((kind) => [
            kind,
            z.int().min(leastDays[kind]).max(mostDays).exactOptional(),
          ]),
        ) as Record<WasteKind, z.ZodExactOptional<z.ZodInt>>,
      )
      .exactOptional(),
    /** Keys of the tags that name an owner, the first that is there counts. */
    ownerTags: z.array(z.string().min(1).max(128)).min(1).max(10).exactOptional(),
    /** So many days the snapshot is kept that is made before a volume is deleted. */
    snapshotDays: z.int().min(7).max(365).exactOptional(),
    /** Who set them: he does not agree to what they make the product ask. */
    setBy: callerSchema().exactOptional(),
    updatedAt: z.iso.datetime(),
  }),
);
export type WasteSettings = Readonly<z.infer<ReturnType<typeof wasteSettingsSchema>>>;

export const snapshotDaysOf = ({ snapshotDays = 30 }: WasteSettings): number => snapshotDays;

export const daysOf = (settings: WasteSettings, kind: WasteKind): number =>
  settings.days?.[kind] ?? leastDays[kind];
