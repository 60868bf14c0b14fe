/** Bodies of the account calls. */
import * as z from "../zod.ts";
import { environmentSchema, type Account } from "../../../core/model/account.ts";
import { concurrentSwitches } from "../../../core/decide/switch/concurrency.ts";
import type { ApprovalSettings } from "../../../core/model/approval-settings.ts";
import type { FindByTags } from "../../../core/model/find-by-tags.ts";
import type { OffBoarding } from "../../../core/model/off-boarding.ts";
import type { PlaceStanding } from "../../../core/model/place-standing.ts";
import type { Switching } from "../../../core/model/switching.ts";
import { snakeKeys } from "../letter-case.ts";
import {
  accountIdField,
  evaluationIdField,
  pageOf,
  pageQuery,
  regionField,
  servedRegionField,
  timeField,
} from "./common.ts";
import { offBoardingJson, offBoardingSchema } from "./off-boarding.ts";
import { tagFilterSchema } from "./tag-filter.ts";
import { approvalSettingsJsonSchema } from "./approval-settings.ts";
import { placeStandingJsonSchema } from "./place-standing.ts";

const nameField = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: "What people call the account.", example: "Payments lab" });

const environmentField = environmentSchema.meta({
  description: "LAB accounts may be experimented on; PROD ones only as their policies allow.",
  example: "LAB",
});

/** AWS has fewer than 40 regions; no account uses more. */
const regionsField = z
  .array(servedRegionField)
  .min(1)
  .max(40)
  .refine((regions) => new Set(regions).size === regions.length, "names a region twice")
  .meta({
    description:
      "Regions in which targets may be registered. One that must be enabled first must be so in the customer's account.",
    example: ["eu-central-1"],
  });

const instantField = (description: string, example: string) =>
  z.iso.datetime({ offset: true }).meta({
    description: `${description} ISO 8601, with Z or an offset.`,
    example,
  });

const freezesField = z
  .array(
    z
      .strictObject({
        from: instantField("Begin.", "2026-12-19T00:00:00+01:00"),
        until: instantField("End; not part of it.", "2027-01-04T00:00:00+01:00"),
        reason: z.string().trim().min(3).max(200).meta({
          description: "For those who read why nothing is switched.",
          example: "Christmas business",
        }),
      })
      // What is not a time is said of its own field.
      .refine(({ from, until }) => !(Date.parse(from) >= Date.parse(until)), {
        path: ["until"],
        message: "must be after from",
      }),
  )
  .max(50)
  .meta({
    description:
      "Times in which nothing is switched in the account, whatever the mode. Recovery and roll-back go on.",
  });

const maxConcurrentField = z.int().min(1).max(1000).meta({
  description:
    "How many switches may go on at a time in each region. Absent: 1 on the first day of switching there, then 5.",
  example: 5,
});

const maxExtraField = z.number().positive().max(100_000).meta({
  description:
    "USD per hour: what may run or be reserved in the account only while switches go on. Absent: no bound. Roll-back never asks.",
  example: 2.5,
});

export const createAccountSchema = z
  .strictObject({
    account_id: accountIdField,
    name: nameField,
    environment: environmentField,
    regions: regionsField,
  })
  .meta({ id: "CreateAccount", description: "A customer account to connect." });
export type CreateAccountJson = z.infer<typeof createAccountSchema>;

export const patchAccountSchema = z
  .strictObject({
    name: nameField.exactOptional(),
    environment: environmentField.exactOptional(),
    regions: regionsField.exactOptional(),
    status: z
      .enum(
        ["PENDING", "DISABLED"],
        "must be DISABLED, or PENDING to enable it again; ACTIVE comes from verify",
      )
      .exactOptional()
      .meta({
        description:
          "DISABLED: never evaluated. PENDING: enabled again, to be verified anew. ACTIVE is set by verify alone.",
      }),
    freezes: freezesField.exactOptional(),
    max_concurrent_switches: maxConcurrentField
      .nullable()
      .exactOptional()
      .meta({ description: "As in Account; null: the default again." }),
    max_extra_hourly_usd: maxExtraField
      .nullable()
      .exactOptional()
      .meta({ description: "As in Account; null: no bound." }),
  })
  .refine((change) => Object.keys(change).length > 0, "changes nothing")
  .meta({ id: "PatchAccount", description: "Fields to change; absent ones stay." });
export type PatchAccountJson = z.infer<typeof patchAccountSchema>;

const accountFields = {
  account_id: accountIdField,
  name: nameField,
  environment: environmentField,
  role_arn: z.string().meta({
    description: "The role that we assume there: fixed name, derived from the account id.",
    example: "arn:aws:iam::444455556666:role/SpotOptimizerRole",
  }),
  // Stored by an older version, one may lie in a partition that is not served.
  regions: z.array(regionField).meta({
    description: "Regions in which targets may be registered.",
    example: ["eu-central-1"],
  }),
  status: z.enum(["PENDING", "ACTIVE", "DISABLED"]).meta({
    description: "PENDING until verified once; DISABLED accounts are never evaluated.",
  }),
  freezes: freezesField.exactOptional(),
  max_concurrent_switches: maxConcurrentField.exactOptional(),
  max_extra_hourly_usd: maxExtraField.exactOptional(),
  permissions: z
    .strictObject({
      checked_at: timeField("When the role was verified last."),
      missing: z
        .array(
          z.strictObject({
            feature: z.string().meta({
              description: "Part of the role, or on-demand-fallback.",
              example: "linear",
            }),
            action: z.string().meta({ description: "IAM action.", example: "ec2:StopInstances" }),
            regions: z.array(regionField).meta({ description: "Where it was refused." }),
          }),
        )
        .meta({ description: "Refused by AWS: no switch that needs one is begun there." }),
    })
    .exactOptional()
    .meta({ description: "What the last verification found missing. Absent: none was made." }),
  created_at: timeField("When it was connected."),
  updated_at: timeField("When it was last changed."),
};

