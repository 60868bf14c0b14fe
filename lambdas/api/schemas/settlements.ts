/** What became of what was due after a switch, as evaluations and targets show it. */
import * as z from "../zod.ts";
import { keepingReasons, settlementKinds } from "../../../core/model/settlement.ts";
import { timeField } from "./common.ts";
import { text } from "./verdict.ts";

export const settlementJsonSchema = z
  .strictObject({
    of: z.enum(["RETIRE_ORIGINAL", "EXPIRE_IMAGE", "RESERVE_CAPACITY", "ISOLATE"]).meta({
      description:
        "The retired original, an image that has expired, or the capacity that was held for the way back.",
    }),
    resource: text("Id of the instance, image or capacity reservation."),
    kind: z.enum(settlementKinds).meta({
      description:
        "REMOVED: terminated or deleted by us. GONE: it was gone already. KEPT: left to its owner for good; of an original no saving is claimed then. WAITING: looked at again.",
    }),
    reason: z.enum(keepingReasons).exactOptional().meta({ description: "Why it is KEPT." }),
    sentence: text("What was found, and what to do next."),
    at: timeField("Since when."),
  })
  .meta({ id: "Settlement", description: "What became of something that was due." });
