/** What governance lists, and how a finding is exempted. */
import * as z from "../zod.ts";
import { withoutUndefined } from "../../../adapters/aws/without-undefined.ts";
import { governanceKinds, type GovernanceRow } from "../../../adapters/store/governance.ts";
import { findingIdOf, findingIdPattern } from "../../../core/enforce/finding-id.ts";
import { graceEndOf, readingsNeeded } from "../../../core/enforce/grace.ts";
import {
  findingStatuses,
  noticeKinds,
  stopEffects,
  stopVerdicts,
  type Finding,
} from "../../../core/model/enforcer.ts";
import {
  accountIdField,
  instanceIdField,
  pageOf,
  pageQuery,
  regionField,
  timeField,
} from "./common.ts";
import { unclaimedJson, unclaimedResourceSchema } from "./unclaimed.ts";

const findingIdField = z
  .string()
  .regex(findingIdPattern, "must be the id of a finding: gov-, account, region and instance")
  .meta({
    description: "Id of the finding: account, region and instance.",
    example: "gov-444455556666-eu-central-1-i-0a1b2c3d4e5f60718",
  });

export const findingParams = z.strictObject({ id: findingIdField });

const statusField = z.enum(findingStatuses).meta({
  description:
    "FLAGGED: its grace runs, or is over and nothing is done yet. EXEMPT: until its exemption ends. STOPPING: the stop is written down, and may have been ordered. STOPPED. TERMINATING, TERMINATED.",
});

export const governanceListQuery = z.strictObject({
  account_id: accountIdField.exactOptional(),
  region: regionField.exactOptional(),
  kind: z.enum(governanceKinds).exactOptional().meta({
    description:
      "UNOWNED_INSTANCE: flagged by the enforcer. UNCLAIMED_RESOURCE: carries our tags, and nothing claims it.",
  }),
  status: statusField.exactOptional(),
  ...pageQuery,
});

const noticeField = (description: string) =>
  z
    .strictObject({
      at: timeField("When SNS accepted it."),
      message_id: z.string().meta({ description: "By which SNS knows it." }),
    })
    .exactOptional()
    .meta({ description });

export const findingSchema = z
  .strictObject({
    finding_id: findingIdField,
    account_id: accountIdField,
    region: regionField,
    instance_id: instanceIdField,
    instance_type: z.string().meta({ description: "Its type.", example: "m5.large" }),
    image_id: z.string().meta({ description: "Its image.", example: "ami-0a1b2c3d4e5f60718" }),
    state: z.string().meta({ description: "As EC2 spelled it when it was last read." }),
    status: statusField,
    verdict: z.enum(stopVerdicts).meta({
      description:
        "What follows once the grace is over. STOP: it is stopped, within the day's cap. ASK: persons must agree. REPORT: it is not stopped, whoever agrees.",
    }),
    effects: z.array(z.enum(stopEffects)).meta({
      description: "What a stop would do besides, or what forbids it.",
    }),
    first_seen_at: timeField("When it was flagged first."),
    grace: z
      .strictObject({
        since: timeField("When this grace began at the earliest: it runs since the first notice."),
        ends_at: timeField("Not before then; and not before its readings are made."),
        readings: z.int().meta({ description: "Complete readings that showed it so." }),
        readings_needed: z
          .int()
          .meta({ description: "So many are needed, the last two in a row." }),
      })
      .meta({ description: "The clock of its grace." }),
    flag_notice: noticeField("That it was flagged."),
    warning: noticeField("That it is stopped in an hour."),
    done_notice: noticeField("That it was stopped, and how it is started again."),
    notice_failed: z
      .strictObject({
        kind: z.enum(noticeKinds).meta({ description: "Which one." }),
        at: timeField("When."),
        error: z.string().meta({ description: "What SNS said." }),
      })
      .exactOptional()
      .meta({ description: "A notice that is not accepted is a stop that is not made." }),
    exemption: z
      .strictObject({
        reason: z.string().meta({ description: "Why." }),
        until: timeField("Then a new full grace begins."),
        by: z.string().meta({ description: "Who has exempted it." }),
        at: timeField("When."),
      })
      .exactOptional()
      .meta({ description: "It is not stopped until then." }),
    stopped_at: timeField("When it was found stopped by us.").exactOptional(),
    missing_since: timeField(
      "EC2 has not shown it since then. A second complete reading takes it out of the list.",
    ).exactOptional(),
  })
  .meta({
    id: "UnownedInstance",
    description: "A running instance that nothing known to us owns.",
  });

const rowSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("UNOWNED_INSTANCE").meta({ description: "Flagged by the enforcer." }),
      finding: findingSchema,
    })
    .meta({ id: "GovernanceFinding", description: "A finding of the enforcer." }),
  z
    .strictObject({
      kind: z.literal("UNCLAIMED_RESOURCE").meta({ description: "Carries our tags." }),
      unclaimed: unclaimedResourceSchema,
    })
    .meta({ id: "GovernanceUnclaimed", description: "As `GET /unclaimed-resources` lists it." }),
]);

export const governancePageSchema = pageOf(rowSchema, "GovernancePage");

export const exemptSchema = z
  .strictObject({
    reason: z.string().trim().min(3).max(500).meta({
      description: "Why it may go on running; everybody who asks is shown it.",
      example: "Bastion of the network team, ticket 4711",
    }),
    until: timeField("At most 90 days from now."),
  })
  .meta({ id: "Exempt", description: "An exemption, which ends by itself." });

const notice = (sent: Finding["warning"]) =>
  sent === undefined ? undefined : { at: sent.at, message_id: sent.messageId };

export const findingJson = (finding: Finding): z.infer<typeof findingSchema> => ({
  finding_id: findingIdOf(finding),
  account_id: finding.accountId,
  region: finding.region,
  instance_id: finding.instanceId,
  instance_type: finding.instanceType,
  image_id: finding.imageId,
  state: finding.state,
  status: finding.status,
  verdict: finding.verdict,
  effects: [...finding.effects],
  first_seen_at: finding.firstSeenAt,
  grace: {
    since: finding.flaggedAt,
    ends_at: graceEndOf(finding),
    readings: finding.readings,
    readings_needed: readingsNeeded,
  },
  ...withoutUndefined({
    flag_notice: notice(finding.flagNotice),
    warning: notice(finding.warning),
    done_notice: notice(finding.doneNotice),
    notice_failed: finding.noticeFailed,
    exemption: finding.exemption,
    stopped_at: finding.stop?.stoppedAt,
    missing_since: finding.missingSince,
  }),
});

export const governanceJson = (row: GovernanceRow): z.infer<typeof rowSchema> =>
  row.kind === "UNOWNED_INSTANCE"
    ? { kind: row.kind, finding: findingJson(row.finding) }
    : { kind: row.kind, unclaimed: unclaimedJson(row.unclaimed) };
