/** Bodies of notices, and of where an account's owner wants to be told. */
import * as z from "../zod.ts";
import { isIP } from "node:net";
import { isPublicAddress } from "../../../adapters/webhook/public-address.ts";
import { topicArnPattern } from "../../../core/model/enforcer.ts";
import type { AccountId } from "../../../core/model/ids.ts";
import {
  noticeChannels,
  noticeIdSchema,
  noticeKinds,
  type Message,
} from "../../../core/model/notice.ts";
import type { NoticeSettings } from "../../../core/model/notice-settings.ts";
import { alwaysTold } from "../../../core/notice/wanted.ts";
import { membersOf } from "../../../core/notice/members.ts";
import { isAcknowledged } from "../../../core/notice/repetition.ts";
import {
  accountIdField,
  evaluationIdField,
  pageOf,
  pageQuery,
  regionField,
  targetIdField,
  timeField,
} from "./common.ts";

const noticeIdField = noticeIdSchema.meta({
  description: "Id of the notice: the same for the same cause.",
  example: "ntc-01j9z0x3k4m5n6p7q8r9",
});

const kindField = z.enum(noticeKinds);
const settableKinds = noticeKinds.filter((kind) => !alwaysTold.includes(kind));

const kindsField = z
  .array(kindField)
  .max(noticeKinds.length)
  .default([...settableKinds])
  .meta({
    description:
      "What is told by topic and webhook. Default: all. TEST and GLASS_BROKEN are told in any case, and our event bus has all.",
    example: ["NEEDS_OPERATOR", "ROLLED_BACK", "APPROVAL_WANTED"],
  });

const topicField = z
  .string()
  .regex(topicArnPattern, "must be the ARN of an SNS topic whose name begins with spot-optimizer-")
  .exactOptional()
  .meta({
    description:
      "SNS topic in the account. Its name begins with `spot-optimizer-`: the part `notices` of the customer's role lets us publish to no other.",
    example: "arn:aws:sns:eu-central-1:444455556666:spot-optimizer-notices",
  });

/** What the name stands for is looked at with each message: this refuses only what can never be right. */
const isPublicHttps = (text: string): boolean => {
  const url = URL.parse(text);
  if (url?.protocol !== "https:") return false;
  if (url.username !== "" || url.password !== "" || url.hash !== "") return false;
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(host) === 0 ? host.includes(".") : isPublicAddress(host);
};

const urlField = z
  .string()
  .max(2048)
  .refine(
    isPublicHttps,
    "must be an https URL of a public host, without user, password and fragment",
  )
  .meta({
    description:
      "Each notice is sent there by POST. HTTPS alone, to public addresses alone; redirects are not followed.",
    example: "https://hooks.example.com/spot-optimizer",
  });

export const setNoticeSettingsSchema = z
  .strictObject({
    topic_arn: topicField,
    kinds: kindsField,
    webhook: z
      .strictObject({
        url: urlField,
        secret: z
          .string()
          .regex(/^[\x21-\x7e]{32,256}$/, "must be 32 to 256 visible ASCII characters")
          .exactOptional()
          .meta({
            description:
              "By which the webhook is signed (HMAC-SHA256). It is stored encrypted and never shown. Absent: the one that was set before.",
            writeOnly: true,
            example: "only-an-example-of-32-characters",
          }),
      })
      .exactOptional()
      .meta({ description: "Absent: none." }),
  })
  .meta({ id: "SetNoticeSettings", description: "Takes the place of what was set before." });

export const noticeSettingsJsonSchema = z
  .strictObject({
    account_id: accountIdField,
    topic_arn: topicField,
    kinds: z.array(kindField).meta({ description: "What is told by topic and webhook." }),
    webhook: z
      .strictObject({
        url: z.string().meta({ description: "Where each notice is sent by POST." }),
        secret_set_at: timeField("When its secret was set."),
      })
      .exactOptional()
      .meta({ description: "Absent: none." }),
    updated_at: timeField("When it was set. Absent: never, and nobody is told.").exactOptional(),
  })
  .meta({ id: "NoticeSettings", description: "Where the owner of an account is told." });

export const noticeSettingsJson = (
  accountId: AccountId,
  settings: NoticeSettings | undefined,
): z.infer<typeof noticeSettingsJsonSchema> => ({
  account_id: accountId,
  kinds: settings?.kinds ?? [],
  ...(settings?.topicArn !== undefined && { topic_arn: settings.topicArn }),
  ...(settings?.webhook !== undefined && {
    webhook: { url: settings.webhook.url, secret_set_at: settings.webhook.secretSetAt },
  }),
  ...(settings !== undefined && { updated_at: settings.updatedAt }),
});

