/** What each instance of a target cost in each hour of a settled day: by this the ledger is held against a bill. */
import * as z from "zod";
import { atFirstUse } from "../../at-first-use.ts";
import { accountIdSchema, instanceIdSchema, targetIdSchema } from "../ids.ts";

const hoursOfDay = 24;

/** Whole billionths of a dollar; `-`: it did not run, `?`: what it cost is not known. */
const hourPattern = /^(-|\?|\d+)$/;

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
        hours: z.array(z.string().regex(hourPattern)).length(hoursOfDay),
      }),
    ),
  }),
);
export type TargetHours = Readonly<z.infer<ReturnType<typeof targetHoursSchema>>>;
export type InstanceHours = TargetHours["instances"][number];
