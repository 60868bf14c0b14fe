/** The parts of a decision as the API shows them: pools, candidates with reasons, verdict, savings. */
import * as z from "../zod.ts";
import { judgementVersions } from "../../../core/model/judgement-version.ts";
import { rejectionCodes } from "../../../core/model/offer.ts";
import {
  uncheckedCodes,
  postponements,
  verdictKinds,
  verdictReasons,
} from "../../../core/model/verdict.ts";
import { regionField, timeField } from "./common.ts";

export const text = (description: string) => z.string().meta({ description });
const usd = (description: string) =>
  z.number().meta({ description: `${description} USD per hour.` });

export const poolSchema = z
  .strictObject({
    region: regionField,
    zone_id: text("Zone id, the same for every account."),
    instance_type: text("Instance type."),
    product: text("Spot product, for instance Linux/UNIX."),
  })
  .meta({ id: "Pool", description: "The unit of Spot capacity and of risk." });

export const savingsSchema = z
  .strictObject({
    hourly_usd: usd(
      "What is paid where it stands, On-Demand or for its Spot pool, minus the price where it goes; of a group or nodes for all of them.",
    ),
    monthly_usd: z.number().meta({ description: "The same for 730 hours, USD." }),
    percent: z.number().meta({ description: "Of what is paid where it stands." }),
  })
  .meta({ id: "Savings", description: "What the switch is estimated to save." });

export const verdictSchema = z
  .strictObject({
    kind: z.enum(verdictKinds).meta({ description: "What is to be done." }),
    reason: z.enum(verdictReasons).meta({ description: "Code of the reason." }),
    sentence: text("The reason as a sentence, with its figures."),
    offers: z.array(poolSchema).meta({
      description:
        "For SWITCH, and a way back that is to be carried out: pools to try, best first; of a group those of all members that are to go.",
    }),
    savings: savingsSchema.exactOptional(),
    retry_at: timeField(
      "Of a STAY that is a matter of time: when it is evaluated again.",
    ).exactOptional(),
    unchecked: z
      .array(z.enum(uncheckedCodes))
      .exactOptional()
      .meta({ description: "Of a verdict from bulk readings: reasons that were not looked at." }),
    model_version: text("Risk model that was used."),
    judgement_version: z
      .literal(judgementVersions)
      .exactOptional()
      .meta({
        // The document's writer knows literals of one value alone.
        type: "integer",
        enum: [...judgementVersions],
        description: "Version of the rules of judging; absent: 1.",
      }),
    policy_version: text("Hash of the policy that was applied."),
    judged_at: timeField("Time of the facts."),
  })
  .meta({ id: "Verdict", description: "What the evaluation concluded." });

export const postponementSchema = z
  .strictObject({
    reason: z.enum(postponements).meta({ description: "Code of the reason." }),
    sentence: text("The reason as a sentence."),
    retry_at: timeField("When it is evaluated again; absent: in the usual time.").exactOptional(),
  })
  .meta({ id: "Postponement", description: "Why a switch that is worth it was not made now." });

export const approvalBoundsSchema = z
  .strictObject({
    subject: text("What is agreed to."),
    launched_at: timeField("Of an instance: the same id launched anew is another.").exactOptional(),
    group_arn: text("Of a group: one of the same name made anew is another.").exactOptional(),
    pool_keys: z.array(z.string()).meta({ description: "Pools that may be taken." }),
    max_hourly_usd: usd(
      "Highest price of one instance: that of now and a twentieth, up to the cent.",
    ).exactOptional(),
    min_savings_percent: z.number().exactOptional().meta({
      description:
        "Least saving, of what is paid where it stands: at that price, down to a multiple of 5.",
    }),
    max_downtime_minutes: z.number().meta({ description: "Longest downtime." }),
    changes: z.array(z.string()).meta({ description: "What will be another, in words." }),
  })
  .meta({ id: "ApprovalBounds", description: "What an approval holds for." });

const referenceFields = {
  approval_id: text("Its id."),
  bounds_hash: text("Hash of its bounds; POST /approvals/{id}/approve names it."),
};

export const authorizationSchema = z
  .strictObject({
    kind: z
      .enum(["PROCEED", "SHADOW", "APPROVAL_REQUIRED"])
      .meta({ description: "Whether a switch may be carried out." }),
    sentence: text("Why."),
    approval: z
      .strictObject({
        ...referenceFields,
        approved_by: z
          .array(z.string())
          .exactOptional()
          .meta({ description: "Who has agreed; absent while it is waited for." }),
        bounds: approvalBoundsSchema.exactOptional(),
        pool_keys: z
          .array(z.string())
          .exactOptional()
          .meta({ description: "Those of the verdict's pools that are within its bounds." }),
      })
      .exactOptional()
      .meta({ description: "By which it is carried out, or that is waited for." }),
    bounds: approvalBoundsSchema.exactOptional(),
  })
  .meta({ id: "Authorization", description: "May what was decided be carried out?" });

export const callerSchema = z
  .strictObject({
    name: text("ARN, or `unauthenticated:` and the name from the laptop's header."),
    keys: z
      .array(z.string())
      .meta({ description: "Whoever shares one of these is taken for the same person." }),
  })
  .meta({ id: "Caller", description: "Who called." });

const riskSchema = z.strictObject({
  probability: z.number().meta({ description: "Of losing the pool within the horizon, 0 to 1." }),
  horizon_hours: z.number().meta({ description: "Span of the probability, hours." }),
  model_version: text("Risk model."),
});

export const candidateSchema = z
  .strictObject({
    pool: poolSchema,
    purchase: z
      .literal("ON_DEMAND")
      .exactOptional()
      .meta({ description: "How it would be bought; absent: Spot." }),
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
    risk: riskSchema
      .exactOptional()
      .meta({ description: "Predicted risk; absent for a pool rejected before." }),
    later_probabilities: z.array(z.number()).exactOptional().meta({
      description:
        "The same probability for the second, third … of a batch that goes there; absent where it is that of the first.",
    }),
    staying: riskSchema.exactOptional().meta({
      description:
        "Of a pool in which members of the group stand: the risk that it does not go on holding them all.",
    }),
    expected_hourly_usd: usd(
      "Spot price, cost of interruptions and amortised switching cost.",
    ).exactOptional(),
    savings_percent: z
      .number()
      .exactOptional()
      .meta({ description: "Of the On-Demand price of the original." }),
  })
  .meta({ id: "Candidate", description: "A pool that was looked at, with what became of it." });
