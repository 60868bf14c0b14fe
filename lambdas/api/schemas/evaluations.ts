/** Bodies of the evaluation calls: the record of one run as its readers see it. */
import * as z from "../zod.ts";
import { environmentSchema } from "../../../core/model/account.ts";
import {
  evaluationStatuses,
  phaseOfWait,
  type ToldEffect,
  type Evaluation,
} from "../../../core/model/evaluation.ts";
import { blockersOf, servedFrom } from "../../../core/decide/story.ts";
import type { Course } from "../../../core/model/course.ts";
import type { Offer } from "../../../core/model/offer.ts";
import type { Swap } from "../../../core/model/swap.ts";
import { evaluationKinds } from "../../../core/model/evaluation-kind.ts";
import { pipelineModeSchema } from "../../../core/model/pipeline-mode.ts";
import { proofStages } from "../../../core/model/proof.ts";
import { isSavingInDoubt } from "../../../core/model/settlement.ts";
import { snakeKeys, type SnakeKeys } from "../letter-case.ts";
import {
  accountIdField,
  evaluationIdField,
  pageOf,
  pageQuery,
  regionField,
  targetIdField,
  timeField,
} from "./common.ts";
import { courseFields, courseJson } from "./course.ts";
import { effectSchema } from "./effects.ts";
import { blockerSchema } from "./node-progress.ts";
import { expectedPhaseSchema, expectedPhasesJson, phaseJson, phaseSchema } from "./phases.ts";
import { returnCapacitySchema } from "./return-capacity.ts";
import { settlementJsonSchema } from "./settlements.ts";
import { resolutionSchema } from "./resolutions.ts";
import { progressJson, progressSchema, subjectSchema, swapSchema, waitSchema } from "./progress.ts";
import { policyJsonSchema, policyOverridesJsonSchema } from "./policy.ts";
import {
  authorizationSchema,
  callerSchema,
  candidateSchema,
  postponementSchema,
  savingsSchema,
  text,
  verdictSchema,
} from "./verdict.ts";

const summaryFields = {
  evaluation_id: evaluationIdField,
  deployment_id: text("Deployment that began it; stands in the tags of what it made."),
  target_id: targetIdField,
  account_id: accountIdField,
  environment: environmentSchema.meta({ description: "Environment of the account then." }),
  region: regionField,
  subject: subjectSchema,
  mode: pipelineModeSchema.meta({ description: "Pipeline mode." }),
  is_shadow_mode: z.boolean().meta({ description: "Whether nothing was to be touched." }),
  status: z.enum(evaluationStatuses).meta({ description: "What has become of it." }),
  kind: z.enum(evaluationKinds).exactOptional().meta({
    description: "What it is to bring about; absent: SWITCH.",
  }),
  started_by: text("Who asked: api, sweep."),
  requested_by: callerSchema.exactOptional().meta({
    description: "Who asked through the API, or for whom the approval was asked that began it.",
  }),
  approval_id: text("Approval that began it: it stays within its bounds.").exactOptional(),
  started_at: timeField("Begin."),
  ended_at: timeField("End; absent while it runs.").exactOptional(),
  execution_arn: text("Workflow execution.").exactOptional(),
  model_version: text("Risk model."),
  policy_version: text("Hash of the policy."),
  verdict: verdictSchema.exactOptional(),
  savings: savingsSchema.exactOptional(),
  authorization: authorizationSchema
    .exactOptional()
    .meta({ description: "For SWITCH and the way back." }),
  failure: z
    .strictObject({
      error: text("Stable name of the error."),
      cause: text("What happened, to which resource, and the next step."),
    })
    .exactOptional()
    .meta({ description: "What went wrong, if anything did." }),
  outcome: z
    .strictObject({
      status: z.enum(evaluationStatuses).meta({ description: "How it ended." }),
      is_held: z.literal(true).exactOptional().meta({
        description:
          "The replacement serves and holds the newer writes: nothing is rolled back or deleted until a person decides.",
      }),
      reason: text("Reason code of the verdict, or name of the error that ended it."),
      sentence: text("The same as a sentence."),
    })
    .exactOptional()
    .meta({ description: "What came of it; absent while it runs." }),
  rollback_problem: text("Why the roll-back could not come to its end.").exactOptional(),
  left_behind: z
    .array(
      z.strictObject({
        kind: text("As EC2 names kinds of resources: volume, snapshot …"),
        id: text("Its id."),
        state: text("As EC2 spells it."),
      }),
    )
    .exactOptional()
    .meta({
      description:
        "What carried our tags when the roll-back had come to its end: no intent claims it, or only its owner may give it up. It was not touched.",
    }),
  resolutions: z.array(resolutionSchema).exactOptional().meta({
    description:
      "What persons decided about what it left open, in order; the last one is carried out.",
  }),
  superseded_by: evaluationIdField.exactOptional().meta({
    description:
      "Evaluation that was begun at the subject since: the roll-back took away only what was this one's own.",
  }),
  launch_exhausted: text(
    "Why a SWITCH became a stay after all: what each offer answered.",
  ).exactOptional(),
  settlements: z.array(settlementJsonSchema).exactOptional().meta({
    description:
      "What became of what was due after a switch: its original, its images. Of a group: settings that are put back later, or that stay as somebody has set them since.",
  }),
  postponed: postponementSchema.exactOptional(),
  proofs: z
    .array(
      z.strictObject({
        stage: z.enum(proofStages).meta({
          description:
            "before: of what served, before anything was made. healthy: of a stateless replacement that has passed EC2's checks. final_root: of a stateful one with the original's last data, before clients could reach it. after: of the replacement, with the identity. retirement: of who serves by then, before the retired original is terminated.",
        }),
        name: text("What was asked."),
        holds: z.boolean().meta({ description: "Whether it held." }),
        sentence: text("What was found."),
        at: timeField("When."),
      }),
    )
    .exactOptional()
    .meta({ description: "Proofs of the application, the last readings of each stage." }),
  hooks: z
    .array(
      z.strictObject({
        hook: z.enum(["before_freeze", "after_switch"]).meta({ description: "Which one." }),
        document: text("The document of Systems Manager that was run."),
        instance_id: text("On which instance."),
        has_succeeded: z.boolean().meta({ description: "Not so where nobody knows." }),
        sentence: text("How it ended. What it printed is not kept."),
        at: timeField("When that was known, else when it was planned."),
      }),
    )
    .exactOptional()
    .meta({ description: "The owner's hooks as they ran, once the evaluation has ended." }),
  return_capacity: returnCapacitySchema.exactOptional(),
  downtime_seconds: z.number().exactOptional().meta({
    description:
      "Measured, for SWITCHED, ROLLED_BACK and NEEDS_OPERATOR: from the stop of the original to the replacement's proof, or to when a roll-back found the original serving again; and from the loss of a replacement that served. Absent where the load was not down, or nobody is known to serve.",
  }),
};

