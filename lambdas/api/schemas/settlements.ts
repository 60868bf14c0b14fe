/** What became of what was due after a switch, as evaluations and targets show it. */
import * as z from "../zod.ts";
import { keepingReasons, settledKinds, settlementKinds } from "../../../core/model/settlement.ts";
import { timeField } from "./common.ts";
import { text } from "./verdict.ts";

export const settlementJsonSchema = z
  .strictObject({
    of: z.enum(settledKinds).meta({
      description:
        "The retired original, an image that has expired, the capacity that was held for the way back, the group that isolated a replacement, or what an evaluation could not put back: of a group protection from scale-in, AZRebalance, maximum; of a node our cordon, or the annotation that keeps the autoscaler from it.",
    }),
    resource: text(
      "Id of the instance, image, capacity reservation or security group; name of the Auto Scaling group or node.",
    ),
    kind: z.enum(settlementKinds).meta({
      description:
        "REMOVED: terminated or deleted by us. RESTORED: put back as it was. GONE: it was gone, or as it was, already. KEPT: left to its owner for good; of an original no saving is claimed then. WAITING: looked at again.",
    }),
    reason: z.enum(keepingReasons).exactOptional().meta({ description: "Why it is KEPT." }),
    sentence: text("What was found, and what to do next."),
    at: timeField("Since when."),
  })
  .meta({ id: "Settlement", description: "What became of something that was due." });
