/** What becomes of an account that is off-boarded, and how far that is. */
import * as z from "../zod.ts";
import type { Account } from "../../../core/model/account.ts";
import type { OffBoarding } from "../../../core/model/off-boarding.ts";
import { snakeKeys } from "../letter-case.ts";
import type { OffBoardingTold } from "../off-boarding.ts";
import { accountIdField, regionField, timeField } from "./common.ts";

export const offBoardingQuery = z.strictObject({
  dry_run: z
    .enum(["true", "false"])
    .default("false")
    .meta({ description: "Tells what would be done, and does nothing.", example: "true" }),
  plan: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be the hash that the dry run has told")
    .exactOptional()
    .meta({ description: "`hash` of the dry run that is agreed to." }),
  end: z.string().max(20_000).exactOptional().meta({
    description:
      "Ids of `decisions` that are ended and not kept, with a comma between; the dry run must have been asked with the same. Each is still kept where something speaks for it, as the janitor looks.",
    example: "i-0a1b2c3d4e5f60718",
  }),
});

const rowFields = {
  region: regionField,
  kind: z.string().meta({ description: "As AWS names kinds of resources.", example: "instance" }),
  id: z.string().meta({ description: "As AWS names it.", example: "i-0a1b2c3d4e5f60718" }),
  sentence: z.string().meta({ description: "What it is, or what is put back." }),
};
const rows = (description: string) => z.array(z.strictObject(rowFields)).meta({ description });

export const offBoardingPlanSchema = z
  .strictObject({
    account_id: accountIdField,
    hash: z.string().meta({ description: "To be passed as `plan`: of all that is listed here." }),
    unread: z.string().exactOptional().meta({
      description:
        "Why nothing was read of the account: then its targets are forgotten, and all that stands there stays as it is, our tags too.",
    }),
    targets: z.array(z.string()).meta({ description: "Targets that are forgotten." }),
    stays: rows("It serves, or belongs to what serves: it loses our tags, and nothing else."),
    restored: rows("What is put back as its owner had it."),
    deleted: rows("What serves nobody, and holds nothing."),
    decisions: z
      .array(
        z.strictObject({
          ...rowFields,
          decision: z
            .enum(["KEEP", "END"])
            .meta({ description: "KEEP, unless `end` names it. What is kept loses our tags." }),
          may_end: z.boolean().meta({ description: "Whether `end` may name it." }),
        }),
      )
      .meta({ description: "Stopped originals, images, kept volumes and snapshots." }),
    untouched: rows("It carries our tags, and nothing shows that we made it."),
  })
  .meta({ id: "OffBoardingPlan", description: "What becomes of an account that is off-boarded." });
type OffBoardingPlanJson = z.infer<typeof offBoardingPlanSchema>;

export const offBoardingSchema = z
  .strictObject({
    account_id: accountIdField,
    plan: z.string().meta({ description: "Hash of the plan that was agreed to." }),
    by: z.string().meta({ description: "Who has agreed to it." }),
    at: timeField("When."),
    end: z.array(z.string()).meta({ description: "Ids of what is ended and not kept." }),
    is_reachable: z
      .boolean()
      .meta({ description: "False: nothing is done in the account, which could not be read." }),
    waits_for: z
      .array(z.string())
      .meta({ description: "What it waited for when it was worked on last, in sentences." }),
    worked_at: timeField("When that was. Absent: not yet.").exactOptional(),
  })
  .meta({ id: "OffBoarding", description: "An account on its way out." });
type OffBoardingJson = z.infer<typeof offBoardingSchema>;

export const offBoardingPlanJson = (
  { accountId }: Account,
  { hash, targets, plan, unread }: OffBoardingTold,
): OffBoardingPlanJson => ({
  account_id: accountId,
  hash,
  ...(unread === undefined ? {} : { unread }),
  targets: targets.map(({ targetId }) => targetId),
  ...snakeKeys(plan),
});

export const offBoardingJson = (offBoarding: OffBoarding): OffBoardingJson =>
  snakeKeys(offBoarding);
