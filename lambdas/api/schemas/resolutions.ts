/** Bodies of the calls by which a person decides about an evaluation that has left something open. */
import * as z from "../zod.ts";
import { resolutionKinds } from "../../../core/model/resolution.ts";
import { evaluationIdField, instanceIdField, timeField } from "./common.ts";
import { text } from "./verdict.ts";

const reasonField = z
  .string()
  .trim()
  .min(3)
  .max(500)
  .meta({ description: "Why, for those who read the record.", example: "Incident 4711" });

export const resolutionBodySchema = z
  .strictObject({ reason: reasonField })
  .meta({ id: "ResolutionRequest", description: "Why it is decided so." });

export const adoptionBodySchema = z
  .strictObject({
    serving: instanceIdField.exactOptional().meta({
      description:
        "Required for LINEAR, and absent for CLUSTER, where the group stands as it is. The instance that serves: the original, the replacement, or any other of the account and region that runs and that no other target is registered for.",
    }),
    reason: reasonField,
  })
  .meta({ id: "AdoptionRequest", description: "What serves, and why." });

export const resolutionQuery = z.strictObject({
  dry_run: z
    .enum(["true", "false"])
    .default("false")
    .meta({ description: "Tells what would be done, and does nothing.", example: "true" }),
});

const kindField = z.enum(resolutionKinds).meta({ description: "What is decided." });

export const resolutionPlanSchema = z
  .strictObject({
    evaluation_id: evaluationIdField,
    kind: kindField,
    steps: z.array(z.string()).meta({
      description:
        "What would be done as the world is now, in sentences. It is looked at again before each change.",
    }),
  })
  .meta({ id: "ResolutionPlan", description: "What a decision would do." });
export type ResolutionPlanJson = z.infer<typeof resolutionPlanSchema>;

export const startedResolutionSchema = z
  .strictObject({
    evaluation_id: evaluationIdField,
    resolution_id: text("Names the decision in the record; ends the name of its execution."),
    kind: kindField,
    execution_arn: text("ARN of the workflow execution that carries it out."),
    steps: z.array(z.string()).meta({ description: "What it does, as the dry run tells it." }),
  })
  .meta({ id: "StartedResolution", description: "The decision that is being carried out." });
export type StartedResolutionJson = z.infer<typeof startedResolutionSchema>;

export const resolutionSchema = z
  .strictObject({
    resolution_id: text("Names the decision."),
    kind: kindField,
    serving: instanceIdField
      .exactOptional()
      .meta({ description: "For ADOPT of LINEAR: the instance that serves." }),
    by: text("ARN of the caller."),
    reason: text("Why."),
    at: timeField("When."),
    outcome_before: z
      .strictObject({
        status: text("How it had ended."),
        is_held: z.literal(true).exactOptional().meta({ description: "The replacement served." }),
        reason: text("Reason code."),
        sentence: text("The same as a sentence."),
      })
      .exactOptional()
      .meta({ description: "How it had ended before; absent where its execution was cut off." }),
    execution_arn: text("Execution that carries it out.").exactOptional(),
    done_at: timeField("When an adoption had come to its end.").exactOptional(),
    not_started: text(
      "Why no execution was started for it: it is as if nobody had decided.",
    ).exactOptional(),
  })
  .meta({ id: "Resolution", description: "What a person decided about what was left open." });
