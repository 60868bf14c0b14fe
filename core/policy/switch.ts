/** Limits of every switch, whatever is switched. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { maintenanceWindowSchema } from "../model/maintenance-window.ts";
import { everyMode, limit } from "./limit.ts";
import { proofSchema } from "./proof.ts";

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
  proof: limit(z.array(proofSchema()).max(10).default([]), {
    unit: "proofs, all of which must hold",
    reason:
      "EC2's checks do not ask the application. Asked before anything is made, of what serves then, and again of the replacement once it has the identity.",
    modes: everyMode,
  }),
  acceptUnproved: limit(z.boolean().default(false), {
    unit: "yes/no",
    reason: "A PROD owner must name a proof, or agree that none is asked for.",
    modes: everyMode,
  }),
  proofDeadlineMinutes: limit(z.int().min(1).max(60).default(10), {
    unit: "minutes",
    reason: "What an application needs to warm up; then its switch is given up.",
    modes: everyMode,
  }),
  onRebalanceRecommendation: limit(z.enum(["ignore", "move"]).default("ignore"), {
    unit: "what is done",
    reason:
      "EC2 recommends leaving a Spot Instance whose risk is elevated; seven of ten such recommendations come for nothing. With move it is judged at once with the risk that this foretells, and may go to another pool: not within 30 minutes of its launch, once in 6 hours, and a tenth of a group an hour.",
    modes: everyMode,
  }),
  maintenanceWindows: limit(z.array(maintenanceWindowSchema()).max(14).default([]), {
    unit: "weekly windows such as Sun 02:00-04:00 Europe/Berlin, or cron with duration and timezone",
    reason:
      "Switches happen in these only; none: at any time. One whose window closes while its images are made ends without a downtime.",
    modes: everyMode,
  }),
}));