export const accountSchema = z
  .strictObject(accountFields)
  .meta({ id: "Account", description: "A connected customer account." });
export type AccountJson = z.infer<typeof accountSchema>;

export const createdAccountSchema = z
  .strictObject({
    ...accountFields,
    external_id: z.string().meta({
      description:
        "Generated by us, unique to this account, and shown here only. The role template holds it.",
    }),
  })
  .meta({ id: "CreatedAccount", description: "The account, with its ExternalId." });
export type CreatedAccountJson = z.infer<typeof createdAccountSchema>;

const switchingSchema = z
  .strictObject({
    running: z
      .array(
        z.strictObject({
          evaluation_id: evaluationIdField,
          region: regionField,
          since: timeField("Begin."),
          extra_hourly_usd: z
            .number()
            .meta({ description: "What runs or is reserved only while it goes on." }),
        }),
      )
      .meta({ description: "Switches that go on." }),
    pace: z
      .array(
        z.strictObject({
          region: regionField,
          running: z.int().meta({ description: "How many go on." }),
          at_most: z.int().meta({
            description:
              "How many may: `max_concurrent_switches`, else 1 on the first day of switching in the region and then 5.",
          }),
          since: timeField("First switch in the region. Absent: none was begun.").exactOptional(),
        }),
      )
      .meta({ description: "Region by region." }),
    halt: z
      .strictObject({
        at: timeField("Since then no switch begins."),
        error: z
          .string()
          .meta({ description: "Stable name of the error.", example: "BrokenQuota" }),
        evaluation_ids: z
          .array(evaluationIdField)
          .meta({ description: "Rolled back for it: one with a downtime, or two in an hour." }),
      })
      .exactOptional()
      .meta({ description: "Until PUT /accounts/{id}/switching. Absent: they may begin." }),
  })
  .meta({ id: "Switching", description: "Switches of the account, and whether others may begin." });

export const accountWithSwitchingSchema = z
  .strictObject({
    ...accountFields,
    switching: switchingSchema,
    places: z.array(placeStandingJsonSchema).meta({ description: "Regions that were swept." }),
    approvals: approvalSettingsJsonSchema.exactOptional(),
    off_boarding: offBoardingSchema
      .exactOptional()
      .meta({ description: "It is on its way out. Absent: it stays." }),
    find_by_tags: tagFilterSchema.exactOptional().meta({
      description: "Each sweep registers instances that have all of these, in shadow mode.",
    }),
  })
  .meta({ id: "AccountWithSwitching", description: "An account, and what goes on in it." });
type AccountWithSwitchingJson = z.infer<typeof accountWithSwitchingSchema>;

export const findByTagsSchema = z
  .strictObject({
    tags: tagFilterSchema.nullable().meta({
      description:
        "Each sweep registers instances that have all of these tags, value for value, or the groups that they belong to: always in shadow mode. Null: none is found from now on; what was found stays registered.",
      example: { "spot-optimizer:enrolled": "true" },
    }),
  })
  .meta({ id: "FindByTags", description: "By which tags targets are found." });

export const resetSwitchingSchema = z
  .strictObject({
    halted: z
      .literal(false, "must be false: only roll-backs halt an account; the kill switch stops it")
      .meta({ description: "Switches may begin again." }),
    reason: z.string().trim().min(3).max(500).meta({
      description: "What was seen to, for those who read the audit trail.",
      example: "Quota raised",
    }),
  })
  .meta({ id: "ResetSwitching", description: "Why switches may begin again." });

export const accountPageSchema = pageOf(accountSchema, "AccountPage");
export const accountListQuery = z.strictObject(pageQuery);

/** Without the ExternalId. */
export const accountJson = (account: Account): AccountJson => {
  const { externalId: _withheld, ...shown } = account;
  return snakeKeys(shown);
};

const paceJson = (account: Account, { running, beganAt }: Switching, at: string) =>
  account.regions.map((region) => {
    const since = beganAt[region];
    return {
      region,
      running: running.filter((one) => one.region === region).length,
      at_most: concurrentSwitches({ beganAt }, account, { region, at }),
      ...(since === undefined ? {} : { since }),
    };
  });

export const accountWithSwitchingJson = (
  account: Account,
  beside: {
    readonly switching: Switching;
    readonly found: FindByTags | undefined;
    readonly places: readonly PlaceStanding[];
    readonly approvals: ApprovalSettings | undefined;
    readonly offBoarding: OffBoarding | undefined;
  },
  now: Date,
): AccountWithSwitchingJson => {
  const { running, halt } = beside.switching;
  const tags = beside.found?.tags ?? {};
  return {
    ...accountJson(account),
    places: beside.places.map(({ accountId: _account, ...place }) => snakeKeys(place)),
    switching: {
      running: running.map(({ evaluationId, region, takenAt, extraHourlyUsd }) => ({
        evaluation_id: evaluationId,
        region,
        since: takenAt,
        extra_hourly_usd: extraHourlyUsd,
      })),
      pace: paceJson(account, beside.switching, now.toISOString()),
      ...(halt === undefined ? {} : { halt: snakeKeys(halt) }),
    },
    ...(beside.approvals === undefined ? {} : { approvals: snakeKeys(beside.approvals) }),
    ...(beside.offBoarding === undefined
      ? {}
      : { off_boarding: offBoardingJson(beside.offBoarding) }),
    ...(Object.keys(tags).length === 0 ? {} : { find_by_tags: tags }),
  };
};
