/** What the owner of an account is told: a notice as it is told, and the one message that is made of all that tell of the same cause. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { accountIdSchema, evaluationIdSchema, targetIdSchema } from "./ids.ts";
import { regionSchema } from "./partition.ts";

export const noticeKinds = [
  "SWITCH_DONE",
  /** The load stands on On-Demand again. */
  "FALLBACK",
  "ROLLED_BACK",
  /** Neither done nor undone: repeated each hour until somebody acknowledges it, or it is resolved. */
  "NEEDS_OPERATOR",
  /** Refused or unreachable before anything was touched. */
  "DEGRADED",
  "APPROVAL_WANTED",
  /** EC2 takes what serves a target. */
  "INTERRUPTION",
  "WASTE_FOUND",
  "ENFORCEMENT",
  /** In an emergency the approvers were not waited for. */
  "GLASS_BROKEN",
  /** Somebody asked whether notices arrive. */
  "TEST",
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** By their names outside, which end in the unit: `downtime_seconds`, `monthly_savings_usd`. */
const figuresSchema = atFirstUse(() => z.record(z.string(), z.number()));

export const noticeSchema = atFirstUse(() =>
  z.strictObject({
    kind: z.enum(noticeKinds),
    accountId: accountIdSchema,
    region: regionSchema.exactOptional(),
    targetId: targetIdSchema.exactOptional(),
    evaluationId: evaluationIdSchema.exactOptional(),
    /** A code that stays the same: the reason, or the name of the error. */
    error: z.string(),
    /** What it is about, by its id: never a name or a tag, which anybody may write. */
    resource: z.string(),
    /** Which of all that share the cause: an instance of a pool, a target of a region. One that is not in the message's list yet is told at once. */
    member: z.string().exactOptional(),
    /** Another one than before is a change, which is told at once. Never a time, a price or a figure. */
    state: z.string().exactOptional(),
    sentence: z.string(),
    figures: figuresSchema(),
    nextStep: z.string(),
    /** Where more of it stands, below the base path of the API: `/evaluations/evl-…`. */
    path: z.string().startsWith("/"),
    at: z.iso.datetime(),
  }),
);
export type Notice = Readonly<z.infer<ReturnType<typeof noticeSchema>>>;

export const noticeChannels = ["SNS", "WEBHOOK", "EVENT_BUS"] as const;
export type NoticeChannel = (typeof noticeChannels)[number];

const sentSchema = atFirstUse(() =>
  z.strictObject({
    /** When it was accepted last, or passed over because nobody wants it there. Absent: never. */
    at: z.iso.datetime().exactOptional(),
    /** The message's `lastAt`, `state` and `joined` then. */
    lastAt: z.iso.datetime().exactOptional(),
    state: z.string().exactOptional(),
    joined: z.int().positive().exactOptional(),
    /** Nobody wanted it there: it was not sent. */
    isPassedOver: z.literal(true).exactOptional(),
    /** As the channel names what it has accepted. */
    messageId: z.string().exactOptional(),
    /** Tried since without success. */
    failing: z
      .strictObject({
        since: z.iso.datetime(),
        attempts: z.int().positive(),
        retryAt: z.iso.datetime(),
        error: z.string(),
      })
      .exactOptional(),
  }),
);
export type Sent = Readonly<z.infer<ReturnType<typeof sentSchema>>>;

export const noticeIdSchema = z
  .string()
  .regex(/^ntc-[0-9a-z]{20}$/, "must be the id of a notice such as ntc-01j9z0x3k4m5n6p7q8r9");

/** All that was told of one cause. */
export const messageSchema = atFirstUse(() =>
  z.strictObject({
    noticeId: noticeIdSchema,
    /** As it was told last. */
    latest: noticeSchema(),
    firstAt: z.iso.datetime(),
    lastAt: z.iso.datetime(),
    times: z.int().positive(),
    /** All that shared the cause within the day before it was told last, the last of them last. */
    members: z.array(z.strictObject({ name: z.string(), at: z.iso.datetime() })).exactOptional(),
    /** How often one was added to the list. */
    joined: z.int().positive().exactOptional(),
    /** Of the outbox, what was counted last: a run that died before it had deleted them does not count them twice. */
    counted: z.array(z.string()),
    /** A person knows: it is not repeated while its state stays as it was then, and nothing is added to its list. */
    acknowledged: z
      .strictObject({
        by: z.string(),
        at: z.iso.datetime(),
        state: z.string().exactOptional(),
        joined: z.int().positive().exactOptional(),
      })
      .exactOptional(),
    /** What it tells of has passed: it is not repeated until it is told again. */
    overAt: z.iso.datetime().exactOptional(),
    sent: z.strictObject({
      SNS: sentSchema().exactOptional(),
      WEBHOOK: sentSchema().exactOptional(),
      EVENT_BUS: sentSchema().exactOptional(),
    }),
  }),
);
export type Message = Readonly<z.infer<ReturnType<typeof messageSchema>>>;
