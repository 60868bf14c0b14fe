/** What a replay answers: the verdict recomputed from the stored facts, and where it differs. */
import * as z from "../zod.ts";
import { evaluationIdField } from "./common.ts";
import { text, verdictSchema } from "./verdict.ts";

const judgementSchema = z
  .strictObject({
    verdict: verdictSchema,
    candidates: z.int().meta({ description: "Pools that were looked at." }),
    accepted: z.int().meta({ description: "Pools that were not rejected." }),
  })
  .meta({ id: "Judgement", description: "A verdict and what it chose from." });

export const replaySchema = z
  .strictObject({
    evaluation_id: evaluationIdField,
    identical: z
      .boolean()
      .meta({ description: "Verdict and candidates agree byte for byte, as canonical JSON." }),
    stored: judgementSchema,
    recomputed: judgementSchema,
    differences: z
      .array(
        z.strictObject({
          path: text("Dotted path of what differs."),
          stored: z
            .unknown()
            .exactOptional()
            .meta({ description: "As stored; absent: there was none." }),
          recomputed: z
            .unknown()
            .exactOptional()
            .meta({ description: "As recomputed; absent: there is none." }),
        }),
      )
      .meta({ description: "The first differences, at most 100." }),
  })
  .meta({ id: "Replay", description: "The verdict recomputed from the stored facts." });
export type ReplayJson = z.infer<typeof replaySchema>;
export type JudgementJson = z.infer<typeof judgementSchema>;
