/** Bodies of the kill switch and of the health call. */
import * as z from "../zod.ts";
import { accountIdField, timeField } from "./common.ts";

export const killSwitchQuery = z.strictObject({
  account_id: accountIdField.exactOptional().meta({ description: "Absent: the global switch." }),
});

export const setKillSwitchSchema = z
  .strictObject({
    engaged: z.boolean().meta({
      description: "True: mutating steps no longer run; roll-backs still do.",
      example: true,
    }),
    reason: z
      .string()
      .trim()
      .min(3)
      .max(500)
      .meta({ description: "Why, for those who find it.", example: "Incident 4711" }),
    account_id: accountIdField
      .exactOptional()
      .meta({ description: "Absent: the global switch, which stops every account." }),
  })
  .meta({ id: "SetKillSwitch", description: "Throws or lifts a kill switch." });

export const killSwitchSchema = z
  .strictObject({
    scope: z.string().meta({ description: "`global`, or an account id.", example: "global" }),
    engaged: z.boolean().meta({ description: "Whether this switch is thrown." }),
    effective: z
      .boolean()
      .meta({ description: "Whether anything stops this scope: this switch or the global one." }),
    reason: z.string().exactOptional().meta({ description: "Of the last change." }),
    changed_by: z.string().exactOptional().meta({ description: "Who changed it last." }),
    changed_at: timeField("When it was changed last.").exactOptional(),
  })
  .meta({ id: "KillSwitch", description: "A kill switch; never changed ones have no reason." });
export type KillSwitchJson = z.infer<typeof killSwitchSchema>;

export const healthSchema = z
  .strictObject({
    status: z.enum(["ok", "unavailable"]).meta({ description: "Whether the API can work." }),
    version: z.string().meta({ description: "Version of the product.", example: "0.1.0" }),
    emulated: z.boolean().meta({ description: "True where AWS is simulated." }),
    region: z.string().meta({ description: "Region that the API runs in." }),
    tables: z
      .strictObject({
        state: z
          .enum(["reachable", "unreachable"])
          .meta({ description: "State table: accounts, targets, evaluations, leases." }),
      })
      .meta({ description: "What each table answered." }),
    checked_at: timeField("When."),
  })
  .meta({ id: "Health", description: "What works." });
export type HealthJson = z.infer<typeof healthSchema>;
