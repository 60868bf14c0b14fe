/** Bodies of the evaluation calls: the record of one run as its readers see it. */
import { z } from "@hono/zod-openapi";
import { environmentSchema } from "../../../core/model/account.ts";
import {
  evaluationStatuses,
  type Effect,
  type Evaluation,
  type Phase,
} from "../../../core/model/evaluation.ts";
import { rejectionCodes, type Offer } from "../../../core/model/offer.ts";
import { pipelineModeSchema } from "../../../core/model/target.ts";
import { verdictKinds, verdictReasons } from "../../../core/model/verdict.ts";
import { snakeKeys } from "../letter-case.ts";
import {
  accountIdField,
  evaluationIdField,
  instanceIdField,
  pageOf,
  pageQuery,
  regionField,
  targetIdField,
  timeField,
} from "./common.ts";
import { policyJsonSchema, policyOverridesJsonSchema } from "./policy.ts";

const text = (description: string) => z.string().meta({ description });
const usd = (description: string) =>
  z.number().meta({ description: `${description} USD per hour.` });

const poolSchema = z
  .strictObject({
    region: regionField,
    zone_id: text("Zone id, the same for every account."),
    instance_type: text("Instance type."),
    product: text("Spot product, for instance Linux/UNIX."),
  })
  .meta({ id: "Pool", description: "The unit of Spot capacity and of risk." });

const savingsSchema = z
  .strictObject({
    hourly_usd: usd("On-Demand price of the original minus the Spot price of the first offer."),
    monthly_usd: z.number().meta({ description: "The same for 730 hours, USD." }),
    percent: z.number().meta({ description: "Of the On-Demand price." }),
  })
  .meta({ id: "Savings", description: "What the switch is estimated to save." });

const verdictSchema = z
  .strictObject({
    kind: z.enum(verdictKinds).meta({ description: "What is to be done." }),
    reason: z.enum(verdictReasons).meta({ description: "Code of the reason." }),
    sentence: text("The reason as a sentence, with its figures."),
    offers: z.array(poolSchema).meta({ description: "For SWITCH: pools to try, best first." }),
    savings: savingsSchema.exactOptional(),
    model_version: text("Risk model that was used."),
    policy_version: text("Hash of the policy that was applied."),
    judged_at: timeField("Time of the facts."),
  })
  .meta({ id: "Verdict", description: "What the evaluation concluded." });
export type VerdictJson = z.infer<typeof verdictSchema>;

const candidateSchema = z
  .strictObject({
    pool: poolSchema,
    spot_hourly_usd: usd("Spot price.").exactOptional(),
    on_demand_hourly_usd: usd("On-Demand price of the same type.").exactOptional(),
    band: z
      .int()
      .exactOptional()
      .meta({ description: "Spot Advisor's interruption band, 0 is the lowest." }),
    band_label: text("The band as the feed labels it.").exactOptional(),
    placement_score: z
      .number()
      .exactOptional()
      .meta({ description: "1 (unlikely) to 10 (very likely) to get capacity." }),
    rejection: z
      .strictObject({
        code: z.enum(rejectionCodes).meta({ description: "Code of the reason." }),
        sentence: text("The reason with its figures."),
      })
      .exactOptional()
      .meta({ description: "Why the pool is out; absent for one that may be used." }),
    risk: z
      .strictObject({
        probability: z
          .number()
          .meta({ description: "Of losing the pool within the horizon, 0 to 1." }),
        horizon_hours: z.number().meta({ description: "Span of the probability, hours." }),
        model_version: text("Risk model."),
      })
      .exactOptional()
      .meta({ description: "Predicted risk; absent for a pool rejected before." }),
    expected_hourly_usd: usd(
      "Spot price, cost of interruptions and amortised switching cost.",
    ).exactOptional(),
    savings_percent: z
      .number()
      .exactOptional()
      .meta({ description: "Of the On-Demand price of the original." }),
  })
  .meta({ id: "Candidate", description: "A pool that was looked at, with what became of it." });

const phaseSchema = z
  .strictObject({
    name: text("Step of the workflow."),
    started_at: timeField("Begin."),
    ended_at: timeField("End; absent while it runs.").exactOptional(),
    seconds: z.number().exactOptional().meta({ description: "Duration of an ended phase." }),
    summary: text("What came of it.").exactOptional(),
  })
  .meta({ id: "Phase", description: "One step with its times." });

const effectSchema = z
  .strictObject({
    action: text("API call that changed something."),
    resource: text("What it changed."),
    at: timeField("When."),
    request_id: text("AWS request id."),
    outcome: z.enum(["DONE", "REFUSED"]).meta({ description: "Whether AWS did it." }),
    message: text("AWS's words on a refusal.").exactOptional(),
  })
  .meta({ id: "Effect", description: "One mutating call, as it was made." });

const progressSchema = z
  .strictObject({
    deadlines: z
      .record(z.string(), z.string())
      .exactOptional()
      .meta({ description: "Absolute deadlines by phase." }),
    warm_image_id: text("Image made while the original ran.").exactOptional(),
    final_image_id: text("Image of the stopped original.").exactOptional(),
    root_transfer: z
      .enum(["none", "replace-root-volume"])
      .exactOptional()
      .meta({ description: "How the root's last state reached the replacement." }),
    failed_offers: z
      .array(
        z.strictObject({
          pool: poolSchema,
          code: text("AWS's error code."),
          at: timeField("When."),
        }),
      )
      .exactOptional()
      .meta({ description: "Offers that gave no capacity, in order." }),
    replacement_id: instanceIdField.exactOptional(),
    replacement_pool: poolSchema.exactOptional(),
    frozen_at: timeField("Last instant at which the original served.").exactOptional(),
    serving_at: timeField("First instant at which the replacement served.").exactOptional(),
  })
  .meta({ id: "SwitchProgress", description: "What the switch has reached so far." });

