/** What the waste scanner has found, and what an account's owner says of it. */
import * as z from "../zod.ts";
import {
  findingIdSchema,
  keptCodes,
  wasteActions,
  wasteKinds,
  wasteStatuses,
  type WasteFinding,
} from "../../../core/model/waste/finding.ts";
import {
  leastDays,
  usualOwnerTags,
  wasteSettingsSchema,
} from "../../../core/model/waste/settings.ts";
import { approvalIdSchema } from "../../../core/model/ids.ts";
import { savesFrom } from "../../../core/waste/deletion.ts";
import { snakeKeys } from "../letter-case.ts";
import { accountIdField, pageQuery, regionField, timeField } from "./common.ts";

const kindField = z.enum(wasteKinds).meta({
  description:
    "FAST_SNAPSHOT_RESTORE, UNATTACHED_VOLUME, OLD_SNAPSHOT, UNUSED_IMAGE and UNASSOCIATED_ADDRESS are offered for deletion; IDLE_ADDRESS, STOPPED_INSTANCE, IDLE_LOAD_BALANCER and IDLE_NAT_GATEWAY are reported alone.",
});

const statusField = z.enum(wasteStatuses).meta({
  description:
    "SEEN: its days are not over, or something could not be read. KEPT: something keeps it. OFFERED: it may be deleted once persons agree. REPORTED: told alone. DELETING: it was agreed to and begun. DELETED: it is gone, or in the Recycle Bin. DISMISSED: a person has said that it stays. CLOSED: it is used again, or gone.",
});

const findingIdField = findingIdSchema.meta({
  description: "Id of the finding: the same for the same resource.",
  example: "wst-01j9z0x3k4m5n6p7q8r9",
});

export const findingParams = z.strictObject({ id: findingIdField });

export const wasteListQuery = z.strictObject({
  account_id: accountIdField.exactOptional(),
  region: regionField.exactOptional(),
  kind: kindField.exactOptional(),
  status: statusField.exactOptional().meta({
    description: "Absent: OFFERED and REPORTED, which is what is to be decided.",
  }),
  ...pageQuery,
});

const reasonField = z.strictObject({
  code: z.enum(keptCodes).meta({ description: "Sort of the reason." }),
  sentence: z.string().meta({ description: "The reason in words." }),
});

const deletionField = z
  .strictObject({
    approval_id: approvalIdSchema.meta({ description: "What was agreed to." }),
    begun_at: timeField("When it was begun."),
    before: z.string().meta({ description: "How it stood then." }),
    calls: z
      .array(
        z.strictObject({
          action: z.enum(wasteActions).meta({ description: "What is called." }),
          planned_at: timeField("Written before the call."),
          acted_at: timeField("AWS has answered.").exactOptional(),
          request_id: z.string().exactOptional().meta({ description: "AWS's own." }),
        }),
      )
      .meta({ description: "Each call that changes something." }),
    snapshot_id: z
      .string()
      .exactOptional()
      .meta({ description: "Made before the volume was deleted." }),
    snapshot_until: timeField("So long it is kept.").exactOptional(),
    deleted_at: timeField("When AWS took the last call.").exactOptional(),
    bin_exits_at: timeField(
      "The Recycle Bin has it until then: it comes back under its id, and is charged.",
    ).exactOptional(),
    saves_from: timeField(
      "The saving begins then: until then the bin, or the snapshot, costs on. Absent once it is deleted: at once.",
    ).exactOptional(),
    next_at: timeField("When it is looked at next.").exactOptional(),
    waits_for: z.string().exactOptional().meta({ description: "What it waits for." }),
  })
  .meta({ id: "WasteDeletion", description: "How far its deletion is." });