const deliverySchema = z
  .strictObject({
    channel: z.enum(noticeChannels).meta({ description: "By which it is sent." }),
    taken_at: timeField("When it was taken last.").exactOptional(),
    passed_over_at: timeField(
      "When it was not sent, because nobody wants it there.",
    ).exactOptional(),
    message_id: z
      .string()
      .exactOptional()
      .meta({ description: "The channel's own id of it; a webhook gives none." }),
    failing: z
      .strictObject({
        since: timeField("Of the first failure."),
        attempts: z.int().meta({ description: "So often it was tried since." }),
        retry_at: timeField("When it is tried next."),
        error: z.string().meta({ description: "What the channel answered last." }),
      })
      .exactOptional()
      .meta({ description: "Absent: nothing is to be repeated." }),
  })
  .meta({ id: "NoticeDelivery", description: "What became of a notice on one channel." });

export const noticeJsonSchema = z
  .strictObject({
    notice_id: noticeIdField,
    kind: kindField.meta({ description: "What is told." }),
    account_id: accountIdField,
    region: regionField.exactOptional(),
    target_id: targetIdField.exactOptional(),
    evaluation_id: evaluationIdField.exactOptional(),
    error: z.string().meta({ description: "A stable code: the reason, or an error's name." }),
    resource: z.string().meta({ description: "What it is about." }),
    sentence: z.string().meta({ description: "What happened." }),
    figures: z
      .record(z.string(), z.number())
      .meta({ description: "By names that end in their unit." }),
    next_step: z.string().meta({ description: "What is to be done." }),
    members: z.array(z.string()).exactOptional().meta({
      description:
        "All that shared the cause within a day, the last first: instances of a pool, targets of a region. Absent: it is about one thing alone.",
    }),
    times: z.int().meta({ description: "How often it was told." }),
    first_at: timeField("When it was told first."),
    last_at: timeField("When it was told last."),
    acknowledged: z
      .strictObject({
        by: z.string().meta({ description: "Who knows of it." }),
        at: timeField("Since when."),
      })
      .exactOptional()
      .meta({
        description:
          "It is not repeated until it changes. Absent: nobody has, or it has changed since.",
      }),
    over_at: timeField("What it tells of has passed by then.").exactOptional(),
    deliveries: z
      .array(deliverySchema)
      .meta({ description: "One for each channel that was tried." }),
  })
  .meta({
    id: "Notice",
    description: "All that was told of one cause: account, kind, error, resource.",
  });

export const noticePageSchema = pageOf(noticeJsonSchema, "NoticePage");
export const noticeListQuery = z.strictObject({
  account_id: accountIdField.exactOptional(),
  ...pageQuery,
});
export const noticeParams = z.strictObject({ id: noticeIdField });

export const testedSchema = z
  .strictObject({ notice_id: noticeIdField })
  .meta({ id: "TestNotice", description: "A notice that is delivered within a minute or two." });

type NoticeJson = z.infer<typeof noticeJsonSchema>;

const deliveriesOf = ({ sent }: Message): NoticeJson["deliveries"] =>
  noticeChannels.flatMap((channel) => {
    const one = sent[channel];
    if (one === undefined) return [];
    const { at, isPassedOver = false, messageId, failing } = one;
    return [
      {
        channel,
        ...(at !== undefined && (isPassedOver ? { passed_over_at: at } : { taken_at: at })),
        ...(messageId !== undefined && { message_id: messageId }),
        ...(failing !== undefined && {
          failing: {
            since: failing.since,
            attempts: failing.attempts,
            retry_at: failing.retryAt,
            error: failing.error,
          },
        }),
      },
    ];
  });

export const noticeJson = (message: Message): NoticeJson => {
  const { noticeId, latest, times, firstAt, lastAt, acknowledged, overAt } = message;
  const { kind, accountId, region, targetId, evaluationId } = latest;
  const isKnown = acknowledged !== undefined && isAcknowledged(message);
  return {
    notice_id: noticeId,
    kind,
    account_id: accountId,
    ...(region !== undefined && { region }),
    ...(targetId !== undefined && { target_id: targetId }),
    ...(evaluationId !== undefined && { evaluation_id: evaluationId }),
    error: latest.error,
    resource: latest.resource,
    sentence: latest.sentence,
    figures: latest.figures,
    next_step: latest.nextStep,
    ...(message.members !== undefined && { members: [...membersOf(message)] }),
    times,
    first_at: firstAt,
    last_at: lastAt,
    ...(isKnown && { acknowledged: { by: acknowledged.by, at: acknowledged.at } }),
    ...(overAt !== undefined && { over_at: overAt }),
    deliveries: deliveriesOf(message),
  };
};
