/** Bodies of the preflight calls. */
import * as z from "../zod.ts";
import type { PreflightChange } from "../../../core/decide/fleet/preflight/changes.ts";
import { estimateOf } from "../../../core/decide/fleet/preflight/estimate.ts";
import { addTotals } from "../../../core/decide/fleet/preflight/totals.ts";
import { preflightIdSchema } from "../../../core/model/ids.ts";
import { pipelineModeSchema } from "../../../core/model/pipeline-mode.ts";
import {
  missingKinds,
  noTotals,
  type Preflight,
  type PreflightPlace,
  type PreflightRow,
} from "../../../core/model/preflight.ts";
import { snakeKeys, type SnakeKeys } from "../letter-case.ts";
import {
  accountIdField,
  instanceIdField,
  pageOf,
  pageQuery,
  regionField,
  servedRegionField,
  targetIdField,
  timeField,
} from "./common.ts";
import { count, outcomeField, totalsJson, totalsSchema, usd } from "./preflight-totals.ts";
import { pipelineModeField } from "./targets.ts";
import { text } from "./verdict.ts";

export const preflightIdField = preflightIdSchema.meta({
  description: "Id of the preflight.",
  example: "pfl-01j9z0x3k4m5n6p7q8r9",
});

export const preflightParams = z.strictObject({ id: preflightIdField });

export const startPreflightSchema = z
  .strictObject({
    account_id: accountIdField,
    regions: z
      .array(servedRegionField)
      .min(1)
      .max(40)
      .refine((regions) => new Set(regions).size === regions.length, "names a region twice")
      .exactOptional()
      .meta({ description: "Of those of the account. Absent: all of them." }),
  })
  .meta({ id: "StartPreflight", description: "Whose fleet is to be judged." });

const estimateSchema = z
  .strictObject({
    calls: count("Calls in the account that are still to come, none of which changes anything."),
    seconds: count("How long that takes, at a quarter of EC2's request limits."),
  })
  .meta({
    id: "PreflightEstimate",
    description:
      "As far as it is known: until the lists of a region are read nobody knows what would switch, and each of that takes up to three calls more.",
  });

export const startedPreflightSchema = z
  .strictObject({
    preflight_id: preflightIdField,
    account_id: accountIdField,
    regions: z.array(regionField).meta({ description: "Those that are read." }),
    estimate: estimateSchema,
  })
  .meta({ id: "StartedPreflight", description: "The preflight that was begun." });

const quotaSchema = z
  .strictObject({
    purchase: z.enum(["SPOT", "ON_DEMAND"]).meta({
      description:
        "SPOT: what would go to Spot has to fit. ON_DEMAND: whether all of that could come back at once.",
    }),
    quota_code: text("Of service `ec2` in Service Quotas."),
    quota_name: text("As AWS calls it."),
    vcpus: z.number().exactOptional().meta({ description: "As it stands, in vCPUs." }),
    because: text("Why it could not be read.").exactOptional(),
    used_vcpus: z.number().meta({ description: "By what else runs." }),
    needed_vcpus: z.number().meta({ description: "By all that would go there." }),
    subjects: count("What would go there."),
    instances: count("Of these, instances."),
    fitting_subjects: count(
      "Of these, what fits now, that which saves most first.",
    ).exactOptional(),
    fitting_instances: count("Of these, instances.").exactOptional(),
    raise_to: z.number().exactOptional().meta({
      description: "To which it has to be raised, in vCPUs. Absent: all fits, or it was not read.",
    }),
  })
  .meta({ id: "PreflightQuota", description: "A quota of vCPUs, and what would draw on it." });

const placeSchema = z
  .strictObject({
    region: regionField,
    status: z.enum(["WAITING", "LOOKING", "DONE", "FAILED"]).meta({
      description:
        "WAITING: not read yet. LOOKING: judged by its lists; what would switch is looked at one by one. FAILED: `failure` says why, and whether anything was judged there before.",
    }),
    noted_at: timeField("When it came so far."),
    read_at: timeField("When its lists were read.").exactOptional(),
    subjects: count("What was found that could be a target."),
    looked_at: count("Of what would switch, looked at by itself."),
    to_look_at: count("Of what would switch, in all."),
    quotas: z.array(quotaSchema).exactOptional().meta({
      description: "On which what would go to Spot draws. Absent: they were not looked at yet.",
    }),
    failure: z
      .strictObject({ error: text("Stable name."), cause: text("What happened, and what to do.") })
      .exactOptional()
      .meta({ description: "Why the region could not be read." }),
  })
  .meta({ id: "PreflightPlace", description: "How far a region is." });

export const preflightJsonSchema = z
  .strictObject({
    preflight_id: preflightIdField,
    account_id: accountIdField,
    requested_at: timeField("When it was asked for."),
    status: z.enum(["RUNNING", "DONE"]).meta({
      description: "RUNNING: some region is not DONE and not FAILED.",
    }),
    estimate: estimateSchema,
    places: z.array(placeSchema).meta({ description: "Region by region." }),
    totals: totalsSchema,
  })
  .meta({ id: "Preflight", description: "How far it is, and what it found." });

