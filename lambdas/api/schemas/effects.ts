/** A mutating call of an evaluation, as its readers see it. */
import * as z from "../zod.ts";
import { timeField } from "./common.ts";
import { text } from "./verdict.ts";

export const effectSchema = z
  .strictObject({
    swap_id: text("The swap that it was made for.").exactOptional(),
    action: text("API call that changed something."),
    resource: text("What it changed."),
    at: timeField("When."),
    request_id: text("AWS request id; `unknown` where no answer came."),
    outcome: z.enum(["DONE", "REFUSED", "UNKNOWN"]).meta({
      description: "Whether AWS did it; UNKNOWN where no answer came, or none could be noted.",
    }),
    message: text("AWS's words on a refusal, or what came instead of an answer.").exactOptional(),
    found: z
      .strictObject({
        kind: z.enum(["DONE", "REPEATED", "UNDONE"]).meta({ description: "What." }),
        sentence: text("The same as a sentence."),
      })
      .exactOptional()
      .meta({ description: "Of UNKNOWN: what was found out later." }),
  })
  .meta({ id: "Effect", description: "One mutating call, as it was made." });
