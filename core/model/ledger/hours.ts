/** What each instance of a target, and what hangs on it, cost in each hour of a settled day: by this the ledger is held against a bill. */
import * as z from "zod";
import { atFirstUse } from "../../at-first-use.ts";
import { accountIdSchema, instanceIdSchema, targetIdSchema } from "../ids.ts";

const hoursOfDay = 24;

/** Whole billionths of a dollar; `-`: it did not run, `?`: what it cost is not known. */
const hourPattern = /^(-|\?|\d+)$/;

const hoursSchema = atFirstUse(() => z.array(z.string().regex(hourPattern)).length(hoursOfDay));

export const targetHoursSchema = atFirstUse(() =>
  z.strictObject({
    accountId: accountIdSchema,
    targetId: targetIdSchema,
    /** `2026-11-28`, UTC */
    day: z.iso.date(),
    instances: z.array(
      z.strictObject({
        instanceId: instanceIdSchema,
        instanceType: z.string(),
        purchase: z.enum(["SPOT", "ON_DEMAND"]),
        /** One for each hour of the day. */
        hours: hoursSchema(),
      }),
    ),
    /** Absent: none cost anything, or it was stated before they were told apart. */
    others: z
      .array(
        z.strictObject({
          /** Of a volume, of the network interface to which EC2 has lent an address, of a capacity reservation. */
          resourceId: z.string(),
          kind: z.enum(["VOLUME", "ADDRESS", "RESERVATION"]),
          hours: hoursSchema(),
        }),
      )
      .exactOptional(),
  }),
);
export type TargetHours = Readonly<z.infer<ReturnType<typeof targetHoursSchema>>>;
export type InstanceHours = TargetHours["instances"][number];
export type OtherHours = NonNullable<TargetHours["others"]>[number];