const missingSchema = z.strictObject({
  kind: z.enum(missingKinds).meta({ description: "What kind of thing is missing." }),
  name: text("Limit of the policy with its value, IAM action, or tag."),
  reason: text("Code of the reason that it would lift."),
  sentence: text("What was found, and what to do."),
});

const preflightSubjectSchema = z
  .strictObject({
    id: text("The same in every preflight of the account.").meta({
      example: "eu-central-1/group/web-blue",
    }),
    region: regionField,
    mode: pipelineModeField,
    name: text("The instance, group or node group."),
    instance_id: instanceIdField
      .exactOptional()
      .meta({ description: "By which it is registered. Absent: the group has no member." }),
    instance_type: text("Its type, or that of the member.").exactOptional(),
    zone_name: text("Its zone, or that of the member.").exactOptional(),
    target_id: targetIdField
      .exactOptional()
      .meta({ description: "As which it is registered already." }),
    instances: count("How many instances would go to Spot."),
    tags: z.record(z.string(), z.string()).meta({ description: "Its tags but for those of AWS." }),
    outcome: outcomeField,
    reason: text("Code of the reason, or name of the error."),
    sentence: text("Why, with the figures."),
    missing: z.array(missingSchema).meta({ description: "Without which it does not switch." }),
    offers: z
      .array(
        z.strictObject({
          instance_type: text("Type."),
          zone_id: text("Zone."),
          spot_hourly_usd: usd("USD per hour."),
          risk: z.number().meta({ description: "Probability of an interruption, 0 to 1." }),
          horizon_hours: z.number().meta({ description: "Within so many hours." }),
        }),
      )
      .meta({ description: "Pools it would be launched in, best first, at most three." }),
    monthly_usd: usd("What all its instances would save for 730 hours.").exactOptional(),
    savings_percent: z.number().exactOptional().meta({ description: "Of the On-Demand price." }),
    downtime_seconds: z.number().meta({
      description: "For which the load is likely to be down during a switch; 0: it serves on.",
    }),
    losses: z.array(z.string()).meta({ description: "What a switch loses or interrupts." }),
    later: z.array(z.string()).meta({ description: "What becomes of it afterwards by itself." }),
    unchecked: z.array(z.string()).meta({ description: "Reasons that were not looked at." }),
  })
  .meta({ id: "PreflightSubject", description: "What would become of it." });

export const preflightSubjectPageSchema = pageOf(preflightSubjectSchema, "PreflightSubjectPage");

export const subjectsQuery = z.strictObject({
  outcome: outcomeField.exactOptional(),
  mode: pipelineModeSchema.exactOptional().meta({ description: "Those of one mode." }),
  ...pageQuery,
});

const judgedSchema = z.strictObject({
  name: text("The instance, group or node group."),
  mode: pipelineModeField,
  outcome: outcomeField,
  reason: text("Code of the reason."),
  missing: z.array(z.string()).meta({ description: "Names of what is missing." }),
  monthly_usd: usd("What it would save for 730 hours.").exactOptional(),
});

const changeSchema = z
  .strictObject({
    kind: z.enum(["NEW", "GONE", "CHANGED"]).meta({
      description: "CHANGED: outcome, reason, mode or what is missing. Prices alone are not told.",
    }),
    id: text("Of the subject."),
    was: judgedSchema.exactOptional().meta({ description: "In the earlier one." }),
    is: judgedSchema.exactOptional().meta({ description: "In this one." }),
  })
  .meta({ id: "PreflightChange", description: "What has changed of a subject." });

export const changePageSchema = pageOf(changeSchema, "PreflightChangePage");

export const changesQuery = z.strictObject({
  since: preflightIdField.meta({ description: "The earlier preflight, of the same account." }),
  ...pageQuery,
});

const placeJson = (place: PreflightPlace): z.infer<typeof placeSchema> => {
  const { preflightId: _id, totals: _totals, pages: _pages, rows, ...shown } = place;
  return { ...snakeKeys(shown), subjects: rows };
};

export const preflightJson = (
  { preflightId, accountId, requestedAt }: Preflight,
  places: readonly PreflightPlace[],
): z.infer<typeof preflightJsonSchema> => ({
  preflight_id: preflightId,
  account_id: accountId,
  requested_at: requestedAt,
  status: places.every(({ status }) => status === "DONE" || status === "FAILED")
    ? "DONE"
    : "RUNNING",
  estimate: estimateOf(places),
  places: places.map(placeJson),
  totals: totalsJson(places.map(({ totals }) => totals).reduce(addTotals, noTotals)),
});

export const subjectJson = (row: PreflightRow): SnakeKeys<PreflightRow> => snakeKeys(row);

const judgedJson = (judged: NonNullable<PreflightChange["is"]>) => {
  const { id: _id, ...shown } = judged;
  return snakeKeys(shown);
};

export const changeJson = ({
  kind,
  id,
  was,
  is,
}: PreflightChange): z.infer<typeof changeSchema> => ({
  kind,
  id,
  ...(was === undefined ? {} : { was: judgedJson(was) }),
  ...(is === undefined ? {} : { is: judgedJson(is) }),
});
