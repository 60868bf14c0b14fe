/** Bodies of what is declared of a restored state table, and of what was found. */
import * as z from "../zod.ts";
import { restoredTargetStandings } from "../../../core/decide/restored-target.ts";
import { evaluationStatuses } from "../../../core/model/evaluation.ts";
import type { Restore } from "../../../core/model/restore.ts";
import { isListed } from "../../../core/model/unclaimed.ts";
import { snakeKeys } from "../letter-case.ts";
import type { Reconciliation } from "../reconciliation.ts";
import {
  accountIdField,
  evaluationIdField,
  regionField,
  targetIdField,
  timeField,
} from "./common.ts";

const reasonField = z.string().trim().min(3).max(500).meta({
  description: "Why, for those who read the audit trail.",
  example: "Restored to 09:00 after INC-4711",
});

export const declareRestoreSchema = z
  .strictObject({ reason: reasonField })
  .meta({ id: "DeclareRestore", description: "The table was restored to an earlier point." });

export const reconciledRestoreSchema = z
  .strictObject({
    reason: reasonField,
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "must be the hash of GET /restore")
      .meta({ description: "`hash` of the findings that were looked at." }),
  })
  .meta({ id: "ReconciledRestore", description: "What was found was looked at." });

export const restoreSchema = z
  .strictObject({
    restore_id: z.string().meta({
      description:
        "For a day an Idempotency-Key must begin with it: of any other nobody can tell whether it was used in what was lost.",
    }),
    epoch: z.int().meta({ description: "Every fence of a lease is larger from then on." }),
    at: timeField("When it was declared."),
    by: z.string().meta({ description: "Who has declared it." }),
    reason: z.string().meta({ description: "Why." }),
    reconciled: z
      .strictObject({
        at: timeField("When."),
        by: z.string().meta({ description: "Who." }),
        reason: z.string().meta({ description: "Why." }),
        hash: z.string().meta({ description: "Of what was looked at." }),
      })
      .exactOptional()
      .meta({ description: "Absent: nobody has looked yet, and the kill switch stays on." }),
  })
  .meta({ id: "Restore", description: "The last restore of the state table." });
type RestoreJson = z.infer<typeof restoreSchema>;

export const reconciliationSchema = z
  .strictObject({
    restore: restoreSchema,
    hash: z.string().meta({ description: "Of `targets` and `unclaimed`." }),
    has_its_settings: z.boolean().meta({
      description:
        "False: what a restore does not bring along (time to live, point-in-time recovery, deletion protection …) was not read back since. `npm run restore -- --table NAME --reason WHY --apply` sets it.",
    }),
    evaluations: z
      .array(
        z.strictObject({
          evaluation_id: evaluationIdField,
          target_id: targetIdField,
          status: z.enum(evaluationStatuses).meta({ description: "In the table." }),
          execution: z
            .enum(["RUNNING", "ENDED", "UNKNOWN"])
            .meta({ description: "What Step Functions says." }),
        }),
      )
      .meta({ description: "Open in the table. Each is rolled back or adopted by a person." }),
    targets: z
      .array(
        z.strictObject({
          target_id: targetIdField,
          account_id: accountIdField,
          region: regionField,
          instance_id: z.string().meta({ description: "In the table." }),
          standing: z.enum(restoredTargetStandings).meta({
            description:
              "ANOTHER_RUNS: an instance that was launched for it runs, and may be what serves. NOT_RUNNING, NOT_SHOWN: the table's is the only one, and does not run.",
          }),
          running: z.array(z.string()).meta({ description: "Others, which carry its tag." }),
          sentence: z.string().meta({ description: "What was found, and what to do next." }),
        }),
      )
      .meta({
        description:
          "Targets with an instance of their own that does not stand as the table has it. With ANOTHER_RUNS nothing goes on.",
      }),
    unread: z
      .array(z.strictObject({ account_id: accountIdField, region: regionField }))
      .meta({ description: "Places that were not read since, or can't be read." }),
    unclaimed: z
      .array(
        z.strictObject({
          account_id: accountIdField,
          region: regionField,
          kind: z.string().meta({ description: "As EC2 names kinds of resources." }),
          id: z.string().meta({ description: "As AWS names it." }),
          state: z.string().meta({ description: "As AWS spelled it." }),
          reason: z.string().meta({ description: "As in GET /unclaimed-resources." }),
          is_listed: z.boolean().meta({ description: "Old enough to be listed there." }),
        }),
      )
      .meta({
        description:
          "What carries our tags and no intent of the restored table claims. It may be what serves: nothing touches it.",
      }),
  })
  .meta({ id: "Reconciliation", description: "What does not agree with the world." });
type ReconciliationJson = z.infer<typeof reconciliationSchema>;

export const restoreJson = (restore: Restore): RestoreJson => snakeKeys(restore);

export const reconciliationJson = (found: Reconciliation): ReconciliationJson => ({
  restore: restoreJson(found.restore),
  hash: found.hash,
  has_its_settings: found.hasItsSettings,
  evaluations: found.evaluations.map(({ evaluation, execution }) => ({
    evaluation_id: evaluation.evaluationId,
    target_id: evaluation.targetId,
    status: evaluation.status,
    execution,
  })),
  targets: snakeKeys(found.targets),
  unread: found.unread.map(({ accountId, region }) => ({ account_id: accountId, region })),
  unclaimed: found.unclaimed.map((row) => ({
    account_id: row.accountId,
    region: row.region,
    kind: row.kind,
    id: row.id,
    state: row.state,
    reason: row.reason,
    is_listed: isListed(row),
  })),
});
