/** On-Demand capacity that was held for the way back of an original, as evaluations show it. */
import * as z from "../zod.ts";
import { timeField } from "./common.ts";
import { text } from "./verdict.ts";

export const returnCapacitySchema = z
  .strictObject({
    reservation_id: text("The capacity reservation."),
    from: timeField("Since when."),
    until: timeField(
      "Cancelled, or the end of the evaluation: the janitor cancels it minutes after a switch.",
    ),
    hourly_usd: z.number().exactOptional().meta({ description: "On-Demand price." }),
    usd: z.number().exactOptional().meta({
      description:
        "For that time: an upper bound where the original ran in it at the end. Part of switch_cost_hours.",
    }),
  })
  .meta({
    id: "ReturnCapacity",
    description: "On-Demand capacity that was held for the original's way back.",
  });
