/** Limits of every switch, whatever is switched. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { everyMode, limit } from "./limit.ts";

export const switchLimits = atFirstUse(() => ({
  requireApproval: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason: "A person must agree to each switch.",
    modes: everyMode,
  }),
  healthyDeadlineMinutes: limit(z.int().min(2).max(60).default(15), {
    unit: "minutes",
    reason: "EC2 reports its checks every minute and passes within 3 to 5 minutes of the launch.",
    modes: everyMode,
  }),
}));