export const wasteFindingJsonSchema = z
  .strictObject({
    finding_id: findingIdField,
    account_id: accountIdField,
    region: regionField,
    kind: kindField,
    resource_id: z.string().meta({
      description:
        "As AWS names it; of a fast snapshot restore snapshot and zone, of a load balancer its ARN.",
      example: "vol-0a1b2c3d4e5f60718",
    }),
    status: statusField,
    first_seen_at: timeField("Since when our readings show it as waste without a break."),
    last_seen_at: timeField("The last complete reading that showed it so."),
    days: z.number().nonnegative().meta({
      description: "So many days of complete readings have shown it as waste without a break.",
    }),
    label: z.string().exactOptional().meta({ description: "Its name, as its owner wrote it." }),
    owner: z
      .string()
      .exactOptional()
      .meta({ description: "Value of the tag that names its owner." }),
    why: z.string().meta({ description: "Why it is waste." }),
    effect: z.string().meta({ description: "What deletion would do." }),
    undo: z.string().meta({ description: "How it is undone." }),
    unchecked: z
      .array(z.string())
      .meta({ description: "What may use it and can't be asked; look there before you agree." }),
    monthly_usd: z.number().nonnegative().exactOptional().meta({
      description:
        "What it costs for 730 hours, by the price list; of snapshots and images at most. Absent: no price is known.",
    }),
    counted_with: z.string().exactOptional().meta({
      description: "Another resource whose finding has this cost in it: it is in no total.",
    }),
    priced_at: timeField("Publication of the price list.").exactOptional(),
    checked_at: timeField("When AWS was last asked about it alone.").exactOptional(),
    reasons: z.array(reasonField).meta({ description: "Why it stays, or what could not be read." }),
    dismissal: z
      .strictObject({
        reason: z.string().meta({ description: "Why it stays." }),
        by: z.string().meta({ description: "Who has said so." }),
        at: timeField("When."),
        until: timeField("Until when it stays; then its days begin anew."),
      })
      .exactOptional()
      .meta({ description: "A person has said that it stays." }),
    bounds_hash: z.string().exactOptional().meta({
      description: "Of what is agreed to by `POST /waste/{id}/approve`. While it is OFFERED alone.",
    }),
    plan: z
      .array(z.string())
      .exactOptional()
      .meta({ description: "What is agreed to, step by step. While it is OFFERED alone." }),
    approvers_needed: z.int().min(1).max(2).exactOptional().meta({
      description: "Persons who must agree at least; the account's owner may ask for more.",
    }),
    deletion: deletionField.exactOptional(),
    closed: z
      .strictObject({
        at: timeField("When."),
        why: z.string().meta({ description: "What became of it." }),
      })
      .exactOptional()
      .meta({ description: "It is no longer waste." }),
  })
  .meta({
    id: "WasteFinding",
    description: "Something that costs money and seems to be of no use.",
  });

export type WasteFindingJson = z.infer<typeof wasteFindingJsonSchema>;

const daySeconds = 86_400;

/** What is agreed to of one that is offered. */
export interface OfferedPlan {
  readonly hash: string;
  readonly changes: readonly string[];
  readonly needed: 1 | 2;
}

export const wasteFindingJson = (
  finding: WasteFinding,
  plan: OfferedPlan | undefined,
): WasteFindingJson => {
  const { countedSeconds, tableName: _, deletion, ...rest } = finding;
  const from = deletion === undefined ? undefined : savesFrom(deletion);
  return {
    ...snakeKeys(rest),
    days: Math.floor(countedSeconds / daySeconds),
    ...(deletion !== undefined && {
      deletion: { ...snakeKeys(deletion), ...(from !== undefined && { saves_from: from }) },
    }),
    ...(plan !== undefined && {
      bounds_hash: plan.hash,
      plan: [...plan.changes],
      approvers_needed: plan.needed,
    }),
  };
};

export const wastePageSchema = z
  .strictObject({
    items: z.array(wasteFindingJsonSchema).meta({ description: "The findings of this page." }),
    total: z
      .strictObject({
        findings: z.int().nonnegative().meta({ description: "How many match, on all pages." }),
        monthly_usd: z.number().nonnegative().meta({
          description: "What those cost whose price is known, each chain once.",
        }),
        unpriced: z.int().nonnegative().meta({
          description: "How many of them have no known price: they are in the sum with nothing.",
        }),
      })
      .exactOptional()
      .meta({ description: "Of all that match; with the first page alone." }),
    cursor: z
      .string()
      .exactOptional()
      .meta({ description: "To be passed for the next page; absent on the last one." }),
  })
  .meta({ id: "WasteFindingPage", description: "One page of findings." });

export const approveWasteSchema = z
  .strictObject({
    bounds_hash: z.string().min(1).max(128).meta({ description: "As the finding shows it." }),
    comment: z.string().trim().min(1).max(500).exactOptional().meta({ description: "Why." }),
  })
  .meta({ id: "ApproveWaste", description: "Agreement to delete it as its plan says." });

export const dismissSchema = z
  .strictObject({
    reason: z.string().trim().min(1).max(500).meta({ description: "Why it stays." }),
    until: timeField("Until when it stays. At most 400 days from now."),
  })
  .meta({
    id: "DismissWaste",
    description: "It stays until then, and its days begin anew after that.",
  });

const settingsFields = {
  enabled: z
    .boolean()
    .meta({ description: "Whether the account is scanned. Off until it is set." }),
  days: wasteSettingsSchema().shape.days.meta({
    description: `So many days something must look like waste, by kind. No fewer than: ${wasteKinds.map((kind) => `${kind} ${String(leastDays[kind])}`).join(", ")}; these count where nothing is said.`,
  }),
  snapshot_days: wasteSettingsSchema().shape.snapshotDays.meta({
    description:
      "So many days the snapshot is kept that is made before a volume is deleted. Absent: 30.",
  }),
  owner_tags: wasteSettingsSchema().shape.ownerTags.meta({
    description: `Keys of the tags that name an owner; the first that is there counts. Absent: ${usualOwnerTags.join(", ")}.`,
  }),
};

export const setWasteSettingsSchema = z
  .strictObject(settingsFields)
  .meta({ id: "SetWasteSettings", description: "Takes the place of what was set before." });

export const wasteSettingsJsonSchema = z
  .strictObject({ ...settingsFields, updated_at: timeField("When it was set.").exactOptional() })
  .meta({ id: "WasteSettings", description: "Of an account. Without `updated_at`: never set." });
