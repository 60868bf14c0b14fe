/** How long readings have not shown what a target is about, as the API tells it. */
import * as z from "../zod.ts";
import type { Absence } from "../../../core/model/absence.ts";
import { timeField } from "./common.ts";
import { text } from "./verdict.ts";

export const absenceJsonSchema = z
  .strictObject({
    subject: text("What is not shown."),
    since: timeField("Of the first complete reading that did not show it."),
    last_read_at: timeField("Of the last one."),
    readings: z.int().meta({ description: "Complete readings that did not show it.", example: 4 }),
    paused: z
      .strictObject({
        at: timeField("From then on no sweep judges the target."),
        how: z.enum(["TERMINATED", "NOT_FOUND"]).meta({
          description:
            "TERMINATED: EC2 showed it so. NOT_FOUND: asked for by its name, its own API does not know it.",
        }),
      })
      .exactOptional()
      .meta({
        description:
          "It is gone. A day later the target is retired, unless a reading shows it again, or something of a switch is still to be ended.",
      }),
  })
  .meta({
    id: "Absence",
    description:
      "Complete readings of the region do not show what the target is about. Absent: the last one did. Told where a target is shown by itself.",
  });
type AbsenceJson = z.infer<typeof absenceJsonSchema>;

export const absenceJson = (absence: Absence): AbsenceJson => {
  const { subject, since, lastAt, readings, gone } = absence;
  return {
    subject,
    since,
    last_read_at: lastAt,
    readings,
    ...(gone !== undefined && { paused: { at: gone.at, how: gone.how } }),
  };
};
