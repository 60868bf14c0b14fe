/** What is remembered of Spot pools, and which are in quarantine. Neither tells of anybody's account or instance. */
import * as z from "../zod.ts";
import type { PoolQuarantine } from "../../../core/model/pool-quarantine.ts";
import { memoryHours } from "../../../core/risk/pool-history.ts";
import type { PoolStanding } from "../../../core/risk/pool-standings.ts";
import { snakeKeys } from "../letter-case.ts";
import { poolIdOf, poolIdPattern } from "../pool-id.ts";
import { pageQueryUpTo, servedRegionField, timeField } from "./common.ts";
import { poolSchema, text } from "./verdict.ts";

const poolIdField = z
  .string()
  .regex(poolIdPattern, "must be region:zone id:type:product, as the list of pools spells it")
  .meta({
    description:
      "Region, zone id, instance type and product: `linux-unix`, `red-hat-enterprise-linux`, `suse-linux` or `windows`.",
    example: "eu-central-1:euc1-az1:m5.large:linux-unix",
  });

export const poolParams = z.strictObject({ pool_id: poolIdField });

/** All of a large region at once, 120 types in 12 zones: each page reads the whole region's memory anew. Some 700 bytes each. */
const largestPage = 2000;

export const poolListQuery = z.strictObject({
  region: servedRegionField,
  zone_id: z
    .string()
    .min(1)
    .max(30)
    .exactOptional()
    .meta({ description: "Only of this zone.", example: "euc1-az1" }),
  instance_type: z
    .string()
    .min(1)
    .max(40)
    .exactOptional()
    .meta({ description: "Only of this type.", example: "m5.large" }),
  ...pageQueryUpTo(largestPage),
});

/** An account, or an instance: who reads a verdict is told of no other's. */
const namesSomebody = /\b\d{12}\b|\bi-[0-9a-f]{8,17}\b/;

const reasonField = z
  .string()
  .trim()
  .min(3)
  .max(200)
  .refine((reason) => !namesSomebody.test(reason), {
    message:
      "must name no account and no instance: it stands in the verdicts of everybody who could use the pool",
  })
  .meta({
    description:
      "Why. It stands in the verdicts of everybody who could use the pool, and may name no account and no instance.",
    example: "Incident 4711",
  });

export const setQuarantineSchema = z
  .strictObject({
    reason: reasonField,
    until: timeField("When it ends by itself: at most 30 days from now."),
  })
  .meta({ id: "SetQuarantine", description: "Keeps everybody out of a pool for a time." });

export const liftQuarantineQuery = z.strictObject({
  reason: reasonField.meta({ description: "Why, for those who read the audit trail." }),
});

const quarantineFields = {
  reason: text("Why."),
  since: timeField("Since when."),
  until: timeField("When it ends by itself."),
  set_by: text("Who has set it."),
};

export const quarantineSchema = z
  .strictObject({
    pool_id: text("Id of the pool."),
    pool: poolSchema,
    ...quarantineFields,
  })
  .meta({ id: "PoolQuarantine", description: "Nothing is launched on Spot in the pool." });
export type QuarantineJson = z.infer<typeof quarantineSchema>;

const riskSchema = z
  .strictObject({
    probability: z.number().meta({
      description:
        "0 to 1: how likely the pool takes an instance back within the horizon, by what is remembered now.",
    }),
    calm_probability: z.number().meta({
      description: "The same if no pool of the region had lost or refused anything.",
    }),
    horizon_hours: z.number().meta({ description: "Over how many hours." }),
    model_version: text("Risk model that was asked: the default one."),
  })
  .meta({
    id: "PoolRisk",
    description:
      "As an account sees it that has lost nothing there itself. Absent: the market of the pool's product has not been read yet.",
  });

const givenUpSchema = z
  .strictObject({
    targets: z.int().meta({ description: "Targets that would go to the pool first." }),
    hourly_usd: z.number().meta({
      description:
        "What they would save more than they do, USD per hour, at the last sweep's prices.",
    }),
    monthly_usd: z.number().meta({ description: "The same for 730 hours, USD." }),
    judged_at: timeField("When the oldest of these verdicts was given."),
  })
  .meta({
    id: "SavingGivenUp",
    description:
      "What quarantine of the pool costs, bans by policies among it: each sweep judges the targets that it keeps out (not those in shadow mode) a second time as if there were none, and what they would save more is told at the pool to which they would go. Of all accounts together. Absent: no target is known that would go there.",
  });

const riskPoolSchema = z
  .strictObject({
    pool_id: text("By which its quarantine is set and lifted."),
    pool: poolSchema,
    losses: z.int().meta({
      description: `What it took back in the last ${String(memoryHours)} hours, whatever the product: what it took within three minutes is one loss, and of one account two a day count. Those of LAB accounts don't.`,
    }),
    lab_losses: z.int().meta({
      description:
        "What it took back from LAB accounts meanwhile: it counts in the verdicts of these accounts alone.",
    }),
    decayed_losses: z.number().meta({
      description: "The same losses, each counting half as much every 24 hours, as of now.",
    }),
    last_loss_at: timeField("Of the last of them.").exactOptional(),
    losses_by_day: z
      .array(
        z.strictObject({
          day: z.iso.date().meta({ description: "UTC.", example: "2026-03-01" }),
          losses: z.int().meta({ description: "What it took back that day." }),
        }),
      )
      .meta({
        description: `The same losses by day, oldest first, without days that have none. Of the first of the eight days on which ${String(memoryHours)} hours may lie, only what is remembered still is counted.`,
      }),
    found_late: z.int().meta({
      description:
        "Instances whose loss a sweep has found, and of which no event told (runbook: A loss that no event told).",
    }),
    refusals: z.int().meta({
      description: `Launches that it had no capacity for in the last ${String(memoryHours)} hours.`,
    }),
    last_refusal_at: timeField("Of the last of them.").exactOptional(),
    risk: riskSchema.exactOptional(),
    quarantine: z.strictObject(quarantineFields).exactOptional().meta({
      description:
        "Absent: nobody has set one. What a policy with `quarantine.mode` ban keeps out after a loss is that policy's own.",
    }),
    given_up: givenUpSchema.exactOptional(),
  })
  .meta({ id: "RiskPool", description: "What is remembered of a pool." });

export const riskPoolPageSchema = z
  .strictObject({
    items: z.array(riskPoolSchema).meta({ description: "The pools of this page." }),
    total: z
      .strictObject({
        losses: z
          .int()
          .nonnegative()
          .meta({ description: "Sum of `losses` of all pools that match." }),
        lab_losses: z.int().nonnegative().meta({ description: "Sum of their `lab_losses`." }),
      })
      .meta({ description: "Of all that match, on all pages." }),
    cursor: z
      .string()
      .exactOptional()
      .meta({ description: "To be passed for the next page; absent on the last one." }),
  })
  .meta({ id: "RiskPoolPage", description: "One page of pools." });

const fieldsOf = ({ reason, since, until, setBy }: PoolQuarantine) => ({
  reason,
  since,
  until,
  set_by: setBy,
});

export const quarantineJson = (quarantine: PoolQuarantine): QuarantineJson => ({
  pool_id: poolIdOf(quarantine.pool),
  pool: snakeKeys(quarantine.pool),
  ...fieldsOf(quarantine),
});

export const riskPoolJson = ({
  quarantine,
  ...standing
}: PoolStanding): z.infer<typeof riskPoolSchema> => ({
  pool_id: poolIdOf(standing.pool),
  ...snakeKeys(standing),
  ...(quarantine !== undefined && { quarantine: fieldsOf(quarantine) }),
});
