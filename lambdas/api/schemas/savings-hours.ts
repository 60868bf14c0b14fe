/** What each instance cost in each hour, as `npm run reconcile` reads it. */
import { usdWithNineDigits } from "../../../core/ledger/money.ts";
import type { TargetHours } from "../../../core/model/ledger/hours.ts";
import * as z from "../zod.ts";
import { accountIdField, pageQuery } from "./common.ts";

const dayField = z.iso.date().meta({ description: "A day by UTC.", example: "2026-11-28" });

export const savingsHoursQuery = z.strictObject({
  account_id: accountIdField,
  day: dayField,
  ...pageQuery,
});

export const savingsHoursSchema = z
  .strictObject({
    format: z.literal("ledger-hours/1").meta({ description: "Of this document." }),
    account_id: accountIdField,
    day: dayField,
    resources: z
      .array(
        z.strictObject({
          resource_id: z.string().meta({
            description:
              "Of an instance, a volume, a capacity reservation, or the network interface to which EC2 has lent a public IPv4 address.",
            example: "i-0a11111111111111a",
          }),
          kind: z
            .enum(["SPOT", "ON_DEMAND", "VOLUME", "ADDRESS", "RESERVATION"])
            .meta({ description: "What it is; of an instance how it was bought." }),
          instance_type: z
            .string()
            .exactOptional()
            .meta({ description: "Of an instance its type.", example: "m5.large" }),
          usd: z.array(z.string().nullable()).length(24).meta({
            description:
              "US dollars for each hour of the day, nine digits; null where it was not billed, `unknown` where nobody knows its price or how long it ran.",
          }),
        }),
      )
      .meta({
        description:
          "Instances of the targets of the page, serving or not, with their volumes and lent addresses, and the capacity that is held for them.",
      }),
    cursor: z
      .string()
      .exactOptional()
      .meta({ description: "To be passed for the next page; absent on the last one." }),
  })
  .meta({ id: "SavingsHours", description: "A settled day of an account, hour by hour." });

const costOf = (stored: string): string | null => {
  if (stored === "-") return null;
  return stored === "?" ? "unknown" : usdWithNineDigits(BigInt(stored));
};

export const resourcesOf = (
  targets: readonly TargetHours[],
): z.infer<typeof savingsHoursSchema>["resources"] =>
  targets.flatMap(({ instances, others = [] }) => [
    ...instances.map(({ instanceId, instanceType, purchase, hours }) => ({
      resource_id: instanceId,
      kind: purchase,
      instance_type: instanceType,
      usd: hours.map(costOf),
    })),
    ...others.map(({ resourceId, kind, hours }) => ({
      resource_id: resourceId,
      kind,
      usd: hours.map(costOf),
    })),
  ]);
