/** Answer of GET /fleet: a row per target, column by column, so that ten thousand of them fit into one answer. */
import * as z from "../zod.ts";
import { standings } from "../../../core/decide/fleet/standing.ts";
import { attentionActions } from "../../../core/decide/fleet/attention.ts";
import { savesBases } from "../../../core/model/fleet-row.ts";
import { verdictKinds } from "../../../core/model/verdict.ts";
import {
  accountIdField,
  evaluationIdField,
  instanceIdField,
  regionField,
  targetIdField,
  timeField,
} from "./common.ts";
import { pipelineModeField } from "./targets.ts";
import { text } from "./verdict.ts";

const column = <Entry extends z.ZodType>(entry: Entry, description: string) =>
  z.array(entry).meta({ description });

const orNone = <Entry extends z.ZodType>(entry: Entry) => entry.nullable();

/** All are of the same length: the n-th entries are those of one target. */
const columnsSchema = z
  .strictObject({
    target_id: column(targetIdField, "Target."),
    name: column(
      z.string(),
      "Its tag `Name`, or its group's name; where it has none, the instance id.",
    ),
    mode: column(pipelineModeField, "Pipeline mode."),
    account_id: column(accountIdField, "Account."),
    region: column(regionField, "Region."),
    instance_id: column(instanceIdField, "Instance that serves, or by which it was registered."),
    is_shadow_mode: column(z.boolean(), "Verdicts are recorded and nothing is touched."),
    members: column(orNone(z.int()), "Instances; null: no reading has shown it yet."),
    standing: column(z.enum(standings), "How it stands, in one word."),
    moving: column(
      orNone(z.int()),
      "Of MOVING: how many members or nodes are under way. Else null.",
    ),
    instance_type: column(
      orNone(z.string()),
      "Of its pool; of one that no reading has shown yet, as it is registered. Null where it stands in several, or is not known.",
    ),
    zone_id: column(orNone(z.string()), "Zone id of its pool; null likewise."),
    pools: column(orNone(z.int()), "In how many pools (type and zone) its instances stand."),
    risk: column(
      orNone(z.number()),
      "Probability of an interruption within its horizon, 0 to 1: where it stands on Spot, or of the pool that it would go to first.",
    ),
    max_risk: column(z.number(), "Its own limit of that."),
    pays_hourly_usd: column(orNone(z.number()), "What its instances cost now, USD per hour."),
    on_demand_hourly_usd: column(
      orNone(z.number()),
      "What they would cost On-Demand: of what a switch has brought, the type that it replaced.",
    ),
    saves_monthly_usd: column(
      orNone(z.number()),
      "For 730 hours, USD; null: nothing, or not known.",
    ),
    saves_basis: column(
      orNone(z.enum(savesBases)),
      "ESTIMATED: what it saves where it stands, at the prices of now, against `on_demand_hourly_usd`. PLANNED: what the switch that is to come is estimated to save. SHADOW: what it would save if shadow mode ended.",
    ),
    verdict: column(
      orNone(z.enum([...verdictKinds, "WOULD_SWITCH"])),
      "Of the last sweep, before the first one of the last evaluation; WOULD_SWITCH leaves open what only a closer look tells.",
    ),
    reason: column(orNone(z.string()), "Code of its reason."),
    sentence: column(orNone(z.string()), "The reason as a sentence."),
    judged_at: column(
      orNone(timeField("When the verdict was judged.")),
      "Null: with its place, see `places`.",
    ),
    acting_evaluation_id: column(orNone(evaluationIdField), "Evaluation that goes on."),
    last_evaluation_id: column(orNone(evaluationIdField), "Last one that has ended."),
  })
  .meta({ id: "FleetColumns", description: "Rows by column: entry n of each is of one target." });

const placeSchema = z
  .strictObject({
    account_id: accountIdField,
    region: regionField,
    judged_at: timeField("When its targets were judged last.").exactOptional(),
    failure: z
      .strictObject({
        error: text("Stable name of the error."),
        cause: text("What was answered."),
        since: timeField("First of the sweeps that met it."),
      })
      .exactOptional()
      .meta({ description: "Why the last sweep could judge nothing there." }),
  })
  .meta({ id: "FleetPlace", description: "One region of one account." });

const attentionSchema = z
  .strictObject({
    standing: z.enum(standings).meta({ description: "How it stands, in one word." }),
    target_id: targetIdField,
    name: text("As in its row."),
    sentence: text("What happened."),
    since: timeField("When it came to stand so.").exactOptional(),
    evaluation_id: evaluationIdField.exactOptional(),
    approval_id: text("What is waited for.").exactOptional(),
    actions: z.array(z.enum(attentionActions)).meta({
      description:
        "RESUME, ROLL_BACK, ADOPT: POST /evaluations/{id}/…; APPROVE: POST /approvals/{id}/approve or reject; EVALUATE: POST /lab/instances/{id}/evaluate.",
    }),
  })
  .meta({
    id: "FleetAttention",
    description: "What waits for a person, or should be seen by one.",
  });

const sum = (description: string) => z.number().meta({ description });

const totalsSchema = z
  .strictObject({
    targets: z.int().meta({ description: "Rows." }),
    members: z.int().meta({ description: "Sum of `members`." }),
    standings: z
      .partialRecord(z.enum(standings), z.int())
      .meta({ description: "Rows of each standing; those without any are left out." }),
    pays_hourly_usd: sum("Sum of the rows that have both prices."),
    on_demand_hourly_usd: sum("Sum of the same rows."),
    saves_monthly_usd: z
      .strictObject({
        ESTIMATED: sum("Sum of the rows with that basis."),
        PLANNED: sum("Likewise."),
        SHADOW: sum("Likewise."),
      })
      .meta({ description: "Sums of `saves_monthly_usd` by `saves_basis`." }),
  })
  .meta({ id: "FleetTotals", description: "Of all rows, those that are not sent too." });

export const fleetSchema = z
  .strictObject({
    revision: text("To be passed as `after` next time. Opaque."),
    is_complete: z.boolean().meta({
      description:
        "True: these are all rows. False: those that may have changed since `after`; they take the place of those with their ids.",
    }),
    columns: columnsSchema,
    removed: z
      .array(targetIdField)
      .meta({ description: "Targets that are gone since `after`. Empty where all rows are sent." }),
    places: z.array(placeSchema).meta({ description: "Where the targets stand." }),
    totals: totalsSchema,
    attention: z
      .array(attentionSchema)
      .meta({ description: "In the order of their standings; at most a hundred." }),
    attention_total: z.int().meta({ description: "How many there are of them." }),
  })
  .meta({ id: "Fleet", description: "The fleet as it stands." });
export type FleetJson = z.infer<typeof fleetSchema>;

export const fleetQuery = z.strictObject({
  after: z.string().min(1).max(8192).exactOptional().meta({
    description:
      "`revision` of an earlier answer: only what may have changed since is sent. One that is too old, or of another deployment, is answered with all rows.",
  }),
});
