/** What sweeps have judged of a target: runs of verdicts that are alike, and one of them judged again. */
import * as z from "../zod.ts";
import type { JudgedRun } from "../../../core/model/judged-run.ts";
import type { Pool } from "../../../core/model/market.ts";
import { verdictKinds } from "../../../core/model/verdict.ts";
import { snakeKeys } from "../letter-case.ts";
import { pageQuery, targetIdField, timeField } from "./common.ts";
import { poolSchema, text, verdictSchema } from "./verdict.ts";

export const judgedRunSchema = z
  .strictObject({
    kind: z.enum([...verdictKinds, "WOULD_SWITCH"]).meta({
      description: "WOULD_SWITCH: a SWITCH that leaves open what only a closer look tells.",
    }),
    reason: text("Code of the reason."),
    sentence: text("The reason as a sentence, with the figures of the last verdict."),
    count: z.int().meta({ description: "Sweeps that have judged so, one after the other." }),
    first_at: timeField("First of them."),
    last_at: timeField("Last of them."),
  })
  .meta({
    id: "JudgedRun",
    description: "Verdicts that differ in nothing but prices and times.",
  });

export const lastVerdictSchema = z
  .strictObject({
    ...judgedRunSchema.shape,
    pool: poolSchema
      .exactOptional()
      .meta({ description: "That it would go to first. Absent: it is to go to none." }),
  })
  .meta({
    id: "LastVerdict",
    description:
      "What the last sweep has judged, since when and how often. Absent: none has judged it yet. Told where a target is shown by itself.",
  });

export const judgedRunPageSchema = z
  .strictObject({
    current: judgedRunSchema
      .exactOptional()
      .meta({ description: "That goes on. Absent: no sweep has judged the target yet." }),
    items: z.array(judgedRunSchema).meta({ description: "Ended ones, newest first." }),
    cursor: z.string().exactOptional().meta({ description: "For the next page." }),
  })
  .meta({ id: "JudgedRunPage", description: "Runs of verdicts on a target." });

export const judgedRunQuery = z.strictObject(pageQuery);

export const replayRunSchema = z
  .strictObject({
    first_at: timeField("Of the run."),
    verdict: z.enum(["FIRST", "LAST"]).meta({ description: "Which verdict of the run." }),
  })
  .meta({ id: "ReplayRun", description: "Which verdict is judged again." });

export const runReplaySchema = z
  .strictObject({
    target_id: targetIdField,
    first_at: timeField("Of the run."),
    identical: z
      .boolean()
      .meta({ description: "The verdict is the stored one byte for byte, as canonical JSON." }),
    recomputed: verdictSchema,
  })
  .meta({ id: "RunReplay", description: "A verdict of a sweep recomputed from its stored facts." });
export type RunReplayJson = z.infer<typeof runReplaySchema>;

export const judgedRunJson = ({
  kind,
  isWouldSwitch,
  reason,
  sentence,
  count,
  firstAt,
  lastAt,
}: JudgedRun): z.infer<typeof judgedRunSchema> => ({
  kind: isWouldSwitch === true ? "WOULD_SWITCH" : kind,
  reason,
  sentence,
  count,
  first_at: firstAt,
  last_at: lastAt,
});

/** @param pool that it would go to first */
export const lastVerdictJson = (
  run: JudgedRun,
  pool: Pool | undefined,
): z.infer<typeof lastVerdictSchema> => ({
  ...judgedRunJson(run),
  ...(pool !== undefined && { pool: snakeKeys(pool) }),
});
