/** How the last sweep of a region of an account went, as the API tells it. */
import * as z from "../zod.ts";
import { regionField, timeField } from "./common.ts";

export const placeStandingJsonSchema = z
  .strictObject({
    region: regionField,
    swept_at: timeField("When the last sweep of it ended."),
    read_at: timeField(
      "Of the last complete reading. Absent: none came about yet.",
    ).exactOptional(),
    instances: z.int().exactOptional().meta({
      description:
        "Whoever's, in the last complete reading. A region with neither targets nor instances is read once a day.",
      example: 260,
    }),
    targets: z.int().meta({ description: "Registered there.", example: 120 }),
    judged: z.int().meta({
      description: "In the last sweep. The others are first at the next one.",
      example: 120,
    }),
    failure: z
      .strictObject({
        error: z.string().meta({ description: "Stable name.", example: "BrokenPermission" }),
        cause: z.string().meta({ description: "AWS's words, and what to do." }),
        since: timeField("Every sweep since then has failed so."),
      })
      .exactOptional()
      .meta({ description: "Why nothing was judged. Absent: the place was read." }),
  })
  .meta({ id: "PlaceStanding", description: "How the last sweep of a region went." });
