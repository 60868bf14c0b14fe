/** What carries our tags and nothing claims, as the list shows it. */
import * as z from "../zod.ts";
import { taggedKinds } from "../../../core/model/tagged-thing.ts";
import { unclaimedReasons, type Listed } from "../../../core/model/unclaimed.ts";
import { accountIdField, pageOf, pageQuery, regionField, timeField } from "./common.ts";

export const unclaimedListQuery = z.strictObject({
  account_id: accountIdField.exactOptional(),
  region: regionField.exactOptional(),
  ...pageQuery,
});

export const unclaimedResourceSchema = z
  .strictObject({
    account_id: accountIdField,
    region: regionField,
    kind: z.enum(taggedKinds).meta({
      description:
        "As EC2 names kinds of resources; `resource-group`: a group of capacity reservations.",
    }),
    id: z.string().meta({
      description: "As AWS names it; of a `resource-group` its name.",
      example: "vol-0a1b2c3d4e5f60718",
    }),
    state: z.string().meta({ description: "As AWS spelled it when it was last noted." }),
    reason: z.enum(unclaimedReasons).meta({
      description:
        "NO_EVALUATION: there is no evaluation of the id that stands in its tag; the table was restored, or the tag was written by hand. NO_INTENT: the evaluation is there and did not make it; somebody copied the tags. UNDONE: the evaluation made it and counts it as undone.",
    }),
    evaluation_id: z.string().exactOptional().meta({
      description:
        "What its tag `spot-optimizer:evaluation` says, whoever wrote it. Absent: it has no such tag.",
      example: "evl-01j9z0x3k4m5n6p7q8r9",
    }),
    instance_id: z.string().exactOptional().meta({
      description: "Instance that it is attached to, or was launched for.",
      example: "i-0a1b2c3d4e5f60718",
    }),
    made_at: timeField(
      "When it was made, an instance when it was last started. Absent where AWS does not say it.",
    ).exactOptional(),
    first_seen_at: timeField("When it was seen first."),
    listed_at: timeField("Since when it is in this list; it was told in the log then, once."),
    missing_since: timeField(
      "AWS has not shown it since then. A second complete reading takes it out of the list.",
    ).exactOptional(),
    monthly_usd: z.number().exactOptional().meta({
      description:
        "What it costs for 730 hours, USD, at the price that was known when it was listed or last changed its state: of a running instance and of reserved capacity. Absent: not known. Volumes and snapshots cost something too.",
    }),
  })
  .meta({
    id: "UnclaimedResource",
    description:
      "It carries the tags of this deployment, and nothing in the store claims it. It is left as it is.",
  });

export const unclaimedPageSchema = pageOf(unclaimedResourceSchema, "UnclaimedResourcePage");

export const unclaimedJson = (row: Listed): z.infer<typeof unclaimedResourceSchema> => ({
  account_id: row.accountId,
  region: row.region,
  kind: row.kind,
  id: row.id,
  state: row.state,
  reason: row.reason,
  ...(row.evaluationTag === undefined ? {} : { evaluation_id: row.evaluationTag }),
  ...(row.instanceId === undefined ? {} : { instance_id: row.instanceId }),
  ...(row.madeAt === undefined ? {} : { made_at: row.madeAt }),
  first_seen_at: row.firstSeenAt,
  listed_at: row.listedAt,
  ...(row.missingSince === undefined ? {} : { missing_since: row.missingSince }),
  ...(row.monthlyUsd === undefined ? {} : { monthly_usd: row.monthlyUsd }),
});