export const evaluationSummarySchema = z
  .strictObject(summaryFields)
  .meta({ id: "EvaluationSummary", description: "An evaluation in a list." });
export type EvaluationSummaryJson = z.infer<typeof evaluationSummarySchema>;

export const evaluationSchema = z
  .strictObject({
    ...summaryFields,
    abandoned: text(
      "Its execution died: it waits for a person, and this says since when and which ways there are.",
    ).exactOptional(),
    policy: policyJsonSchema,
    last_switch_at: timeField("Last switch of the target before this one.").exactOptional(),
    progress: progressSchema,
    swaps: z.array(swapSchema).meta({ description: "Empty before the first launch." }),
    waits: z.array(waitSchema).meta({ description: "In the order in which they began." }),
    phases: z.array(phaseSchema).meta({ description: "In the order in which they ended." }),
    expected_phases: z.array(expectedPhaseSchema).meta({
      description:
        "Of a switch that goes on: what is still to come, in order; of a group or nodes for this batch or node. Empty otherwise.",
    }),
    served_from: timeField(
      "When the first replacement came to serve: until then a roll-back ends it and leaves the original untouched.",
    ).exactOptional(),
    blockers: z.array(blockerSchema).meta({
      description: "Of nodes: what holds pods on the one that is drained now, the oldest first.",
    }),
    ...courseFields,
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

/** Shown elsewhere (policy, phases, progress, waits, last switch, outcome), or of use to the machinery alone. */
const unlistedNames = [
  "registered",
  "policy",
  "phases",
  "progress",
  "waits",
  "leases",
  "version",
  "lastSwitchAt",
  "isHeld",
  "heldBecause",
  "sharesReadings",
] as const;
type Unlisted = (typeof unlistedNames)[number];

/** Fields of the record that no schema shows: none, or a test doesn't compile. */
export type UndocumentedField = Exclude<
  keyof SnakeKeys<Omit<Evaluation, Unlisted | "estimatedSavings">>,
  keyof EvaluationSummaryJson
>;

const unlisted: ReadonlySet<string> = new Set(unlistedNames);

const listed = (evaluation: Evaluation): Omit<Evaluation, Unlisted> =>
  Object.fromEntries(Object.entries(evaluation).filter(([name]) => !unlisted.has(name))) as Omit<
    Evaluation,
    Unlisted
  >;

export const evaluationSummaryJson = (evaluation: Evaluation): EvaluationSummaryJson => {
  const { estimatedSavings, ...shown } = listed(evaluation);
  // Against the pool that was taken, once one was; before that against the verdict's first offer.
  const estimated = estimatedSavings ?? shown.verdict?.savings;
  const savings = isSavingInDoubt(shown.settlements) ? undefined : estimated;
  return { ...snakeKeys(shown), ...(savings === undefined ? {} : { savings: snakeKeys(savings) }) };
};

const waitsJson = ({ waits }: Evaluation): EvaluationJson["waits"] =>
  Object.entries(waits)
    .map(([key, { pace, ...wait }]) => ({
      phase: phaseOfWait(key),
      ...snakeKeys({ ...wait, ...pace }),
    }))
    .toSorted((one, other) => (one.began_at < other.began_at ? -1 : 1));

export const evaluationJson = (parts: {
  readonly evaluation: Evaluation;
  readonly swaps: readonly Swap[];
  readonly course: Course;
  readonly effects: readonly ToldEffect[];
  readonly offers: readonly Offer[];
  /** Sentence; undefined while something works on it, and once it has ended. */
  readonly abandoned: string | undefined;
}): EvaluationJson => {
  const { evaluation, abandoned } = parts;
  const since = servedFrom(evaluation, parts.swaps);
  return {
    ...evaluationSummaryJson(evaluation),
    ...(abandoned === undefined ? {} : { abandoned }),
    policy: snakeKeys(evaluation.policy),
    ...(evaluation.lastSwitchAt === undefined ? {} : { last_switch_at: evaluation.lastSwitchAt }),
    progress: progressJson(evaluation),
    swaps: snakeKeys(parts.swaps),
    waits: waitsJson(evaluation),
    phases: evaluation.phases.map((phase) => phaseJson(evaluation, phase)),
    expected_phases: expectedPhasesJson(evaluation),
    ...(since === undefined ? {} : { served_from: since }),
    blockers: snakeKeys(blockersOf(evaluation)),
    ...courseJson(parts.course),
    effects: snakeKeys(parts.effects),
    candidates: snakeKeys(parts.offers),
  };
};