const summaryFields = {
  evaluation_id: evaluationIdField,
  target_id: targetIdField,
  account_id: accountIdField,
  environment: environmentSchema.meta({ description: "Environment of the account then." }),
  region: regionField,
  instance_id: instanceIdField.meta({ description: "The original." }),
  mode: pipelineModeSchema.meta({ description: "Pipeline mode." }),
  is_shadow_mode: z.boolean().meta({ description: "Whether nothing was to be touched." }),
  status: z.enum(evaluationStatuses).meta({ description: "What has become of it." }),
  started_by: text("Who asked: api, sweep."),
  started_at: timeField("Begin."),
  ended_at: timeField("End; absent while it runs.").exactOptional(),
  execution_arn: text("Workflow execution.").exactOptional(),
  model_version: text("Risk model."),
  policy_version: text("Hash of the policy."),
  verdict: verdictSchema.exactOptional(),
  savings: savingsSchema.exactOptional(),
  authorization: z
    .strictObject({
      kind: z
        .enum(["PROCEED", "SHADOW", "APPROVAL_REQUIRED"])
        .meta({ description: "Whether a switch may be carried out." }),
      sentence: text("Why."),
    })
    .exactOptional()
    .meta({ description: "For SWITCH." }),
  failure: z
    .strictObject({
      error: text("Stable name of the error."),
      cause: text("What happened, to which resource, and the next step."),
    })
    .exactOptional()
    .meta({ description: "What went wrong, if anything did." }),
  launch_exhausted: text(
    "Why a SWITCH became a stay after all: what each offer answered.",
  ).exactOptional(),
  downtime_seconds: z
    .number()
    .exactOptional()
    .meta({ description: "Measured: from the freeze of the original to the replacement's proof." }),
};

export const evaluationSummarySchema = z
  .strictObject(summaryFields)
  .meta({ id: "EvaluationSummary", description: "An evaluation in a list." });
export type EvaluationSummaryJson = z.infer<typeof evaluationSummarySchema>;

export const evaluationSchema = z
  .strictObject({
    ...summaryFields,
    policy: policyJsonSchema,
    last_switch_at: timeField("Last switch of the target before this one.").exactOptional(),
    progress: progressSchema,
    phases: z.array(phaseSchema).meta({ description: "In the order in which they ended." }),
    effects: z.array(effectSchema).meta({ description: "In the order in which they were made." }),
    candidates: z.array(candidateSchema).meta({ description: "Every pool that was looked at." }),
  })
  .meta({ id: "Evaluation", description: "The whole story of one evaluation." });
export type EvaluationJson = z.infer<typeof evaluationSchema>;

export const evaluationPageSchema = pageOf(evaluationSummarySchema, "EvaluationPage");

export const evaluationListQuery = z.strictObject({
  target_id: targetIdField.exactOptional(),
  status: z
    .enum(evaluationStatuses)
    .exactOptional()
    .meta({ description: "Only those of this status." }),
  from: timeField("Started at or after.").exactOptional(),
  to: timeField("Started at or before.").exactOptional(),
  ...pageQuery,
});

export const evaluationQuery = z.strictObject({
  candidates: z.enum(["all", "accepted", "none"]).default("all").meta({
    description: "Which candidates to show; a fleet-wide search looks at thousands.",
    example: "accepted",
  }),
});

export const replayRequestSchema = z
  .strictObject({
    policy_overrides: policyOverridesJsonSchema.exactOptional(),
    model_version: z
      .string()
      .min(1)
      .max(100)
      .exactOptional()
      .meta({ description: "Risk model to judge with; absent: the one that was used." }),
  })
  .meta({
    id: "ReplayRequest",
    description:
      "What to judge differently. `policy_overrides` lies over the policy that was applied.",
  });

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

export const evaluationSummaryJson = (evaluation: Evaluation): EvaluationSummaryJson => {
  const {
    subject: _subject,
    policy: _policy,
    phases: _phases,
    progress: _progress,
    ...rest
  } = evaluation;
  const { fence: _fence, version: _version, lastSwitchAt: _lastSwitchAt, ...shown } = rest;
  const savings = shown.verdict?.savings;
  return { ...snakeKeys(shown), ...(savings === undefined ? {} : { savings: snakeKeys(savings) }) };
};

const phaseJson = (phase: Phase): z.infer<typeof phaseSchema> => ({
  ...snakeKeys(phase),
  ...(phase.endedAt === undefined
    ? {}
    : { seconds: (Date.parse(phase.endedAt) - Date.parse(phase.startedAt)) / 1000 }),
});

export const evaluationJson = (parts: {
  readonly evaluation: Evaluation;
  readonly effects: readonly Effect[];
  readonly offers: readonly Offer[];
}): EvaluationJson => {
  const { evaluation } = parts;
  return {
    ...evaluationSummaryJson(evaluation),
    policy: snakeKeys(evaluation.policy),
    ...(evaluation.lastSwitchAt === undefined ? {} : { last_switch_at: evaluation.lastSwitchAt }),
    progress: snakeKeys(evaluation.progress),
    phases: evaluation.phases.map(phaseJson),
    effects: snakeKeys(parts.effects),
    candidates: snakeKeys(parts.offers),
  };
};
